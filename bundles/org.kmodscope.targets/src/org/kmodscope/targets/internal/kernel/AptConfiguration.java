/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * What makes an apt private: its configuration and its sources, which are derived from those of
 * this machine.
 *
 * @param directory what apt may write to
 * @param architecture whose packages are looked for, as Debian names it
 * @param variables added to the environment of apt
 */
record AptConfiguration(Path directory, String architecture, Map<String, String> variables) {

    private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)='(.*)'");
    private static final String ELSE =
            "Use a kernel that is here: --kernel host, or --kdir DIRECTORY; or a Debian machine.";

    /** The configuration's file, for apt's option -c. */
    Path file() {
        return directory.resolve("apt.conf");
    }

    /** One of apt's programs, with the environment that this configuration asks for. */
    HostCommand command(List<String> argv) {
        HostCommand command = HostCommand.of(argv).providedBy("apt").in(directory);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            command = command.with(variable.getKey(), variable.getValue());
        }
        return command;
    }

    /**
     * Writes the configuration anew, for a release.
     *
     * @throws KmodscopeException MISSING when this machine has no apt or no Debian archive
     */
    void write(DebianSuite suite, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        String text =
                sources(monitor)
                        .derive(suite, architecture)
                        .orElseThrow(AptConfiguration::noArchive);
        for (String each : List.of("lists/partial", "archives/partial", "log", "debs")) {
            Files.createDirectories(directory.resolve(each));
        }
        Path sources = Files.createDirectories(directory.resolve("sources"));
        Files.writeString(sources.resolve("debian.sources"), text);
        Files.writeString(directory.resolve("status"), "");
        Files.writeString(file(), text());
    }

    /** Reads the files that apt itself would read. */
    private AptSources sources(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        HostCommand ask =
                command(
                        List.of(
                                "apt-config",
                                "shell",
                                "LIST",
                                "Dir::Etc::sourcelist/f",
                                "PARTS",
                                "Dir::Etc::sourceparts/d"));
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

    private String text() {
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
                .replace("@ARCH@", architecture)
                .replace("@ROOT@", root);
    }

    private static KmodscopeException noArchive() {
        return new KmodscopeException(
                Kind.MISSING,
                "The package sources of this machine name no Debian archive, so there is nowhere to"
                        + " fetch Debian's kernels from.",
                "Add a Debian mirror to /etc/apt/sources.list.d (sources.list(5)). " + ELSE);
    }
}
