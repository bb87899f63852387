/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;

/**
 * What the command line says.
 *
 * @param port the file to write the stream of events to
 * @param request the device to watch, and how
 */
record GuestOptions(Path port, ArmRequest request) {

    private static final String PORT = "--port";
    private static final String DEVICE = "--device";
    private static final String IO = "--io";
    private static final String DRAIN = "--drain";
    private static final String WRITE = "--write";
    private static final String DEPTH = "--depth";
    private static final String BYTES = "--bytes";
    private static final String TURN = "--turn";

    private static final String USAGE =
            PORT
                    + " FILE "
                    + DEVICE
                    + " PATH ["
                    + IO
                    + " "
                    + String.join("|", IoModel.WORDS)
                    + "] ["
                    + DRAIN
                    + "] ["
                    + WRITE
                    + "] ["
                    + DEPTH
                    + " N] ["
                    + BYTES
                    + " N] ["
                    + TURN
                    + " MILLISECONDS, for several models, separated by commas]";

    static List<String> format(String port, ArmRequest request) {
        IoModel model = request.model();
        List<String> arguments =
                new ArrayList<>(List.of(PORT, port, DEVICE, request.device(), IO, model.word()));
        switch (model) {
            case IoModel.Signals signals -> {
                add(arguments, BYTES, signals.bytes());
                if (signals.drain()) {
                    arguments.add(DRAIN);
                }
            }
            case IoModel.Queued queued -> {
                add(arguments, BYTES, queued.bytes());
                add(arguments, DEPTH, queued.depth());
                addDirection(arguments, queued.direction());
            }
            case IoModel.Readiness ready -> add(arguments, BYTES, ready.bytes());
            case IoModel.Blocking blocking -> {
                add(arguments, BYTES, blocking.bytes());
                addDirection(arguments, blocking.direction());
            }
            case IoModel.Turns turns -> {
                add(arguments, BYTES, turns.bytes());
                add(arguments, DEPTH, turns.depth());
                add(arguments, TURN, (int) turns.each().toMillis());
            }
        }
        return arguments;
    }

    private static void add(List<String> arguments, String name, int value) {
        arguments.add(name);
        arguments.add(Integer.toString(value));
    }

    private static void addDirection(List<String> arguments, Direction direction) {
        if (direction == Direction.WRITE) {
            arguments.add(WRITE);
        }
    }

    static GuestOptions parse(List<String> arguments) throws KmodscopeException {
        Map<String, String> given = new HashMap<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            String value =
                    switch (name) {
                        case DRAIN, WRITE -> "";
                        case PORT, DEVICE, IO, DEPTH, BYTES, TURN -> {
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
                    new ArmRequest(given.getOrDefault(DEVICE, ""), model(given)));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static IoModel model(Map<String, String> given) throws KmodscopeException {
        String word = given.getOrDefault(IO, "sigio");
        int bytes = Integer.parseInt(given.getOrDefault(BYTES, "4096"));
        int depth = Integer.parseInt(given.getOrDefault(DEPTH, "1"));
        Duration turn = Duration.ofMillis(Integer.parseInt(given.getOrDefault(TURN, "1000")));
        IoModel model =
                IoModel.reading(word, depth, bytes, turn)
                        .orElseThrow(() -> wrong("\"" + word + "\" is no way of I/O"));
        boolean writes = given.containsKey(WRITE);
        return switch (model) {
            case IoModel.Signals signals -> new IoModel.Signals(given.containsKey(DRAIN), bytes);
            case IoModel.KernelAio aio when writes ->
                    new IoModel.KernelAio(Direction.WRITE, depth, bytes);
            case IoModel.PosixAio aio when writes ->
                    new IoModel.PosixAio(Direction.WRITE, depth, bytes);
            case IoModel.IoUring uring when writes ->
                    new IoModel.IoUring(Direction.WRITE, depth, bytes);
            case IoModel.Blocking blocking when writes ->
                    new IoModel.Blocking(Direction.WRITE, bytes);
            default -> model;
        };
    }

    private static KmodscopeException wrong(String what) {
        return new KmodscopeException(
                Kind.USAGE, "The bridge was started wrongly: " + what + ".", "Use " + USAGE + ".");
    }
}
