/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which ioctl the fault walk goes through. */
class IoctlNumberTest {

    @TempDir Path project;

    private OptionalLong first(String... lines) throws Exception {
        Files.writeString(project.resolve("x.h"), String.join("\n", lines));
        return IoctlNumber.first(project);
    }

    @Test
    void theFirstWithoutAnArgumentIsFoundInWhateverFormItIsWritten() throws Exception {
        assertEquals(OptionalLong.empty(), IoctlNumber.first(project), "no header");
        assertEquals(OptionalLong.empty(), first("#define X_GET _IOR('s', 2, int)"));
        assertEquals(
                OptionalLong.of(0x7301),
                first(
                        "#define X_GET _IOR('s', 2, int)",
                        "# define X_CLEAR  _IO( 's' , 0x01 )",
                        "#define X_STOP _IO('s', 3)"));
        assertEquals(OptionalLong.of(0xa00c), first("#define X_CLEAR _IO(0xA0, 12)"));
        assertEquals(OptionalLong.empty(), first("#define X_CLEAR _IO(TYPE, 12)"));
    }
}
