/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A series of kernels that Debian packages. The newest of the series is the one that is meant: its
 * minor version is Debian's matter.
 *
 * @param id the name users type
 * @param title what it is, for people
 * @param series the start of its version, such as {@code 6.1}
 * @param suites where it is looked for, in this order
 * @param hostCompiler what this machine builds modules with; empty when it is too old for that and
 *     the suite's own tools are needed
 * @param downloadBytes about what its packages take, with those tools
 * @param architecture what it runs on, as Debian names it
 */
public record DebianRelease(
        String id,
        String title,
        String series,
        List<DebianSuite> suites,
        Optional<String> hostCompiler,
        long downloadBytes,
        String architecture) {

    /** The cloud flavour is half the size of the full one. */
    private static final String FLAVOUR = "-cloud-";

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** One for this machine's kind of processor. */
    private DebianRelease(
            String id,
            String title,
            String series,
            List<DebianSuite> suites,
            Optional<String> hostCompiler,
            long downloadBytes) {
        this(id, title, series, suites, hostCompiler, downloadBytes, AptRoot.OWN_ARCHITECTURE);
    }

    /** All that can be fetched, oldest first. */
    public static List<DebianRelease> all() {
        return List.of(
                // Built with gcc-10, which bookworm does not have; gcc-12 compiles it as well.
                new DebianRelease(
                        "debian-5.10",
                        "Debian 11 (bullseye), cloud",
                        "5.10",
                        List.of(DebianSuite.of("bullseye")),
                        Optional.of("gcc-12"),
                        35_000_000),
                new DebianRelease(
                        "debian-6.1",
                        "Debian 12 (bookworm), cloud",
                        "6.1",
                        List.of(DebianSuite.of("bookworm")),
                        Optional.of("gcc-12"),
                        40_000_000),
                new DebianRelease(
                        "debian-6.12",
                        "Debian 12 (bookworm) with the kernel of 13, cloud",
                        "6.12",
                        List.of(DebianSuite.of("bookworm")),
                        Optional.of("gcc-12"),
                        50_000_000),
                newer("7.2"),
                newer("7.3"),
                new DebianRelease(
                        "debian-6.1-arm64",
                        "Debian 12 (bookworm) for arm64, cloud",
                        "6.1",
                        List.of(DebianSuite.of("bookworm")),
                        Optional.of("aarch64-linux-gnu-gcc"),
                        37_000_000,
                        "arm64"));
    }

    /**
     * A series that passes through testing and the backports of stable. gcc-12 lacks an option that
     * its makefiles use, and its objtool needs a newer libc.
     */
    private static DebianRelease newer(String series) {
        return new DebianRelease(
                "debian-" + series,
                "Debian 13 (trixie) backports or newer, cloud",
                series,
                List.of(
                        DebianSuite.withBackports("trixie"),
                        DebianSuite.of("forky"),
                        DebianSuite.of("sid")),
                Optional.empty(),
                130_000_000);
    }

    /** The suite that is newer than one of its own. */
    Optional<DebianSuite> after(DebianSuite suite) {
        return suites.stream().skip(suites.indexOf(suite) + 1L).findFirst();
    }

    /** Whether it is for another kind of processor than this machine's. */
    boolean foreign() {
        return !architecture.equals(AptRoot.OWN_ARCHITECTURE);
    }

    /** How the names of its image packages begin. */
    String imagePrefix() {
        return "linux-image-" + series + ".";
    }

    /** What to call its image package when there is none. */
    String imagePattern() {
        return imagePrefix() + "*" + FLAVOUR + architecture;
    }

    /** Those of some packages' names that are images of this series, the newest first. */
    List<String> images(List<String> names) {
        return names.stream()
                .filter(
                        name ->
                                name.startsWith(imagePrefix())
                                        && name.endsWith(FLAVOUR + architecture))
                .sorted(Comparator.comparing(DebianRelease::sortable).reversed())
                .toList();
    }

    /** The name with its numbers at equal width, so that 9 comes before 46. */
    private static String sortable(String name) {
        return NUMBER.matcher(name).replaceAll(DebianRelease::padded);
    }

    private static String padded(MatchResult number) {
        return "0".repeat(Math.max(0, 12 - number.group().length())) + number.group();
    }
}
