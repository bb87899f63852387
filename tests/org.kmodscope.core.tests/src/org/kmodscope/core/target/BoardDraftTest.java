/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.CrossBuild;

class BoardDraftTest {

    private static final BoardDraft LEAST =
            new BoardDraft("pi", "10.0.0.2", "", "", "", "debian-6.1", "", "", "", "");

    @Test
    void whatIsTypedBecomesABoard() throws Exception {
        Board board =
                new BoardDraft(
                                " pi ",
                                "pi.local",
                                "root",
                                "2222",
                                "~/.ssh/id_pi",
                                "~/linux",
                                "arm64",
                                "aarch64-linux-gnu-",
                                "cc",
                                "/var/tmp")
                        .board(List.of("other"));
        String home = System.getProperty("user.home");
        assertEquals(
                new Board(
                        "pi",
                        "root@pi.local:2222",
                        Optional.of(home + "/linux"),
                        Optional.of(new CrossBuild("arm64", "aarch64-linux-gnu-")),
                        Optional.of("cc"),
                        "/var/tmp",
                        Optional.of(home + "/.ssh/id_pi")),
                board);
        assertEquals(board, BoardDraft.of(board).board(List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "pi,,,pi",
        "::1,root,,root@::1",
        "::1,root,22,root@[::1]:22",
        "10.0.0.2,,22,10.0.0.2:22"
    })
    void hostUserAndPortBecomeAnAddress(String host, String user, String port, String address)
            throws Exception {
        Board board =
                new BoardDraft(
                                "b",
                                host,
                                user == null ? "" : user,
                                port == null ? "" : port,
                                "",
                                "debian-6.1",
                                "",
                                "",
                                "",
                                "")
                        .board(List.of());
        assertEquals(address, board.address());
        assertEquals(host, BoardDraft.of(board).host());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "''|h|''|''|''|k|''|''|''|no name yet",
                "taken|h|''|''|''|k|''|''|''|already",
                "b|''|''|''|''|k|''|''|''|host is missing",
                "b|a b|''|''|''|k|''|''|''|no address",
                "b|root@h|''|''|''|k|''|''|''|not a host alone",
                "b|h:22|''|''|''|k|''|''|''|not a host alone",
                "b|h|me you|''|''|k|''|''|''|no address",
                "b|h|''|ssh|''|k|''|''|''|no port",
                "b|h|''|99999|''|k|''|''|''|no address",
                "b|h|''|''|id_pi|k|''|''|''|key file",
                "b|h|''|''|''|''|''|''|''|Which kernel",
                "b|h|''|''|''|k|arm64|''|''|belong together",
                "b|h|''|''|''|k|arm 64|x-|''|no architecture",
                "b|h|''|''|''|k|''|''|tmp|cannot be the directory"
            })
    void whatIsWrongIsSaid(
            String name,
            String host,
            String user,
            String port,
            String key,
            String kernel,
            String arch,
            String prefix,
            String directory,
            String said) {
        BoardDraft draft =
                new BoardDraft(name, host, user, port, key, kernel, arch, prefix, "", directory);
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> draft.board(List.of("taken")));
        assertTrue(String.valueOf(failure.getMessage()).contains(said), failure::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user@", "a b", ""})
    void whatWasWrittenByHandIsShownThoughItIsWrong(String address) throws Exception {
        Board wrong = LEAST.board(List.of());
        Board byHand =
                new Board(
                        "pi",
                        address,
                        wrong.kernel(),
                        wrong.cross(),
                        wrong.compiler(),
                        wrong.directory(),
                        wrong.key());
        assertEquals(address.strip(), BoardDraft.of(byHand).host());
        assertThrows(KmodscopeException.class, () -> BoardDraft.of(byHand).board(List.of()));
    }
}
