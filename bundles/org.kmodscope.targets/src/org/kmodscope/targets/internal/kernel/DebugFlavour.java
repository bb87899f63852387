/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.target.TargetSpec;

/** The kinds of debug kernels, and what differs between them. */
public enum DebugFlavour {
    /** A program of this machine: starts in a second, has one processor. */
    UML(
            TargetSpec.Uml.KERNEL_ID,
            "user-mode Linux",
            "10 to 25 min",
            "um",
            "linux",
            Path.of("linux"),
            List.of("arch/um", "arch/x86"),
            List.of("arch/um/include", "arch/x86/include"),
            1_060,
            List.of("uml-debug.config", "uml.config")),

    /** Boots in QEMU: takes half a minute there, has several processors. */
    QEMU(
            TargetSpec.Qemu.DEBUG_KERNEL_ID,
            "Linux with several processors",
            "20 to 40 min",
            "x86_64",
            "bzImage",
            Path.of("arch/x86/boot/bzImage"),
            List.of("arch/x86"),
            // Modules are looked through by objtool when they are built; the lab asks what is
            // built in.
            List.of("arch/x86/include", "tools/objtool/objtool", "modules.builtin"),
            1_770,
            List.of("uml-debug.config", "qemu-debug.config"));

    private final String id;
    private final String title;
    private final String duration;
    private final String architecture;
    private final String goal;
    private final Path image;
    private final List<String> headersOfSource;
    private final List<String> headersOfObjects;
    private final int steps;
    private final List<String> configurations;

    DebugFlavour(
            String id,
            String title,
            String duration,
            String architecture,
            String goal,
            Path image,
            List<String> headersOfSource,
            List<String> headersOfObjects,
            int steps,
            List<String> configurations) {
        this.id = id;
        this.title = title;
        this.duration = duration;
        this.architecture = architecture;
        this.goal = goal;
        this.image = image;
        this.headersOfSource = headersOfSource;
        this.headersOfObjects = headersOfObjects;
        this.steps = steps;
        this.configurations = configurations;
    }

    /** The name users type. */
    public String id() {
        return id;
    }

    /** What it is, for people. */
    String title() {
        return title;
    }

    /** How long it takes to build, for people. */
    String duration() {
        return duration;
    }

    /** As make's {@code ARCH=}. */
    String architecture() {
        return architecture;
    }

    /** What make is asked for, beside the modules. */
    String goal() {
        return goal;
    }

    /** What boots, below the objects. */
    Path image() {
        return image;
    }

    /** What modules are built against, of the source, beside what all architectures need. */
    List<String> headersOfSource() {
        return headersOfSource;
    }

    /** The same of the objects. */
    List<String> headersOfObjects() {
        return headersOfObjects;
    }

    /**
     * The steps that make prints, about. Where it is another number, the percentage is a little
     * wrong and nothing else.
     */
    int steps() {
        return steps;
    }

    /** Where the lab finds what is built in; the kernel that is a program has nothing to load. */
    Optional<Path> modules(Path headers) {
        return this == UML ? Optional.empty() : Optional.of(headers);
    }

    /**
     * Its configuration, as {@code make allnoconfig} takes it: what a later line says of an option
     * counts. The second kind has what the first has, and says where it differs.
     */
    byte[] configuration() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String each : configurations) {
            all.writeBytes(resource(each));
        }
        return all.toByteArray();
    }

    /** A file that this program brings along for its debug kernels. */
    static byte[] resource(String name) throws IOException {
        try (InputStream in = DebugFlavour.class.getResourceAsStream("/debug/" + name)) {
            if (in == null) {
                throw new IOException(name + " is not in this program");
            }
            return in.readAllBytes();
        }
    }
}
