/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.Channel;
import org.kmodscope.core.process.HostCommand;

/**
 * apt with lists, archives and status of its own in a directory of the cache: it needs no root and
 * touches nothing of the host. What the administrator set for reaching mirrors (proxies, passwords,
 * time-outs) stays in force, since /etc/apt/apt.conf.d is still read; mirrors and keys come from
 * the host's sources. Not for use by several threads or processes at once: apt's own locks would
 * refuse.
 *
 * <pre>
 * apt/SUITE/apt.conf      what makes it private
 *           sources/      derived sources
 *           lists/ debs/  what was fetched
 *           status        empty: nothing is installed here
 * </pre>
 */
final class AptRoot {

    private static final Pattern STATUS =
            Pattern.compile("dlstatus:\\d+:([0-9]+(?:\\.[0-9]+)?):.*");

    /** What apt-get --print-uris says of a file: address, name, size, digest. */
    private static final Pattern ADDRESS = Pattern.compile("'(\\S+)' \\S+ \\d+ (\\w+:\\S+)");

    /** Fetches single files. It belongs to apt and is on no path. */
    private static final Path HELPER = Path.of("/usr/lib/apt/apt-helper");

    /** What apt-get -s says of a package that would be installed. */
    private static final Pattern INSTALLED = Pattern.compile("Inst (\\S+) \\((\\S+) .*");

    /** What this machine runs. */
    static final String OWN_ARCHITECTURE = "amd64";

    private static final int TICKS = 1_000;
    private static final long MEBI = 1 << 20;

    private final Path directory;
    private final AptConfiguration configuration;
    private String trouble = "";

    /**
     * @param directory of the cache, for this suite alone
     * @param variables added to the environment of apt
     */
    AptRoot(Path directory, Map<String, String> variables) {
        this(directory, OWN_ARCHITECTURE, variables);
    }

    /**
     * @param directory of the cache, for this suite and architecture alone
     * @param architecture whose packages are looked for
     */
    AptRoot(Path directory, String architecture, Map<String, String> variables) {
        this.directory = directory;
        this.configuration = new AptConfiguration(directory, architecture, variables);
    }

    /** Where all this is. */
    Path directory() {
        return directory;
    }

    /** Where downloaded packages are. */
    Path debs() {
        return directory.resolve("debs");
    }

    /**
     * Fetches the lists of a Debian release. One that cannot be fetched is no failure yet: the
     * others, or those of last time, may name all that is needed, and apt uses verified lists only.
     */
    void update(DebianSuite suite, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        configuration.write(suite, monitor);
        SubMonitor progress = SubMonitor.convert(monitor, TICKS);
        Answer answer = run("apt-get", List.of("update"), directory, progress, done -> {});
        trouble = answer.said();
    }

    /** The names of all packages that begin so; some of them may be mentioned only. */
    List<String> names(String prefix, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return apt("apt-cache", List.of("pkgnames", prefix))
                .capture(monitor)
                .out()
                .lines()
                .toList();
    }

    /** What the archive has of some packages, in the order asked for; others are left out. */
    List<DebianPackage> known(List<String> names, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (names.isEmpty()) {
            return List.of();
        }
        Map<String, DebianPackage> found = new HashMap<>();
        for (DebianPackage each : shown(names, monitor)) {
            found.put(each.name(), each);
        }
        return names.stream().filter(found::containsKey).map(found::get).toList();
    }

    /**
     * What the archive has, in the order asked for.
     *
     * @param wanted names, or names with versions
     * @throws KmodscopeException MISSING when one is not in the archive
     */
    List<DebianPackage> show(List<String> wanted, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<DebianPackage> shown = shown(wanted, monitor);
        List<DebianPackage> found = new ArrayList<>();
        for (String one : wanted) {
            found.add(
                    shown.stream()
                            .filter(each -> each.exact().equals(one) || each.name().equals(one))
                            .findFirst()
                            .orElseThrow(() -> notInArchive(one)));
        }
        return found;
    }

    /**
     * Packages with all that they need, as if they were to be installed on an empty system.
     *
     * @throws KmodscopeException MISSING when the archive cannot satisfy them
     */
    List<DebianPackage> closure(List<String> wanted, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-qq", "--simulate", "install"));
        arguments.addAll(wanted);
        Captured answer = apt("apt-get", arguments).capture(monitor);
        if (answer.exit() != 0) {
            throw AptFailure.of("install", answer.words(), directory);
        }
        List<String> exact =
                answer.out()
                        .lines()
                        .map(INSTALLED::matcher)
                        .filter(Matcher::matches)
                        .map(line -> line.group(1) + "=" + line.group(2))
                        .toList();
        return show(exact, monitor);
    }

