/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Where the bytes of templates come from: the tree that holds {@code drivers/}, {@code probes/} and
 * {@code project/}. Calls read a file, so they do not belong on a user interface's thread; they
 * hold no state and may come from any other.
 */
@FunctionalInterface
public interface TemplateSource {

    /**
     * The bytes of one file.
     *
     * @param path relative, with slashes, from the templates' own manifests; never a user's text
     * @throws KmodscopeException FAILED when it is not there or cannot be read, which means that
     *     the installation is damaged
     */
    byte[] read(String path) throws KmodscopeException;

    /** Templates in a directory: a checkout's {@code kmod-templates}. */
    static TemplateSource directory(Path directory) {
        return path -> {
            try {
                return Files.readAllBytes(directory.resolve(path));
            } catch (NoSuchFileException e) {
                throw missing(path, directory.toString(), e);
            } catch (IOException e) {
                throw unreadable(path, directory.toString(), e);
            }
        };
    }

    /**
     * Templates below a URL that ends with a slash: a bundle's {@code getEntry("/")}, a jar's
     * {@code jar:file:…!/}.
     */
    static TemplateSource url(URL base) {
        return path -> {
            try (var stream = URI.create(base + path).toURL().openStream()) {
                return stream.readAllBytes();
            } catch (FileNotFoundException e) {
                throw missing(path, base.toString(), e);
            } catch (IOException e) {
                throw unreadable(path, base.toString(), e);
            }
        };
    }

    /** Templates on a class path, such as the templates' own jar beside the command line's. */
    static TemplateSource classLoader(ClassLoader loader) {
        return path -> {
            @Nullable InputStream found = loader.getResourceAsStream(path);
            if (found == null) {
                throw missing(path, "the class path", new FileNotFoundException(path));
            }
            try (var stream = found) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw unreadable(path, "the class path", e);
            }
        };
    }

    private static KmodscopeException missing(String path, String where, IOException cause) {
        return new KmodscopeException(
                Kind.FAILED,
                "The template file " + path + " is not in " + where + ".",
                "Install kmodscope again.",
                cause);
    }

    private static KmodscopeException unreadable(String path, String where, IOException cause) {
        return new KmodscopeException(
                Kind.FAILED,
                "The template file %s in %s cannot be read: %s."
                        .formatted(path, where, cause.getMessage()),
                "Install kmodscope again.",
                cause);
    }
}
