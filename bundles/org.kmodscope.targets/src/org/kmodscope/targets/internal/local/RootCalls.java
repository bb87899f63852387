/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.KernelLogLine;

/**
 * Gives orders to the helper (agent/helper.c), each a process of its own, and reads its answers.
 */
final class RootCalls {

    // agent/helper.h
    private static final int EXIT_RULES = 64;
    private static final int EXIT_REFUSED = 65;
    private static final int EXIT_MACHINE = 66;

    private static final Pattern REFUSED = Pattern.compile("(?m)^refused ([0-9]{1,4}) (.*)$");
    private static final Pattern LOG =
            Pattern.compile("log ([0-7]) ([0-9]{1,18}) ([0-9]{1,15}) (.*)");
    private static final Pattern DEVICE = Pattern.compile("device (/dev/.+)");

    private final RootWay way;

    RootCalls(RootWay way) {
        this.way = way;
    }

    /** What came of an order. */
    sealed interface Answer {

        /** What the kernel said meanwhile. */
        List<KernelLogLine> log();

        /**
         * It was done.
         *
         * @param devices the nodes that belong to the caller now
         */
        record Done(List<KernelLogLine> log, List<String> devices) implements Answer {}

        /** The kernel refused. */
        record Refused(List<KernelLogLine> log, int errno, String meaning) implements Answer {}
    }

    /**
     * Has the helper carry out an order; the user may be asked for a password, for as long as that
     * takes.
     *
     * @throws KmodscopeException FAILED when the right was not given, or the order breaks a rule of
     *     the helper's
     */
    Answer order(String... words) throws KmodscopeException, InterruptedException {
        Captured done = command(words).capture(new NullProgressMonitor());
        List<KernelLogLine> log = new ArrayList<>();
        List<String> devices = new ArrayList<>();
        for (String line : done.out().lines().toList()) {
            logLine(line).ifPresent(log::add);
            Matcher device = DEVICE.matcher(line);
            if (device.matches()) {
                devices.add(device.group(1));
            }
        }
        return switch (done.exit()) {
            case 0 -> new Answer.Done(log, devices);
            case EXIT_REFUSED -> refused(log, done);
            case EXIT_RULES, EXIT_MACHINE ->
                    throw new KmodscopeException(
                            Kind.FAILED,
                            "The helper that becomes root did not do it. " + done.words(),
                            "Correct what it complains of.");
            default -> throw way.denied(done.exit(), done.err());
        };
    }

    /** The command of an order, for whoever has to keep it running. */
    HostCommand command(String... words) {
        HostCommand command = HostCommand.of(way.command(List.of(words)));
        // Root that came by sudo is root: the helper would take it for the user before.
        return way.by().isEmpty() ? command.without("SUDO_UID", "PKEXEC_UID") : command;
    }

    private static Answer refused(List<KernelLogLine> log, Captured done)
            throws KmodscopeException {
        Matcher words = REFUSED.matcher(done.err());
        if (!words.find()) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The kernel refused, and the helper did not say why: " + done.words(),
                    "Install the helper of this kmodscope again: kmodscope local --install");
        }
        return new Answer.Refused(log, Integer.parseInt(words.group(1)), words.group(2));
    }

    /** A line of the kernel's log, as the helper prints them. */
    static Optional<KernelLogLine> logLine(String line) {
        Matcher words = LOG.matcher(line);
        return words.matches()
                ? Optional.of(
                        new KernelLogLine(
                                Integer.parseInt(words.group(1)),
                                Long.parseLong(words.group(2)),
                                Long.parseLong(words.group(3)) * 1_000,
                                words.group(4)))
                : Optional.empty();
    }
}
