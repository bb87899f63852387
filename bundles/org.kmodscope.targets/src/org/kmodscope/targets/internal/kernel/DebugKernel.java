/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * A debug lab's kernel, which is built here once, from Debian's kernel source.
 *
 * <pre>
 * kernels/ID/linux, bzImage       the kernel: a program, or what QEMU boots
 *            headers/             what modules are built against
 *            manifest.properties  written last
 * debug-kernel/ID/                source and objects, until it is built
 * </pre>
 */
public final class DebugKernel {

    /** Debian's linux-source, of which there is nothing smaller. */
    private static final long SOURCE_BYTES = 155_000_000;

    private static final String MANIFEST = "manifest.properties";
    private static final String CONFIGURATION = "configuration";
    private static final String HEADERS = "headers";
    private static final String COMPILER = "gcc";

    private final DebugFlavour flavour;
    private final String id;
    private final CacheDirectory cache;
    private final Map<String, String> variables;

    /**
     * @param variables added to the environment of apt
     */
    public DebugKernel(DebugFlavour flavour, CacheDirectory cache, Map<String, String> variables) {
        this.flavour = flavour;
        this.id = flavour.id();
        this.cache = cache;
        this.variables = Map.copyOf(variables);
    }

    /** The name users type. */
    public String id() {
        return id;
    }

    /** Its line in the list. */
    public KernelEntry entry() throws KmodscopeException {
        Optional<Properties> manifest = manifest();
        if (manifest.isEmpty()) {
            boolean older = Files.exists(place().resolve(MANIFEST));
            return new KernelEntry(
                    id,
                    flavour.title()
                            + ", 6.12 with KASAN, lockdep, kmemleak; "
                            + (older
                                    ? "the one here is of another kmodscope, built again"
                                    : "built here")
                            + ", "
                            + flavour.duration(),
                    KernelEntry.State.AVAILABLE,
                    0,
                    SOURCE_BYTES);
        }
        String bytes = manifest.get().getProperty("bytes", "");
        return new KernelEntry(
                id,
                flavour.title()
                        + " with KASAN, lockdep, kmemleak, "
                        + manifest.get().getProperty("release", ""),
                KernelEntry.State.READY,
                bytes.matches("\\d{1,15}") ? Long.parseLong(bytes) : 0);
    }

    /** The kernel if it is complete, and of the configuration that this version wants. */
    public Optional<Kernel> find() throws KmodscopeException {
        Path place = place();
        return manifest()
                .map(
                        manifest ->
                                new Kernel(
                                        id,
                                        manifest.getProperty("release", ""),
                                        place.resolve(HEADERS),
                                        Optional.of(manifest.getProperty("compiler", COMPILER)),
                                        Optional.of(image(place)),
                                        flavour.modules(place.resolve(HEADERS))));
    }

    /**
     * The kernel, built first when it is not here. A build that was cancelled goes on where it was.
     *
     * @throws KmodscopeException MISSING when it cannot be built here
     */
    public Kernel require(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try (CacheDirectory.Locked lock = lock(monitor)) {
            // Somebody else may have built it while this waited.
            Optional<Kernel> now = find();
            if (now.isPresent()) {
                return now.get();
            }
            build(SubMonitor.convert(monitor, "Building the debug kernel", 100));
            return find().orElseThrow(() -> new IllegalStateException(id + " is not complete"));
        } catch (IOException e) {
            throw KernelFetch.storage(cache.directory("kernels"), e);
        }
    }

    /** Removes the kernel, and what a cancelled build left. */
    public void remove(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        try (CacheDirectory.Locked lock = lock(monitor)) {
            setAside();
            Directories.delete(work());
        } catch (IOException e) {
            throw KernelFetch.storage(cache.directory("kernels"), e);
        }
    }

    private void build(SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        setAside();
        Path kernels = cache.directory("kernels");
        DebugSource source = new DebugSource(cache, work(), variables);
        DebugBuild built = new DebugBuild(flavour, work(), source.require(progress.split(15)));
        built.run(progress.split(80));
        progress.subTask("Installing the debug kernel in the store");
        Path fresh = Files.createTempDirectory(kernels, KernelFetch.prefix(id));
        try {
            Files.copy(built.image(), image(fresh), StandardCopyOption.COPY_ATTRIBUTES);
            new DebugHeaders(flavour, built.source(), built.objects())
                    .copyTo(fresh.resolve(HEADERS));
            write(fresh, built.release());
            Files.move(fresh, place(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.delete(fresh);
        }
        progress.subTask("Removing the debug kernel's source");
        Directories.delete(work());
    }

    private void setAside() throws KmodscopeException, IOException {
        Path kernels = cache.directory("kernels");
        if (Files.exists(place(), LinkOption.NOFOLLOW_LINKS)) {
            Path aside = Files.createTempDirectory(kernels, KernelFetch.prefix(id));
            Files.move(place(), aside.resolve("removed"), StandardCopyOption.ATOMIC_MOVE);
        }
        KernelFetch.sweep(kernels, id);
    }

    private void write(Path place, String release) throws IOException {
        Properties written = new Properties();
        written.setProperty("release", release);
        written.setProperty("compiler", COMPILER);
        written.setProperty(CONFIGURATION, Sha256.of(flavour.configuration()));
        written.setProperty("bytes", Long.toString(Packages.size(place)));
        try (Writer writer = Files.newBufferedWriter(place.resolve(MANIFEST))) {
            written.store(writer, null);
        }
    }

    private Optional<Properties> manifest() throws KmodscopeException {
        Path place = place();
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(place.resolve(MANIFEST))) {
            read.load(reader);
        } catch (NoSuchFileException | IllegalArgumentException e) {
            return Optional.empty(); // not there, or damaged: it is built again
        } catch (IOException e) {
            throw KernelFetch.storage(place, e);
        }
        boolean complete =
                !read.getProperty("release", "").isEmpty()
                        && read.getProperty(CONFIGURATION, "").equals(wanted())
                        && Files.isRegularFile(image(place))
                        && Files.isRegularFile(place.resolve(HEADERS).resolve("Makefile"));
        return complete ? Optional.of(read) : Optional.empty();
    }

    /** Tells configurations apart: a kernel of another one is not the kernel that is wanted. */
    private String wanted() throws KmodscopeException {
        try {
            return Sha256.of(flavour.configuration());
        } catch (IOException e) {
            throw KernelFetch.storage(place(), e);
        }
    }

    private Path image(Path place) {
        return place.resolve(String.valueOf(flavour.image().getFileName()));
    }

    private Path place() throws KmodscopeException {
        return cache.directory("kernels").resolve(id);
    }

    private Path work() throws KmodscopeException {
        return cache.directory("debug-kernel").resolve(id);
    }

    private CacheDirectory.Locked lock(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return cache.lock(cache.directory("kernels").resolve(id + ".lock"), monitor);
    }
}
