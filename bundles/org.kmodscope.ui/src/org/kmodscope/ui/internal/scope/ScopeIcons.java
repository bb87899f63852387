/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.ResourceLocator;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Display;

/** The icons of one view, by their path in the bundle; made when first asked for. */
final class ScopeIcons implements AutoCloseable {

    private static final String BUNDLE = "org.kmodscope.ui";

    private final Display display;
    private final Map<String, Image> images = new HashMap<>();

    ScopeIcons(Display display) {
        this.display = display;
    }

    /** What an icon is made of. */
    static ImageDescriptor descriptor(String path) {
        return ResourceLocator.imageDescriptorFromBundle(BUNDLE, path)
                .orElseGet(ImageDescriptor::getMissingImageDescriptor);
    }

    /** The icon; owned by this object. */
    Image get(String path) {
        return images.computeIfAbsent(path, p -> descriptor(p).createImage(true, display));
    }

    @Override
    public void close() {
        images.values().forEach(Image::dispose);
        images.clear();
    }
}
