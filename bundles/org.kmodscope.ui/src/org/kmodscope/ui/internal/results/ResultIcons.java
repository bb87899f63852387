/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.resource.LocalResourceManager;
import org.eclipse.jface.resource.ResourceLocator;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Control;
import org.kmodscope.core.matrix.MatrixVerdict;
import org.kmodscope.ide.results.ResultKind;

/** Icons of results, which differ in shape, not in colour alone; they live as long as a control. */
final class ResultIcons {

    private final LocalResourceManager images;

    ResultIcons(Control owner) {
        images = new LocalResourceManager(JFaceResources.getResources(), owner);
    }

    /** What an icon of the bundle is made of. */
    static ImageDescriptor descriptor(String name) {
        return ResourceLocator.imageDescriptorFromBundle(
                        "org.kmodscope.ui", "icons/" + name + ".svg")
                .orElseGet(ImageDescriptor::getMissingImageDescriptor);
    }

    /** An icon of the bundle. */
    Image get(String name) {
        return images.create(descriptor(name));
    }

    /** How a test ended. */
    Image of(ResultKind kind) {
        return get(
                switch (kind) {
                    case PASSED -> "result-passed";
                    case FAILED -> "result-failed";
                    case ERROR -> "result-error";
                    case EXPECTED -> "result-expected";
                    case SKIPPED -> "result-skipped";
                });
    }

    /** How a step of a matrix ended. */
    Image of(MatrixVerdict verdict) {
        return of(ResultTools.kind(verdict));
    }
}
