/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.target;

import java.nio.file.Path;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.Boards;
import org.kmodscope.core.target.TargetSpec;

/**
 * Targets as launch configurations name them: a lab by its kernel, all others as the command line's
 * {@code --target} does.
 */
public final class TargetName {

    private static final String LOCAL = "local";
    private static final String SSH = "ssh:";
    private static final String RECORDED = "recorded:";

    private TargetName() {}

    /** The name of a target. */
    public static String of(TargetSpec spec) {
        return switch (spec) {
            case TargetSpec.Qemu qemu -> qemu.kernelId();
            case TargetSpec.Uml uml -> uml.kernelId();
            case TargetSpec.Local local -> LOCAL;
            case TargetSpec.Ssh ssh -> SSH + ssh.board().name();
            case TargetSpec.Recorded recorded -> RECORDED + recorded.file();
        };
    }

    /**
     * The target of a name.
     *
     * @param boards those that are described now
     * @throws KmodscopeException USAGE when it names a board that is not among them
     */
    public static TargetSpec parse(String name, Boards boards) throws KmodscopeException {
        if (name.equals(LOCAL)) {
            return new TargetSpec.Local();
        }
        if (name.startsWith(RECORDED)) {
            return new TargetSpec.Recorded(Path.of(name.substring(RECORDED.length())), true);
        }
        if (name.startsWith(SSH)) {
            String wanted = name.substring(SSH.length());
            return boards.list().stream()
                    .filter(board -> board.name().equals(wanted))
                    .findFirst()
                    .map(TargetSpec.Ssh::new)
                    .orElseThrow(
                            () ->
                                    new KmodscopeException(
                                            Kind.USAGE,
                                            "There is no board " + wanted + ".",
                                            "Add it on the preference page Linux Drivers > Boards,"
                                                    + " or choose another target."));
        }
        return TargetSpec.lab(name, false);
    }
}