    /**
     * Downloads packages; apt verifies each against the signed lists. Those that an earlier
     * download left there whole are not fetched again; one that was broken off goes on where that
     * was, if the mirror can do this and still has the same file.
     */
    void download(List<DebianPackage> packages, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        Files.createDirectories(debs());
        List<String> arguments = new ArrayList<>(List.of("download"));
        packages.forEach(one -> arguments.add(one.exact()));
        long all = packages.stream().mapToLong(DebianPackage::bytes).sum();
        String total = String.format(" of %d MiB in %d packages", toMebi(all), packages.size());
        SubMonitor progress = SubMonitor.convert(monitor, TICKS);
        for (DebianPackage each : packages) {
            goOn(each, progress.split(TICKS / 10));
        }
        progress.setWorkRemaining(TICKS);
        progress.subTask("Downloading" + total.replace(" of", ""));
        Answer answer =
                run(
                        "apt-get",
                        arguments,
                        debs(),
                        progress,
                        done -> progress.subTask("Downloaded " + toMebi(done * all) + total));
        if (answer.exit() != 0) {
            throw AptFailure.of("download", answer.said(), directory);
        }
    }

    /**
     * Completes a package of which a part is there. "apt-get download" would begin it anew. The
     * helper asks for the rest, and refuses the whole when it is not what the lists promise: then,
     * as after any other failure, nothing of it stays, and it is left to apt-get.
     */
    private void goOn(DebianPackage wanted, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        Optional<Path> part = file(wanted);
        if (part.isEmpty() || !Files.isExecutable(HELPER)) {
            return;
        }
        long there = Files.size(part.get());
        if (there == 0 || there >= wanted.bytes()) {
            return;
        }
        // Not where the part is: apt-get would delete it, though it is only asked.
        Captured asked =
                apt("apt-get", List.of("--print-uris", "download", wanted.exact()))
                        .in(directory)
                        .capture(progress);
        Matcher address = ADDRESS.matcher(asked.out());
        if (!address.find()) {
            return;
        }
        progress.subTask(
                String.format(
                        "Going on with %s at %d of %d MiB",
                        wanted.name(), toMebi(there), toMebi(wanted.bytes())));
        progress.setWorkRemaining(TICKS);
        List<String> arguments =
                List.of("download-file", address.group(1), part.get().toString(), address.group(2));
        Answer answer = run(HELPER.toString(), arguments, debs(), progress, done -> {});
        if (answer.exit() != 0) {
            Files.deleteIfExists(part.get());
        }
    }

    /** The downloaded file of a package. */
    Path deb(DebianPackage wanted) throws KmodscopeException, IOException {
        return file(wanted)
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.MISSING,
                                        "apt-get said that it downloaded "
                                                + wanted.exact()
                                                + ", but no such file is in "
                                                + debs()
                                                + ".",
                                        "Try again."));
    }

    /** What there is of a package, the whole or a part. */
    private Optional<Path> file(DebianPackage wanted) throws IOException {
        try (Stream<Path> files = Files.list(debs())) {
            // apt writes a colon of the version as %3a.
            String start = wanted.name() + "_" + wanted.version().replace(":", "%3a") + "_";
            return files.filter(file -> name(file).startsWith(start))
                    .filter(file -> name(file).endsWith(".deb"))
                    .findFirst();
        }
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private static long toMebi(double bytes) {
        return (long) Math.ceil(bytes / MEBI);
    }

    /** Those that are not in the archive are absent from the answer. */
    private List<DebianPackage> shown(List<String> wanted, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("show", "--no-all-versions"));
        arguments.addAll(wanted);
        StringBuilder text = new StringBuilder();
        apt("apt-cache", arguments)
                .run(
                        (channel, line) -> {
                            if (channel == Channel.OUT) {
                                text.append(line).append('\n');
                            }
                        },
                        monitor);
        return DebianPackage.parse(text.toString());
    }

    private HostCommand apt(String program, List<String> arguments) {
        List<String> argv =
                new ArrayList<>(List.of(program, "-c", configuration.file().toString()));
        argv.addAll(arguments);
        return configuration.command(argv);
    }

    /** How a program of apt's ended, and what it said beside its progress. */
    private record Answer(int exit, String said) {}

    /**
     * @param fraction takes what part is done, whenever that has changed by a thousandth
     */
    private Answer run(
            String program,
            List<String> arguments,
            Path where,
            SubMonitor progress,
            DoubleConsumer fraction)
            throws KmodscopeException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of("-qq", "-o", "APT::Status-Fd=1"));
        argv.addAll(arguments);
        StringBuffer said = new StringBuffer();
        int[] done = {0};
        int exit =
                apt(program, argv)
                        .in(where)
                        .run(
                                (channel, line) -> {
                                    Matcher status = STATUS.matcher(line);
                                    if (channel == Channel.OUT && status.matches()) {
                                        double part = Double.parseDouble(status.group(1)) / 100;
                                        int now = (int) (TICKS * part);
                                        if (now > done[0]) {
                                            progress.worked(now - done[0]);
                                            fraction.accept(part);
                                            done[0] = now;
                                        }
                                    } else if (said.length() < HostCommand.CAPTURED) {
                                        said.append(line).append('\n');
                                    }
                                },
                                progress);
        return new Answer(exit, said.toString());
    }

    /** That the archive, which was just asked, does not have a package. */
    KmodscopeException notInArchive(String one) {
        if (!trouble.isBlank()) {
            return AptFailure.of("update", trouble, directory);
        }
        return new KmodscopeException(
                Kind.MISSING,
                "The Debian archive that this machine uses has no package " + one + ".",
                "See whether the mirrors in /etc/apt/sources.list.d carry the release's security"
                        + " suite, and try again later if they are just being updated.");
    }
}
