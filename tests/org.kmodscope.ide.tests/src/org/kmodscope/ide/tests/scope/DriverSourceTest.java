/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.scope.DriverSource;
import org.kmodscope.ide.scope.DriverSource.Place;
import org.kmodscope.ide.scope.DriverSource.Step;

/** Where in the source of a driver its events come from. */
class DriverSourceTest {

    @TempDir private Path directory = Path.of("");

    @Test
    void functionsAreFoundWhereTheyAreDefined() throws Exception {
        Files.write(
                directory.resolve("gf.c"),
                List.of(
                        "static ssize_t gf_write_iter(struct kiocb *iocb, struct iov_iter *from);",
                        "",
                        "static ssize_t gf_write_iter(struct kiocb *iocb,",
                        "\t\t\t     struct iov_iter *from)",
                        "{",
                        "\tkill_fasync(&gf->queue, SIGIO, POLL_IN);",
                        "}",
                        "static const struct file_operations fops = {",
                        "\t.write_iter\t= gf_write_iter,",
                        "};"));
        DriverSource source = DriverSource.read(directory);
        assertEquals(Optional.of(new Place("gf.c", 3)), source.place(Step.WRITE));
        assertEquals(Optional.of(new Place("gf.c", 6)), source.place(Step.SIGNAL_IN));
        assertEquals(Optional.empty(), source.place(Step.READ));
        assertEquals("gf.c:6", source.place(Step.SIGNAL_IN).orElseThrow().toString());
    }

    @Test
    void theTemplateHasAPlaceForEachStepOfNotification() throws Exception {
        Path driver = directory.resolve("driver");
        DriverTools.installed()
                .templates()
                .render(DriverSpec.named("globalfifo").probes(List.of("sigio")).build())
                .writeTo(driver);
        DriverSource source = DriverSource.read(driver);
        for (Step step : List.of(Step.WRITE, Step.READ, Step.SIGNAL_IN, Step.SIGNAL_OUT)) {
            Place place = source.place(step).orElseThrow();
            String line = Files.readAllLines(driver.resolve(place.file())).get(place.line() - 1);
            assertTrue(line.contains("kill_fasync") || line.contains("globalfifo_"), step + line);
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsAFailure() {
        assertThrows(KmodscopeException.class, () -> DriverSource.read(directory.resolve("gone")));
    }
}
