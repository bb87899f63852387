/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.ArmRequest;

/**
 * What the command line says.
 *
 * @param port the file to write the stream of events to
 * @param request the device to watch
 */
record GuestOptions(Path port, ArmRequest request) {

    private static final String PORT = "--port";
    private static final String DEVICE = "--device";
    private static final String DRAIN = "--drain";
    private static final String READ_BYTES = "--read-bytes";

    private static final String USAGE =
            PORT + " FILE " + DEVICE + " PATH [" + DRAIN + "] [" + READ_BYTES + " N]";

    static List<String> format(String port, ArmRequest request) {
        List<String> arguments = new ArrayList<>(List.of(PORT, port, DEVICE, request.device()));
        if (request.drain()) {
            arguments.addAll(List.of(DRAIN, READ_BYTES, Integer.toString(request.readBytes())));
        }
        return arguments;
    }

    static GuestOptions parse(List<String> arguments) throws KmodscopeException {
        Map<String, String> given = new HashMap<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            String value =
                    switch (name) {
                        case DRAIN -> "";
                        case PORT, DEVICE, READ_BYTES -> {
                            if (!rest.hasNext()) {
                                throw wrong(name + " has no value");
                            }
                            yield rest.next();
                        }
                        default -> throw wrong("\"" + name + "\" is not known");
                    };
            if (given.put(name, value) != null) {
                throw wrong(name + " is given twice");
            }
        }
        if (!given.containsKey(PORT) || !given.containsKey(DEVICE)) {
            throw wrong(PORT + " and " + DEVICE + " are needed");
        }
        try {
            return new GuestOptions(
                    Path.of(given.getOrDefault(PORT, "")),
                    new ArmRequest(
                            given.getOrDefault(DEVICE, ""),
                            given.containsKey(DRAIN),
                            Integer.parseInt(given.getOrDefault(READ_BYTES, "4096"))));
        } catch (NumberFormatException | InvalidPathException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static KmodscopeException wrong(String what) {
        return new KmodscopeException(
                Kind.USAGE, "The bridge was started wrongly: " + what + ".", "Use " + USAGE + ".");
    }
}
