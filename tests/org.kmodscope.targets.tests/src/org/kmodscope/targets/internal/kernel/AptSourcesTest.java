/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AptSourcesTest {

    private static final String STANZAS =
            """
            # the archive
            Types: deb deb-src
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
            Check-Valid-Until: no

            Types: deb
            URIs: http://mirror.example/debian-security
            Suites: bookworm-security
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
            """;

    @Test
    void theMachinesOwnReleaseIsTakenAsItIs() {
        assertEquals(
                """
                Types: deb
                URIs: http://mirror.example/debian
                Suites: bookworm
                Components: main
                Architectures: amd64
                check-valid-until: no
                signed-by: /usr/share/keyrings/debian-archive-keyring.gpg

                Types: deb
                URIs: http://mirror.example/debian-security
                Suites: bookworm-security
                Components: main
                Architectures: amd64
                signed-by: /usr/share/keyrings/debian-archive-keyring.gpg

                Types: deb
                URIs: http://mirror.example/debian
                Suites: bookworm-updates
                Components: main
                Architectures: amd64
                check-valid-until: no
                signed-by: /usr/share/keyrings/debian-archive-keyring.gpg

                """,
                stanzas(STANZAS).derive(DebianSuite.of("bookworm"), "amd64").orElseThrow());
    }

    @Test
    void anotherReleaseComesFromTheSameMirrors() {
        String derived = stanzas(STANZAS).derive(DebianSuite.of("bullseye"), "amd64").orElseThrow();
        assertTrue(
                derived.contains("URIs: http://mirror.example/debian\nSuites: bullseye\n"),
                derived);
        assertTrue(
                derived.contains(
                        "URIs: http://mirror.example/debian-security\nSuites: bullseye-security\n"),
                derived);
        assertFalse(derived.contains("updates"), "what the machine does not list is not guessed");
    }

    @Test
    void oneLineFormat() {
        AptSources sources = new AptSources();
        sources.addList(
                """
                # deb http://old.example/debian bookworm main
                deb-src http://mirror.example/debian bookworm main
                deb cdrom:[Debian GNU/Linux 12]/ bookworm main
                deb [ arch=amd64,i386 signed-by=/k/a.gpg,/k/b.gpg trusted=yes ] http://mirror.example/debian/ stable main # the mirror
                deb http://security.example/debian-security stable/updates main
                """);
        String derived = sources.derive(DebianSuite.of("bookworm"), "amd64").orElseThrow();
        assertEquals(
                """
                Types: deb
                URIs: http://mirror.example/debian/
                Suites: bookworm
                Components: main
                Architectures: amd64
                signed-by: /k/a.gpg /k/b.gpg
                trusted: yes

                Types: deb
                URIs: http://security.example/debian-security
                Suites: bookworm-security
                Components: main
                Architectures: amd64

                """,
                derived);
    }

    @Test
    void thirdPartiesAreNotMirrorsOfDebian() {
        AptSources sources =
                stanzas(
                        """
                        Types: deb
                        URIs: https://third.example/torproject.org
                        Suites: bookworm
                        Components: main

                        """
                                + STANZAS);
        sources.addList("deb https://third.example/linux/debian bookworm stable\n");
        sources.addList("deb https://third.example/pgdg bookworm-pgdg main\n");
        assertFalse(
                sources.derive(DebianSuite.of("bookworm"), "amd64")
                        .orElseThrow()
                        .contains("third.example"));
    }

    @Test
    void disabledSourcesAndOtherDistributionsAreNone() {
        assertEquals(
                Optional.empty(),
                stanzas("Enabled: no\n" + STANZAS.split("\n\n")[0])
                        .derive(DebianSuite.of("bookworm"), "amd64"));
        assertEquals(
                Optional.empty(),
                stanzas(
                                """
                                Types: deb
                                URIs: http://archive.ubuntu.com/ubuntu
                                Suites: noble noble-updates
                                Components: main
                                """)
                        .derive(DebianSuite.of("bookworm"), "amd64"));
        assertEquals(Optional.empty(), stanzas("").derive(DebianSuite.of("bookworm"), "amd64"));
        assertEquals(
                Optional.empty(),
                stanzas("nonsense\n:\n \u0000").derive(DebianSuite.of("bookworm"), "amd64"));
    }

    @Test
    void aKeyWithinTheFileIsCarried() {
        String derived =
                stanzas(
                                """
                                Types: deb
                                URIs: http://mirror.example/debian
                                Suites: trixie
                                Components: main
                                Signed-By:
                                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                                 .
                                 mDMEY
                                 -----END PGP PUBLIC KEY BLOCK-----
                                """)
                        .derive(DebianSuite.of("bookworm"), "amd64")
                        .orElseThrow();
        assertTrue(
                derived.contains(
                        "signed-by: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEY\n"),
                derived);
    }

    private static AptSources stanzas(String text) {
        AptSources sources = new AptSources();
        sources.addStanzas(text);
        return sources;
    }
}
