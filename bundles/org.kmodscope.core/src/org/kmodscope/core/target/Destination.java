/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;

/**
 * Where to connect to, as users write it: {@code [USER@]HOST[:PORT]}, an IPv6 address in brackets
 * where a port follows.
 *
 * @param user who to be there; empty for what {@code ~/.ssh/config} says, or the user's name here
 * @param host a name, an address, or a {@code Host} of {@code ~/.ssh/config}
 * @param port empty for what {@code ~/.ssh/config} says, or 22
 */
public record Destination(Optional<String> user, String host, Optional<Integer> port) {

    private static final Pattern SYNTAX =
            Pattern.compile(
                    "(?:([A-Za-z0-9._][A-Za-z0-9._$-]*)@)?"
                            + "(?:\\[([0-9A-Fa-f:.%a-z]+)\\]|([A-Za-z0-9][A-Za-z0-9._-]*)"
                            + "|([0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*))"
                            + "(?::(\\d{1,5}))?");

    private static final int PORT_MAX = 65535;

    /**
     * Takes it apart.
     *
     * @throws KmodscopeException USAGE when it is no destination
     */
    public static Destination parse(String text) throws KmodscopeException {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        Optional<Integer> port = group(matcher, 5).map(Integer::valueOf);
        if (port.isPresent() && (port.get() < 1 || port.get() > PORT_MAX)) {
            throw wrong(text);
        }
        String host =
                group(matcher, 2).or(() -> group(matcher, 3)).orElseGet(() -> matcher.group(4));
        return new Destination(group(matcher, 1), host, port);
    }

    /** As users write it; {@link #parse} understands it. */
    @Override
    public String toString() {
        String name = host.contains(":") && port.isPresent() ? '[' + host + ']' : host;
        return user.map(one -> one + '@').orElse("")
                + name
                + port.map(number -> ":" + number).orElse("");
    }

    private static Optional<String> group(Matcher matcher, int number) {
        return Optional.ofNullable(matcher.group(number));
    }

    private static KmodscopeException wrong(String text) {
        return new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "\"" + text + "\" is no address of a board.",
                "Write [USER@]HOST[:PORT], such as root@192.168.7.2 or pi:2222.");
    }
}
