/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * The programs of ours that are written in C. Their sources come with this bundle; they are
 * compiled by this machine's compiler when they are first needed, and kept in the cache under a
 * name that changes with the sources.
 *
 * @param agent what runs in a target, linked statically
 * @param supervisor what runs a lab so that it cannot outlive its owner
 * @param helper what loads modules into this machine's own kernel when it is started as root
 */
public record NativePrograms(Path agent, Path supervisor, Path helper) {

    static final String SOURCES = "/agent/";
    static final List<String> HEADERS =
            List.of("agent.h", "events.h", "faults.h", "helper.h", "meaning.h", "protocol.h");
    static final List<String> AGENT =
            List.of(
                    "command.c",
                    "emit.c",
                    "faultkinds.c",
                    "faults.c",
                    "file.c",
                    "frame.c",
                    "home.c",
                    "job.c",
                    "klog.c",
                    "main.c",
                    "meaning.c",
                    "module.c",
                    "port.c",
                    "stimulus.c",
                    "trace.c",
                    "watch.c");
    static final List<String> SUPERVISOR = List.of("supervisor.c");
    static final List<String> HELPER =
            List.of(
                    "helper.c",
                    "helper_files.c",
                    "helper_kernel.c",
                    "helper_log.c",
                    "helper_words.c",
                    "meaning.c");

    private static final String COMPILER = "gcc";
    private static final List<String> OPTIONS =
            List.of(
                    "-static",
                    "-std=gnu11",
                    "-D_GNU_SOURCE",
                    "-O2",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-pthread");
    private static final String AGENT_NAME = "kmodscope-agent";
    private static final String SUPERVISOR_NAME = "kmodscope-supervisor";
    private static final String HELPER_NAME = "kmodscope-helper";

    /**
     * The programs, compiled first when they are not in the cache.
     *
     * @throws KmodscopeException MISSING when there is no compiler or no static C library
     */
    public static NativePrograms require(CacheDirectory cache, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return require(cache, COMPILER, monitor);
    }

    static NativePrograms require(CacheDirectory cache, String compiler, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return require(cache, compiler, "", monitor);
    }

    private static NativePrograms require(
            CacheDirectory cache, String compiler, String variant, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SequencedMap<String, byte[]> sources = sources();
        Path parent = cache.directory("agent");
        Path place = parent.resolve(hash(sources) + variant);
        NativePrograms programs =
                new NativePrograms(
                        place.resolve(AGENT_NAME),
                        place.resolve(SUPERVISOR_NAME),
                        place.resolve(HELPER_NAME));
        if (Files.isDirectory(place)) {
            return programs;
        }
        try (CacheDirectory.Locked lock = cache.lock(parent.resolve("lock"), monitor)) {
            if (!Files.isDirectory(place)) {
                monitor.subTask("Compiling the agent");
                compile(compiler, sources, place, monitor);
            }
            return programs;
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The agent cannot be put into " + place + ": " + Reason.of(e) + ".",
                    "Free space there, or set XDG_CACHE_HOME to another directory.",
                    e);
        }
    }

    /**
     * The agent for another machine, by another compiler.
     *
     * @param compiler one program, such as {@code aarch64-linux-gnu-gcc}
     * @throws KmodscopeException MISSING when it is not here, or makes no static program
     */
    public static Path agent(CacheDirectory cache, String compiler, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return require(cache, compiler, "-" + compiler.replace('/', '_'), monitor).agent();
    }

    private static SequencedMap<String, byte[]> sources() throws KmodscopeException {
        SequencedMap<String, byte[]> sources = new TreeMap<>();
        List<String> names = new ArrayList<>(HEADERS);
        names.addAll(AGENT);
        names.addAll(SUPERVISOR);
        names.addAll(HELPER);
        for (String name : names) {
            try (InputStream in = NativePrograms.class.getResourceAsStream(SOURCES + name)) {
                if (in == null) {
                    throw new IOException("it is not in this program");
                }
                sources.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new KmodscopeException(
                        Kind.MISSING,
                        "The agent's source " + name + " cannot be read: " + e.getMessage() + ".",
                        "Install kmodscope again.",
                        e);
            }
        }
        return sources;
    }

    private static String hash(SequencedMap<String, byte[]> sources) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join(" ", OPTIONS).getBytes(StandardCharsets.UTF_8));
            sources.forEach(
                    (name, bytes) -> {
                        digest.update((name + '\0' + bytes.length + '\0').getBytes());
                        digest.update(bytes);
                    });
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compile(
            String compiler,
            SequencedMap<String, byte[]> sources,
            Path place,
            IProgressMonitor monitor)
            throws IOException, KmodscopeException, InterruptedException {
        Path work = Files.createTempDirectory(place.getParent(), "new-");
        try {
            for (var source : sources.entrySet()) {
                Files.write(work.resolve(source.getKey()), source.getValue());
            }
            compile(compiler, work, AGENT_NAME, AGENT, monitor);
            compile(compiler, work, SUPERVISOR_NAME, SUPERVISOR, monitor);
            compile(compiler, work, HELPER_NAME, HELPER, monitor);
            Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.delete(work);
        }
    }

    private static void compile(
            String compiler,
            Path work,
            String program,
            List<String> sources,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(compiler));
        argv.addAll(OPTIONS);
        argv.add("-o");
        argv.add(program);
        argv.addAll(sources);
        Captured done =
                HostCommand.of(argv).in(work).providedBy(packages(compiler)).capture(monitor);
        if (done.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The agent does not compile on this machine: " + done.words(),
                    "Install a C compiler and the C library's headers:"
                            + " sudo apt install "
                            + packages(compiler));
        }
    }

    /** Debian's packages of a compiler and a static C library for what it makes. */
    private static String packages(String compiler) {
        String name = compiler.substring(compiler.lastIndexOf('/') + 1);
        return name.endsWith("-linux-gnu-gcc") || name.endsWith("-linux-gnueabihf-gcc")
                ? "gcc-" + name.substring(0, name.length() - "-gcc".length())
                : "gcc libc6-dev";
    }
}
