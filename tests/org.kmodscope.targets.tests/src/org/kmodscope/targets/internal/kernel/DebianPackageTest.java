/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kmodscope.targets.internal.kernel.DebianPackage.Dependency;

class DebianPackageTest {

    private static final String HEADERS =
            """
            Package: linux-headers-6.12.117+deb12-cloud-amd64
            Source: linux
            Version: 6.12.117-1~deb12u1
            Installed-Size: 2790
            Architecture: amd64
            Depends: linux-base (>= 4.12~), linux-headers-6.12.117+deb12-common (= 6.12.117-1~deb12u1), linux-image-6.12.117+deb12-cloud-amd64 (= 6.12.117-1~deb12u1) | linux-image-6.12.117+deb12-cloud-amd64-unsigned (= 6.12.117-1~deb12u1), linux-kbuild-6.12.117+deb12, gcc-12
            Description: Header files
             continued: Version: 1
            Filename: pool/x.deb
            Size: 2931728

            """;

    @Test
    void whatAptCacheShows() {
        DebianPackage headers = DebianPackage.parse(HEADERS).getFirst();
        assertEquals(
                "linux-headers-6.12.117+deb12-cloud-amd64=6.12.117-1~deb12u1", headers.exact());
        assertEquals(2_931_728, headers.bytes());
        assertEquals(2_790L * 1024, headers.unpackedBytes());
        assertEquals(
                List.of(
                        new Dependency("linux-base", ""),
                        new Dependency("linux-headers-6.12.117+deb12-common", "6.12.117-1~deb12u1"),
                        new Dependency(
                                "linux-image-6.12.117+deb12-cloud-amd64", "6.12.117-1~deb12u1"),
                        new Dependency("linux-kbuild-6.12.117+deb12", ""),
                        new Dependency("gcc-12", "")),
                headers.depends());
    }

    @Test
    void severalStanzasAndCutOnes() {
        assertEquals(2, DebianPackage.parse(HEADERS + HEADERS).size());
        assertEquals(List.of(), DebianPackage.parse(""));
        assertEquals(List.of(), DebianPackage.parse("Package: a\nVersion: 1\n"));
        for (int kept = 0; kept < HEADERS.indexOf("Size: 2931728") + 6; kept++) {
            assertEquals(List.of(), DebianPackage.parse(HEADERS.substring(0, kept)), "at " + kept);
        }
    }
}
