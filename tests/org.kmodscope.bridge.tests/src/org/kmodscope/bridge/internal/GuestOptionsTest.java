/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;

class GuestOptionsTest {

    private static final IoModel TURNS =
            new IoModel.Turns(List.of("sigio", "aio", "poll"), 8, 64, Duration.ofMillis(250));

    @Test
    void understandsWhatItFormats() throws Exception {
        for (ArmRequest request :
                List.of(
                        new ArmRequest("/dev/globalfifo", true, 17),
                        new ArmRequest("/dev/with blank", false, 4096),
                        new ArmRequest("/dev/d", new IoModel.KernelAio(Direction.READ, 4, 64)),
                        new ArmRequest("/dev/d", new IoModel.KernelAio(Direction.WRITE, 4, 64)),
                        new ArmRequest("/dev/d", new IoModel.PosixAio(Direction.WRITE, 1, 1)),
                        new ArmRequest("/dev/d", new IoModel.IoUring(Direction.WRITE, 2, 2)),
                        new ArmRequest("/dev/d", new IoModel.IoUring(Direction.READ, 2, 2)),
                        new ArmRequest("/dev/d", new IoModel.Poll(5)),
                        new ArmRequest("/dev/d", new IoModel.Epoll(5)),
                        new ArmRequest("/dev/d", new IoModel.Blocking(Direction.READ, 6)),
                        new ArmRequest("/dev/d", TURNS),
                        new ArmRequest("/dev/d", new IoModel.Blocking(Direction.WRITE, 6)))) {
            GuestOptions options = GuestOptions.parse(GuestOptions.format("/dev/port", request));
            assertEquals(new GuestOptions(Path.of("/dev/port"), request), options);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', are needed",
        "--port /p, are needed",
        "--device /d, are needed",
        "--port, has no value",
        "--port /p --device /d --port /q, given twice",
        "--port /p --device /d --fast, is not known",
        "--port /p --device /d --bytes many, many",
        "--port /p --device /d --io telepathy, no way of I/O",
        "'--port /p --device /d --io poll,poll', no way of I/O",
        "'--port /p --device /d --io poll,posix-aio', no way of I/O",
        "'--port /p --device /d --io poll,aio --turn 5', PT0.005S"
    })
    void saysWhatIsWrong(String line, String words) {
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
        KmodscopeException wrong =
                assertThrows(KmodscopeException.class, () -> GuestOptions.parse(arguments));
        assertEquals(KmodscopeException.Kind.USAGE, wrong.kind());
        assertTrue(wrong.getMessage().contains(words), wrong.getMessage());
        assertTrue(wrong.remedy().contains("--device PATH"), wrong.remedy());
    }
}
