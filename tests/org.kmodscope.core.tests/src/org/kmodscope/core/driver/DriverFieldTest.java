/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;

class DriverFieldTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "x1",
                "globalfifo",
                "ring_fifo",
                "a_",
                "scull",
                "abcdefghijklmnopqrstuvwxyz01234"
            })
    void goodModuleNames(String name) {
        assertEquals(Optional.empty(), DriverField.MODULE.problem(name));
        assertEquals(Optional.empty(), DriverField.DEVICE.problem(name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | is empty",
                "'my driver' | a space",
                "a.ko | a dot",
                ". | a dot",
                ".. | a dot",
                "../evil | is a path",
                "/dev/x | is a path",
                "a\\b | is a path",
                "ring-fifo | a hyphen",
                "RingFifo | upper-case letter R",
                "größe | U+00F6",
                "фифо | U+0444",
                "a\uD83D\uDE00 | U+1F600",
                "a;b | the character ;",
                "a$b | the character $",
                "'a\tb' | a control character",
                "'a\nb' | a control character",
                "1fifo | begin with a letter",
                "_fifo | begin with a letter",
                "abcdefghijklmnopqrstuvwxyz012345 | 32 characters, 1 more",
                "int | word of the C language",
                "typeof | word of the C language",
                "while | word of the C language",
                "linux | the compiler",
                "unix | the compiler",
                "current | the compiler",
                "module | the kernel",
                "mutex | the kernel",
                "file | the kernel",
                "kernel | the kernel",
                "poll | the kernel",
                "tcp_cubic | the kernel",
                "printk | the kernel",
            })
    void badModuleNames(String name, String why) {
        var problem = DriverField.MODULE.problem(name);
        assertTrue(problem.orElse("no problem").contains(why), name + ": " + problem);
        var refused = assertThrows(KmodscopeException.class, () -> DriverField.MODULE.check(name));
        assertEquals(KmodscopeException.Kind.USAGE, refused.kind());
        assertEquals(problem.orElseThrow(), refused.getMessage());
        assertEquals(DriverField.MODULE.rule(), refused.remedy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"myTTY0", "my-device", "A1"})
    void devicesMayHaveCapitalsAndHyphens(String name) {
        assertEquals(Optional.empty(), DriverField.DEVICE.problem(name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | is empty",
                "a.b | a dot",
                "snd/seq | is a path",
                "'a b' | a space",
                "-a | begin with a letter",
                "null | belongs to the kernel",
                "zero | belongs to the kernel",
                "tty | belongs to the kernel",
                "ttyS0 | belongs to the kernel",
                "loop-control | belongs to the kernel",
                "abcdefghijklmnopqrstuvwxyz012345 | 32 characters",
            })
    void badDeviceNames(String name, String why) {
        var problem = DriverField.DEVICE.problem(name);
        assertTrue(problem.orElse("no problem").contains(why), name + ": " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Ann Author <ann@example.org>", "Jörg Müller", "\"quoted\" \\ back", "x"})
    void goodLines(String line) {
        assertEquals(Optional.empty(), DriverField.AUTHOR.problem(line));
        assertEquals(Optional.empty(), DriverField.DESCRIPTION.problem(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", " x", "x ", "a\nb", "a\u2028b", "a\u0000b", "a\u202Eb", "\uD800"})
    void badLines(String line) {
        assertTrue(DriverField.AUTHOR.problem(line).isPresent());
        assertTrue(DriverField.DESCRIPTION.problem(line).isPresent());
    }

    @Test
    void quotesCountTwice() {
        assertEquals(Optional.empty(), DriverField.AUTHOR.problem("x".repeat(70)));
        assertTrue(DriverField.AUTHOR.problem("x".repeat(71)).isPresent());
        assertEquals(Optional.empty(), DriverField.AUTHOR.problem("\"".repeat(35)));
        assertTrue(DriverField.AUTHOR.problem("\"".repeat(36)).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"5.10, true", "6.1, true", "7.3, true", "5.9, false", "7.4, false", "6, false"})
    void kernels(String version, boolean good) {
        assertEquals(good, DriverField.KERNEL_MIN.problem(version).isEmpty());
    }

    @Test
    void licencesAreAClosedSet() {
        for (var licence : Licence.values()) {
            assertEquals(Optional.empty(), DriverField.LICENCE.problem(licence.spdx()));
            assertTrue(DriverField.LICENCE.rule().contains(licence.spdx()), licence.spdx());
        }
        assertTrue(DriverField.LICENCE.problem("Proprietary").isPresent());
        assertTrue(DriverField.LICENCE.problem("").isPresent());
    }

    /** A wizard asks at every key stroke. */
    @Test
    void noInputMakesValidationFail() {
        var random = new java.util.Random(1);
        for (var i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (var n = random.nextInt(40); n > 0; n--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
            }
            for (var field : DriverField.values()) {
                field.problem(text.toString()).ifPresent(p -> assertTrue(p.endsWith("."), p));
            }
        }
    }
}
