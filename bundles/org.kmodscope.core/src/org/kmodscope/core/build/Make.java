/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.HostCommand;

/** The make that builds a module, as a command. */
final class Make {

    /** What would change a build behind its back, if the user's shell happens to have it. */
    private static final String[] FOREIGN = {
        "ARCH",
        "CROSS_COMPILE",
        "KCFLAGS",
        "KAFLAGS",
        "KCPPFLAGS",
        "MAKEFLAGS",
        "MFLAGS",
        "GNUMAKEFLAGS",
        "MAKELEVEL",
        "MAKEFILES",
        "KBUILD_OUTPUT",
        "KBUILD_EXTMOD",
        "KBUILD_VERBOSE",
        "KBUILD_EXTRA_WARN",
        "KBUILD_EXTRA_SYMBOLS",
        "KBUILD_MODPOST_WARN",
        "KBUILD_CFLAGS",
        "LLVM",
        "LLVM_IAS",
        "GCC_COLORS",
        "DEBIAN_KERNEL_USE_CCACHE"
    };

    private Make() {}

    /**
     * Builds modules, or has something done besides.
     *
     * @param more further assignments of make's
     */
    static HostCommand modules(BuildRequest request, BuildPlace place, String... more) {
        List<String> argv = new ArrayList<>();
        argv.add("make");
        argv.add("--no-print-directory");
        // Keeps the messages of one compilation together.
        argv.add("--output-sync=target");
        argv.add("-j" + Runtime.getRuntime().availableProcessors());
        argv.add("-C");
        argv.add(request.kernel().headers().toString());
        argv.add("M=" + place.sources());
        argv.add("W=1");
        argv.add("CC=" + place.compiler());
        request.kernel()
                .cross()
                .ifPresent(
                        cross -> {
                            argv.add("ARCH=" + cross.arch());
                            argv.add("CROSS_COMPILE=" + cross.prefix());
                        });
        // Type information for BPF needs pahole and the kernel's own vmlinux, and no one reads it.
        argv.add("CONFIG_DEBUG_INFO_BTF_MODULES=");
        if (request.debugInfo()) {
            argv.add("KCFLAGS=-g");
        }
        argv.addAll(List.of(more));
        argv.add("modules");
        return place.room()
                .map(room -> room.command(argv))
                .orElseGet(() -> HostCommand.of(argv).in(place.directory()).providedBy("make"))
                .without(FOREIGN)
                .merged();
    }

    /** Changes whenever something else than the sources does that decides what comes out. */
    static String options(BuildRequest request, BuildPlace place) {
        Kernel kernel = request.kernel();
        return Sha256.of(
                kernel.release(),
                kernel.headers().toString(),
                kernel.toolchain().map(tools -> tools.root().toString()).orElse(""),
                place.compiler(),
                kernel.cross().map(CrossBuild::toString).orElse(""),
                Boolean.toString(request.debugInfo()));
    }
}
