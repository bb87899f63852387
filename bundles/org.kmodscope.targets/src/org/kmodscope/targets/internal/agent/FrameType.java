/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.util.Optional;

/** What a frame of the control channel is (docs/adr/0003); the agent's protocol.h has the same. */
enum FrameType {
    HELLO(1),
    RUN(2),
    STDIN(3),
    SIGNAL(4),
    PUT(5),
    LOAD(6),
    UNLOAD(7),
    ARM(8),
    DISARM(9),
    STIMULATE(10),
    CANCEL(11),
    SHUTDOWN(12),
    SEQUENCE(13),

    GREETING(128),
    OK(129),
    ERROR(130),
    STDOUT(131),
    STDERR(132),
    EXIT(133),
    LOG(134);

    private final int code;

    FrameType(int code) {
        this.code = code;
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
