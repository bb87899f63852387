/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.bridge.internal.GuestMain;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.GuestBridge;

/**
 * Packs this bridge for a target of this machine's architecture. It needs three libraries there:
 * the bridge, the core, and JNA.
 *
 * <pre>
 *   DIRECTORY/lib/0.jar 1.jar 2.jar          the class path, in order
 *   DIRECTORY/native/libjnidispatch.so       JNA's native part, so that nothing is unpacked there
 * </pre>
 */
public final class JnaGuestBridge implements GuestBridge {

    private static final String NATIVE_LIBRARY = "libjnidispatch.so";

    private final List<Path> classPath;

    /**
     * Finds the libraries where this JVM loaded them from.
     *
     * @throws IOException when one was not loaded from a file or directory
     */
    public JnaGuestBridge() throws IOException {
        this(List.of(locate(Bridge.class), locate(EventSource.class), locate(Native.class)));
    }

    /**
     * @param classPath jars or class directories that hold the bridge, the core and JNA; for where
     *     classes do not know their files, as can be in OSGi
     */
    public JnaGuestBridge(List<Path> classPath) {
        this.classPath = List.copyOf(classPath);
    }

    @Override
    public Set<String> modules() {
        return Set.of("java.base", "java.logging");
    }

    @Override
    public String fingerprint() throws IOException {
        MessageDigest digest = Sha256.digest();
        try (OutputStream sum = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            sum.write(nativeEntry().getBytes());
            for (Path entry : classPath) {
                for (Path file : files(entry)) {
                    sum.write(entry.relativize(file).toString().getBytes());
                    sum.write(0);
                    Files.copy(file, sum);
                }
            }
        }
        return Sha256.hex(digest);
    }

    @Override
    public void install(Path directory) throws IOException {
        Path libraries = Files.createDirectories(directory.resolve("lib"));
        for (int i = 0; i < classPath.size(); i++) {
            Path from = classPath.get(i);
            Path to = libraries.resolve(i + ".jar");
            if (Files.isDirectory(from)) {
                pack(from, to);
            } else {
                Files.copy(from, to);
            }
        }
        Path natives = Files.createDirectories(directory.resolve("native"));
        unpackNative(libraries, natives.resolve(NATIVE_LIBRARY));
    }

    @Override
    public List<String> arguments(String directory, String port, ArmRequest request) {
        List<String> arguments = new ArrayList<>();
        // A lab is often emulated: the second compiler costs more than it gives back, and a heap of
        // this size needs no threads of the collector's own.
        arguments.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djna.boot.library.path=" + directory + "/native",
                        "-Djna.nounpack=true",
                        "-Djna.nosys=true",
                        "-cp"));
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < classPath.size(); i++) {
            path.append(i == 0 ? "" : ":").append(directory).append("/lib/").append(i);
            path.append(".jar");
        }
        arguments.add(path.toString());
        arguments.add(GuestMain.class.getName());
        arguments.addAll(GuestMain.arguments(port, request));
        return List.copyOf(arguments);
    }

    private void unpackNative(Path libraries, Path to) throws IOException {
        String name = nativeEntry();
        for (int i = 0; i < classPath.size(); i++) {
            try (JarFile jar = new JarFile(libraries.resolve(i + ".jar").toFile())) {
                @Nullable JarEntry entry = jar.getJarEntry(name);
                if (entry != null) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, to);
                    }
                    return;
                }
            }
        }
        throw new IOException("no library of " + classPath + " holds JNA's " + name);
    }

    private static String nativeEntry() {
        String architecture = System.getProperty("os.arch", "?");
        return "com/sun/jna/linux-"
                + (architecture.equals("amd64") ? "x86-64" : architecture)
                + "/"
                + NATIVE_LIBRARY;
    }

    private static void pack(Path classes, Path to) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(to))) {
            for (Path file : files(classes)) {
                JarEntry entry = new JarEntry(classes.relativize(file).toString());
                entry.setTime(0);
                jar.putNextEntry(entry);
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }

    private static List<Path> files(Path entry) throws IOException {
        try (Stream<Path> walk = Files.walk(entry)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Path locate(Class<?> type) throws IOException {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        @Nullable URL location = source == null ? null : source.getLocation();
        if (location == null || !location.getProtocol().equals("file")) {
            throw new IOException(type.getName() + " was not loaded from a file: " + location);
        }
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            // OSGi frameworks make such URLs from paths with blanks, without escaping them.
            return Path.of(location.getPath());
        }
    }
}
