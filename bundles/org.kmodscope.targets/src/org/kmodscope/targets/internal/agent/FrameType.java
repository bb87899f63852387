/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.util.Optional;

/** What a frame of the control channel is (docs/adr/0003); the agent's protocol.h has the same. */
enum FrameType {
    HELLO(1, "the handshake"),
    RUN(2, "starting a program"),
    STDIN(3, "a program's input"),
    SIGNAL(4, "a signal to a program"),
    PUT(5, "copying a file"),
    LOAD(6, "loading a module"),
    UNLOAD(7, "unloading a module"),
    ARM(8, "arming a device"),
    DISARM(9, "disarming a device"),
    STIMULATE(10, "writing to a device"),
    CANCEL(11, "ending writes to a device"),
    SHUTDOWN(12, "the agent's end"),
    SEQUENCE(13, "the end of events"),

    GREETING(128),
    OK(129),
    ERROR(130),
    STDOUT(131),
    STDERR(132),
    EXIT(133),
    LOG(134);

    private final int code;
    private final String words;

    FrameType(int code) {
        this(code, "an answer");
    }

    FrameType(int code, String words) {
        this.code = code;
        this.words = words;
    }

    /** What a request does, for people. */
    String words() {
        return words;
    }

    int code() {
        return code;
    }

    static Optional<FrameType> of(int code) {
        for (FrameType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
