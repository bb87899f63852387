/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * The packages of one kernel. Since 6.17 Debian has spread over several what two used to hold.
 *
 * @param release what {@code uname -r} prints on it
 * @param headers the package for modules to be built against
 * @param all these and the headers: image, modules, common headers, scripts
 */
record KernelPackages(String release, DebianPackage headers, List<DebianPackage> all) {

    private static final String IMAGE = "linux-image-";

    /** Packages of the kernel itself, unlike linux-base or linux-compiler-gcc-12-x86. */
    private static final Pattern PART =
            Pattern.compile("linux-(?:headers|kbuild|base|binary|modules)-\\d.*");

    /**
     * Looks for the newest kernel of a series in what apt just listed: image and headers of the
     * very same version, and what both need of the kernel's own packages.
     *
     * @return empty when there is none of the series
     * @throws KmodscopeException MISSING when a package of the kernel is not in the archive
     */
    static Optional<KernelPackages> find(
            AptRoot apt, DebianRelease release, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, 4);
        List<String> names = release.images(apt.names(release.imagePrefix(), progress.split(1)));
        List<DebianPackage> images = apt.known(names, progress.split(1));
        if (images.isEmpty()) {
            return Optional.empty();
        }
        DebianPackage image = images.getFirst();
        String headersName = image.name().replaceFirst(IMAGE, "linux-headers-");
        DebianPackage headers =
                apt.show(List.of(headersName + "=" + image.version()), progress.split(1))
                        .getFirst();
        Set<String> parts = new LinkedHashSet<>();
        addParts(headers, parts);
        if (parts.size() < 2) {
            throw unexpected(headers, "common headers and kbuild");
        }
        addParts(image, parts);
        List<DebianPackage> all = new ArrayList<>(List.of(image, headers));
        all.addAll(apt.show(List.copyOf(parts), progress.split(1)));
        return Optional.of(
                new KernelPackages(
                        image.name().substring(IMAGE.length()), headers, List.copyOf(all)));
    }

    /** The package of scripts and programs that headers are used with. */
    DebianPackage kbuild() {
        return all.stream()
                .filter(each -> each.name().startsWith("linux-kbuild-"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no kbuild among " + all));
    }

    private static void addParts(DebianPackage of, Set<String> parts) {
        for (DebianPackage.Dependency each : of.depends()) {
            if (PART.matcher(each.name()).matches()) {
                parts.add(
                        each.version().isEmpty()
                                ? each.name()
                                : each.name() + "=" + each.version());
            }
        }
    }

    /** That a package is not made as it always was. */
    static KmodscopeException unexpected(DebianPackage of, String what) {
        return new KmodscopeException(
                Kind.MISSING,
                "The Debian package "
                        + of.exact()
                        + " does not depend on "
                        + what
                        + " as it always did.",
                "Report this; use another kernel meanwhile.");
    }
}
