/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.record.RecordingTarget;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.TargetSpec;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a driver has to run: the options that probe and watch share. */
final class LabOptions {

    private static final String SSH = "ssh:";
    private static final String RECORDED = "recorded:";

    @Option(
            names = "--kernel",
            paramLabel = "ID",
            description =
                    "A kernel of `kmodscope kernels`; default "
                            + KernelStore.DEFAULT_ID
                            + ", in the debug lab "
                            + TargetSpec.Uml.KERNEL_ID
                            + ", on this machine its own.")
    private Optional<String> kernel = Optional.empty();

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            defaultValue = "qemu",
            description =
                    "qemu (default), uml (the debug lab), local (this machine's own kernel: see"
                            + " `kmodscope local --help`), ssh:[USER@]HOST[:PORT] or ssh:BOARD (a"
                            + " board, with --kernel), recorded:FILE (what --record made).")
    private String target = "qemu";

    @Option(names = "--smp", paramLabel = "N", description = "Processors of a QEMU lab; default 2.")
    private Optional<Integer> processors = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "Memory of a QEMU lab in MiB; default 512.")
    private Optional<Integer> memory = Optional.empty();

    @Option(
            names = "--retry-kvm",
            description =
                    "Forget for which kernels KVM did not work on this machine; each is tried"
                            + " again.")
    private boolean retryKvm;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "Also record the session in this file: commands, answers, events, kernel log;"
                            + " to be replayed by --target recorded:FILE.")
    private Optional<Path> record = Optional.empty();

    @Option(
            names = "--fast",
            description = "Replay a recording as fast as possible, not in the time it took.")
    private boolean fast;

    @Mixin private BoardOptions board = new BoardOptions();

    @Option(
            names = "--module",
            paramLabel = "FILE",
            description = "Load this module, which was built before, instead of building one.")
    private Optional<Path> module = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "With --target local: load what no lab run has passed without asking.")
    private boolean yes;

    /** The board, once {@link #check} has found it described. */
    private Optional<Board> found = Optional.empty();

    /** The kernel's name. */
    String kernel() {
        if (target.startsWith(RECORDED)) {
            return "recorded";
        }
        return kernel.or(() -> found.flatMap(Board::kernel))
                .orElse(
                        switch (target) {
                            case "uml" -> TargetSpec.Uml.KERNEL_ID;
                            case "local" -> TargetSpec.Local.KERNEL_ID;
                            default -> KernelStore.DEFAULT_ID;
                        });
    }

    /** The kernel as it is to be built for: a board may say for which kind of processor. */
    Kernel forTarget(Kernel chosen) {
        return found.flatMap(Board::cross).map(chosen::withCross).orElse(chosen);
    }

    /** The module to load, where it need not be built. */
    Optional<Path> module() {
        return module;
    }

    /** Whether what is risky is done without asking. */
    boolean yes() {
        return yes;
    }

    /** What to open, with the bridge in it or without. Call {@link #check} before. */
    TargetSpec spec(boolean bridge) throws KmodscopeException {
        if (found.isPresent()) {
            return new TargetSpec.Ssh(found.get());
        }
        if (target.startsWith(RECORDED)) {
            return new TargetSpec.Recorded(Path.of(target.substring(RECORDED.length())), !fast);
        }
        return switch (target) {
            case "uml" -> new TargetSpec.Uml(kernel(), bridge);
            case "local" -> new TargetSpec.Local();
            default -> new TargetSpec.Qemu(kernel(), bridge, size());
        };
    }

    /** A debug run is of the debug lab, which need not be said. */
    void debug() {
        if (target.equals("qemu") && kernel.isEmpty()) {
            target = "uml";
        }
    }

    /** Makes the machine forget what KVM could not do, when that was asked for. */
    void retry(KvmTrials trials) throws KmodscopeException {
        if (retryKvm) {
            trials.forget();
        }
    }

    /** Refuses targets that are not there, and what does not go together. */
    void check(Parts.BoardSupply boards) throws KmodscopeException {
        if (!target.startsWith(SSH)) {
            board.refuse();
        }
        switch (target) {
            case "qemu" -> size();
            case "uml" -> checkUml();
            case "local" -> checkLocal();
            default -> {
                if (target.startsWith(SSH)) {
                    found = Optional.of(board(boards));
                    return;
                }
                if (target.startsWith(RECORDED)) {
                    checkRecorded();
                    return;
                }
                throw new KmodscopeException(
                        Kind.USAGE,
                        "There is no target " + target + ".",
                        "Leave --target out, or say --target qemu, uml, local or ssh:HOST.");
            }
        }
    }

    private Board board(Parts.BoardSupply boards) throws KmodscopeException {
        Board chosen = board.applyTo(boards.get().named(target.substring(SSH.length())));
        if (processors.isPresent() || memory.isPresent()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The board " + chosen.name() + " is of the size it is.",
                    "Leave --smp and --memory out.");
        }
        if (kernel.isEmpty() && chosen.kernel().isEmpty()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Which kernel runs on " + chosen.name() + " has to be known to build for it.",
                    "Say --kernel ID or --kernel DIRECTORY (its build directory), or put"
                            + " \"kernel\" for the board into boards.json.");
        }
        return chosen;
    }

    /** Runs it with a tool whose sessions are recorded, if that was asked for. */
    <T> T recording(Tool tool, Recorded<T> body) throws KmodscopeException, InterruptedException {
        if (record.isEmpty()) {
            return body.run(tool);
        }
        OutputFile.check(record.get());
        try (RecordingTarget target = RecordingTarget.create(tool.parts().target(), record.get())) {
            return body.run(tool.with(target));
        }
    }

    private void checkRecorded() throws KmodscopeException {
        if (record.isPresent() || kernel.isPresent()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "A recording has its own kernel, and is not recorded again.",
                    "Leave --kernel and --record out.");
        }
    }

    private MachineSize size() throws KmodscopeException {
        return MachineSize.of(
                processors.orElse(MachineSize.DEFAULT.processors()),
                memory.orElse(MachineSize.DEFAULT.memoryMib()));
    }

    private void checkUml() throws KmodscopeException {
        if (!kernel().equals(TargetSpec.Uml.KERNEL_ID)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The kernel " + kernel() + " is not for user-mode Linux.",
                    "Leave --kernel out: the debug lab has a kernel of its own.");
        }
        checkNoSize("The debug lab has one processor and memory enough.");
    }

    private void checkLocal() throws KmodscopeException {
        if (!kernel().equals(TargetSpec.Local.KERNEL_ID)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The kernel " + kernel() + " is not the one that runs on this machine.",
                    "Leave --kernel out with --target local.");
        }
        checkNoSize("This machine has the processors and the memory that it has.");
    }

    private void checkNoSize(String why) throws KmodscopeException {
        if (processors.isPresent() || memory.isPresent()) {
            throw new KmodscopeException(
                    Kind.USAGE, why, "Leave --smp and --memory out, or use --target qemu.");
        }
    }

    /** What a command does with a lab. */
    @FunctionalInterface
    interface Recorded<T> {

        T run(Tool tool) throws KmodscopeException, InterruptedException;
    }
}
