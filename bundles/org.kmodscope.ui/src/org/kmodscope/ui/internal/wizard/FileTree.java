/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.resource.LocalResourceManager;
import org.eclipse.jface.viewers.DelegatingStyledCellLabelProvider;
import org.eclipse.jface.viewers.DelegatingStyledCellLabelProvider.IStyledLabelProvider;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.viewers.ITreeContentProvider;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.jface.viewers.StyledString;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.ISharedImages;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.plugin.AbstractUIPlugin;
import org.kmodscope.core.driver.GeneratedTree;

/** A rendered tree as a viewer wants it: folders, files, and what is new or changed. */
final class FileTree implements ITreeContentProvider {

    /** What the viewer shows: a tree, and the one before the last choice. */
    record Input(GeneratedTree tree, GeneratedTree before) {}

    /** A file or folder by its path; folders end with a slash. */
    record Node(String path) {

        boolean folder() {
            return path.endsWith("/");
        }

        String name() {
            String bare = folder() ? path.substring(0, path.length() - 1) : path;
            return bare.substring(bare.lastIndexOf('/') + 1);
        }

        String parent() {
            String bare = folder() ? path.substring(0, path.length() - 1) : path;
            return bare.substring(0, bare.lastIndexOf('/') + 1);
        }
    }

    private Optional<Input> input = Optional.empty();

    static Node node(String path) {
        return new Node(path);
    }

    /** The selected file. */
    Optional<String> selected(IStructuredSelection selection) {
        return selection.getFirstElement() instanceof Node node && !node.folder()
                ? Optional.of(node.path())
                : Optional.empty();
    }

    @Override
    public Object[] getElements(@Nullable Object element) {
        input = element instanceof Input now ? Optional.of(now) : Optional.empty();
        return below("");
    }

    @Override
    public Object[] getChildren(@Nullable Object element) {
        return element instanceof Node node && node.folder() ? below(node.path()) : new Object[0];
    }

    @Override
    public @Nullable Object getParent(@Nullable Object element) {
        return element instanceof Node node && !node.parent().isEmpty()
                ? new Node(node.parent())
                : null;
    }

    @Override
    public boolean hasChildren(@Nullable Object element) {
        return element instanceof Node node && node.folder();
    }

    private Object[] below(String folder) {
        Set<Node> folders = new LinkedHashSet<>();
        Set<Node> files = new LinkedHashSet<>();
        for (String path : input.map(now -> now.tree().paths()).orElseGet(List::of)) {
            if (path.startsWith(folder)) {
                int slash = path.indexOf('/', folder.length());
                if (slash < 0) {
                    files.add(new Node(path));
                } else {
                    folders.add(new Node(path.substring(0, slash + 1)));
                }
            }
        }
        files.addAll(folders);
        return files.toArray();
    }

    /** Labels with icons; a file that the last choice brought has a +, one that it changed a ~. */
    DelegatingStyledCellLabelProvider labels(Control owner) {
        return new DelegatingStyledCellLabelProvider(new Labels(owner));
    }

    private final class Labels extends LabelProvider implements IStyledLabelProvider {

        private final LocalResourceManager images;

        Labels(Control owner) {
            images = new LocalResourceManager(JFaceResources.getResources(), owner);
        }

        @Override
        public StyledString getStyledText(@Nullable Object element) {
            if (!(element instanceof Node node)) {
                return new StyledString();
            }
            var text = new StyledString(node.name());
            input.filter(now -> !node.folder() && now.tree() != now.before())
                    .ifPresent(
                            now -> {
                                if (now.before().bytes(node.path()).isEmpty()) {
                                    text.append("  + new", StyledString.DECORATIONS_STYLER);
                                } else if (!Preview.same(now.tree(), now.before(), node.path())) {
                                    text.append("  ~ changed", StyledString.COUNTER_STYLER);
                                }
                            });
            return text;
        }

        @Override
        public @Nullable Image getImage(@Nullable Object element) {
            return element instanceof Node node ? images.get(icon(node)) : null;
        }

        private static ImageDescriptor icon(Node node) {
            var shared = PlatformUI.getWorkbench().getSharedImages();
            if (node.folder()) {
                return shared.getImageDescriptor(ISharedImages.IMG_OBJ_FOLDER);
            }
            if (node.path().endsWith(".c")) {
                return own("c-file");
            }
            return node.path().endsWith(".h")
                    ? own("h-file")
                    : shared.getImageDescriptor(ISharedImages.IMG_OBJ_FILE);
        }

        private static ImageDescriptor own(String name) {
            return AbstractUIPlugin.imageDescriptorFromPlugin(
                    "org.kmodscope.ui", "icons/" + name + ".svg");
        }
    }
}
