/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private static final String ARCHITECTURE = "amd64";
    private static final Pattern STATUS =
            Pattern.compile("dlstatus:\\d+:([0-9]+(?:\\.[0-9]+)?):.*");
    private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)='(.*)'");
    private static final int TICKS = 1_000;
    private static final String ELSE =
            "Use a kernel that is here: --kernel host, or --kdir DIRECTORY; or a Debian machine.";

    private final Path directory;
    private final Map<String, String> variables;
    private String trouble = "";

    /**
     * @param directory of the cache, for this suite alone
     * @param variables added to the environment of apt
     */
    AptRoot(Path directory, Map<String, String> variables) {
        this.directory = directory;
        this.variables = variables;
    }

    /** Where downloaded packages are. */
    Path debs() {
        return directory.resolve("debs");
    }

    /**
     * Fetches the lists of a Debian release. One that cannot be fetched is no failure yet: the
     * others, or those of last time, may name all that is needed, and apt uses verified lists only.
     */
    void update(String suite, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        prepare(suite, monitor);
        Answer answer = run(List.of("update"), directory, monitor);
        trouble = answer.said();
    }

    /**
     * What the archive has, in the order asked for.
     *
     * @param wanted names, or names with versions
     * @throws KmodscopeException MISSING when one is not in the archive
     */
    List<DebianPackage> show(List<String> wanted, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<DebianPackage> found = new ArrayList<>();
        for (String one : wanted) {
            Captured answer = apt("apt-cache", "show", "--no-all-versions", one).capture(monitor);
            String name = one.replaceFirst("=.*", "");
            found.add(
                    DebianPackage.parse(answer.out()).stream()
                            .filter(candidate -> candidate.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> notInArchive(one, answer)));
        }
        return found;
    }

    /**
     * Downloads packages; apt verifies each against the signed lists. Those that are there already
     * and whole are not fetched again.
     */
    void download(List<DebianPackage> packages, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        Files.createDirectories(debs());
        List<String> arguments = new ArrayList<>(List.of("download"));
        packages.forEach(one -> arguments.add(one.exact()));
        Answer answer = run(arguments, debs(), monitor);
        if (answer.exit() != 0) {
            throw AptFailure.of("download", answer.said(), directory);
        }
    }

    /** The downloaded file of a package. */
    Path deb(DebianPackage wanted) throws KmodscopeException, IOException {
        try (Stream<Path> files = Files.list(debs())) {
            // apt writes a colon of the version as %3a.
            String start = wanted.name() + "_" + wanted.version().replace(":", "%3a") + "_";
            return files.filter(file -> name(file).startsWith(start))
                    .filter(file -> name(file).endsWith(".deb"))
                    .findFirst()
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
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private void prepare(String suite, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        String text = sources(monitor).derive(suite, ARCHITECTURE).orElseThrow(AptRoot::noArchive);
        for (String each : List.of("lists/partial", "archives/partial", "log", "debs")) {
            Files.createDirectories(directory.resolve(each));
        }
        Path sources = Files.createDirectories(directory.resolve("sources"));
        Files.writeString(sources.resolve("debian.sources"), text);
        Files.writeString(directory.resolve("status"), "");
        Files.writeString(configuration(), configurationText());
    }

    /** Reads the files that apt itself would read. */
    private AptSources sources(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        HostCommand ask =
                command(
                        "apt-config",
                        "shell",
                        "LIST",
                        "Dir::Etc::sourcelist/f",
                        "PARTS",
                        "Dir::Etc::sourceparts/d");
        if (ask.locate().isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "This machine has no apt, which Debian's kernels are fetched with.",
                    ELSE);
        }
        Captured answer = ask.capture(monitor);
        AptSources sources = new AptSources();
        for (String line : answer.out().split("\\n")) {
            Matcher matcher = ASSIGNMENT.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            Path path = Path.of(matcher.group(2));
            if (Files.isRegularFile(path)) {
                sources.addList(Files.readString(path));
            } else if (Files.isDirectory(path)) {
                addParts(path, sources);
            }
        }
        return sources;
    }

    private static void addParts(Path parts, AptSources sources) throws IOException {
        List<Path> files;
        try (Stream<Path> children = Files.list(parts)) {
            files = children.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (file.toString().endsWith(".list")) {
                sources.addList(Files.readString(file));
            } else if (file.toString().endsWith(".sources")) {
                sources.addStanzas(Files.readString(file));
            }
        }
    }

    private Path configuration() {
        return directory.resolve("apt.conf");
    }

    private String configurationText() {
        String root = directory.toString();
        if (root.indexOf('"') >= 0 || root.indexOf('\n') >= 0) {
            throw new IllegalStateException("apt.conf cannot name " + root);
        }
        // Hooks are the host's business: they refresh catalogues, or clean the archive directory.
        return """
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear DPkg::Pre-Invoke;
        #clear DPkg::Post-Invoke;
        #clear DPkg::Pre-Install-Pkgs;
        #clear APT::Architectures;
        APT::Architecture "@ARCH@";
        APT::Architectures { "@ARCH@"; };
        APT::Sandbox::User "root";
        APT::Install-Recommends "false";
        Acquire::Languages "none";
        Acquire::Retries "2";
        Acquire::http::Timeout "20";
        Acquire::https::Timeout "20";
        Dir::State "@ROOT@";
        Dir::State::lists "@ROOT@/lists";
        Dir::State::status "@ROOT@/status";
        Dir::State::extended_states "@ROOT@/extended_states";
        Dir::Cache "@ROOT@";
        Dir::Cache::archives "@ROOT@/archives";
        Dir::Cache::pkgcache "";
        Dir::Cache::srcpkgcache "";
        Dir::Log "@ROOT@/log";
        Dir::Etc::sourcelist "@ROOT@/sources/none";
        Dir::Etc::sourceparts "@ROOT@/sources";
        Dir::Etc::preferences "@ROOT@/sources/none";
        Dir::Etc::preferencesparts "@ROOT@/sources/none";
        """
                .replace("@ARCH@", ARCHITECTURE)
                .replace("@ROOT@", root);
    }

    private HostCommand apt(String program, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(program, "-c", configuration().toString()));
        argv.addAll(List.of(arguments));
        return command(argv.toArray(String[]::new));
    }

    private HostCommand command(String... argv) {
        HostCommand command = HostCommand.of(List.of(argv)).providedBy("apt").in(directory);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            command = command.with(variable.getKey(), variable.getValue());
        }
        return command;
    }

    /** How apt-get ended, and what it said beside its progress. */
    private record Answer(int exit, String said) {}

    private Answer run(List<String> arguments, Path where, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, TICKS);
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "apt-get",
                                "-c",
                                configuration().toString(),
                                "-qq",
                                "-o",
                                "APT::Status-Fd=1"));
        argv.addAll(arguments);
        StringBuffer said = new StringBuffer();
        int[] done = {0};
        int exit =
                command(argv.toArray(String[]::new))
                        .in(where)
                        .run(
                                (channel, line) -> {
                                    Matcher status = STATUS.matcher(line);
                                    if (channel == Channel.OUT && status.matches()) {
                                        int now =
                                                (int)
                                                        (TICKS
                                                                * Double.parseDouble(
                                                                        status.group(1))
                                                                / 100);
                                        if (now > done[0]) {
                                            progress.worked(now - done[0]);
                                            done[0] = now;
                                        }
                                    } else if (said.length() < HostCommand.CAPTURED) {
                                        said.append(line).append('\n');
                                    }
                                },
                                progress);
        return new Answer(exit, said.toString());
    }

    private static KmodscopeException noArchive() {
        return new KmodscopeException(
                Kind.MISSING,
                "The package sources of this machine name no Debian archive, so there is nowhere to"
                        + " fetch Debian's kernels from.",
                "Add a Debian mirror to /etc/apt/sources.list.d (sources.list(5)). " + ELSE);
    }

    private KmodscopeException notInArchive(String one, Captured answer) {
        if (!trouble.isBlank()) {
            return AptFailure.of("update", trouble, directory);
        }
        return new KmodscopeException(
                Kind.MISSING,
                "The Debian archive that this machine uses has no package "
                        + one
                        + ": "
                        + AptFailure.firstLine(answer.words()),
                "See whether the mirrors in /etc/apt/sources.list.d carry the release's security"
                        + " suite, and try again later if they are just being updated.");
    }
}
