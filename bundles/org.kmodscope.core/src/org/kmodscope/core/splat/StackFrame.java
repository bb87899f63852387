/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.splat;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a kernel function, as the kernel prints it with {@code %pS}.
 *
 * @param function its name
 * @param offset bytes from its start; of a caller, this is where the call returns to
 * @param size bytes of the function
 * @param module the module it is in; empty for the kernel itself
 * @param certain false where the kernel prints a question mark: an address that lay on the stack
 */
public record StackFrame(
        String function, long offset, long size, Optional<String> module, boolean certain) {

    private static final Pattern FRAME =
            Pattern.compile(
                    "(\\? )?([A-Za-z_][\\w.$]*)\\+0x([0-9a-f]{1,8})/0x([0-9a-f]{1,8})"
                            + "(?: \\[(\\w+)(?: [^\\]]*)?\\])?");

    /** The first place that a line names. */
    static Optional<StackFrame> find(String line) {
        Matcher matcher = FRAME.matcher(line);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(
                new StackFrame(
                        matcher.group(2),
                        Long.parseLong(matcher.group(3), 16),
                        Long.parseLong(matcher.group(4), 16),
                        Optional.ofNullable(matcher.group(5)),
                        matcher.group(1) == null));
    }

    /** Whether it says anything: the address of a whole function on the stack is no call of it. */
    boolean means() {
        return certain || offset != 0;
    }

    /** Whether it is in a module. */
    public boolean in(String name) {
        return module.filter(name::equals).isPresent();
    }

    @Override
    public String toString() {
        return function
                + "+0x"
                + Long.toHexString(offset)
                + module.map(m -> " [" + m + "]").orElse("");
    }
}
