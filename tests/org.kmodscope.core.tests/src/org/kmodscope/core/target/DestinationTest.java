/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;

class DestinationTest {

    @ParameterizedTest
    @CsvSource({
        "pi,,pi,",
        "root@pi,root,pi,",
        "root@192.168.7.2:2222,root,192.168.7.2,2222",
        "board-1.local:22,,board-1.local,22",
        "[fe80::1%eth0]:22,,fe80::1%eth0,22",
        "root@[::1],root,::1,",
        "root@fe80::1,root,fe80::1,",
    })
    void theFormsThatUsersWrite(String text, String user, String host, Integer port)
            throws Exception {
        assertEquals(
                new Destination(Optional.ofNullable(user), host, Optional.ofNullable(port)),
                Destination.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@pi",
                "root@",
                "pi:",
                "pi:0",
                "pi:65536",
                "pi:ssh",
                "-oProxyCommand=id",
                "root@-host",
                "a b",
                "pi;reboot",
                "$(id)",
                "root@pi/path"
            })
    void othersAreRefused(String text) {
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> Destination.parse(text));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
    }

    @Test
    void aPortOfFiveDigitsIsOneUpToItsLimit() throws Exception {
        assertEquals(Optional.of(65535), Destination.parse("pi:65535").port());
    }
}
