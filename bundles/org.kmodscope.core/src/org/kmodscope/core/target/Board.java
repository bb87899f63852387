/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.Optional;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.CrossBuild;

/**
 * A board, or any other machine, on which drivers are run by SSH.
 *
 * @param name what the user calls it
 * @param address {@code [USER@]HOST[:PORT]}; a host may be one of {@code ~/.ssh/config}
 * @param kernel what modules for it are built against: a kernel of the store or a build directory
 * @param cross how to build for its processor; empty for this machine's kind
 * @param compiler the C compiler for programs that run on it; empty for the usual one
 * @param directory where files go on it, absolute
 * @param key the file of the private key to be let in by, absolute; empty for the usual ones
 */
public record Board(
        String name,
        String address,
        Optional<String> kernel,
        Optional<CrossBuild> cross,
        Optional<String> compiler,
        String directory,
        Optional<String> key) {

    /** Where files go when nothing else is said. */
    public static final String USUAL_DIRECTORY = "/tmp";

    private static final Pattern DIRECTORY = Pattern.compile("(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+");

    /** One of which only the address is known. */
    public static Board at(String address) {
        return new Board(
                address,
                address,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                USUAL_DIRECTORY,
                Optional.empty());
    }

    /**
     * The same with its files elsewhere.
     *
     * @throws KmodscopeException USAGE when it is no absolute path of plain names
     */
    public Board withDirectory(String path) throws KmodscopeException {
        if (!DIRECTORY.matcher(path).matches()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "\"" + path + "\" cannot be the directory for files on the board " + name + ".",
                    "Write an absolute path of letters, digits and _ . - such as /var/tmp.");
        }
        return new Board(name, address, kernel, cross, compiler, path, key);
    }

    /** The same with a kernel to build against. */
    public Board withKernel(String other) {
        return new Board(name, address, Optional.of(other), cross, compiler, directory, key);
    }

    /** The same with another kind of processor. */
    public Board withCross(CrossBuild other) {
        return new Board(name, address, kernel, Optional.of(other), compiler, directory, key);
    }

    /** The same with a compiler for programs. */
    public Board withCompiler(String program) {
        return new Board(name, address, kernel, cross, Optional.of(program), directory, key);
    }

    /**
     * The same with a private key of its own.
     *
     * @throws KmodscopeException USAGE when it is no absolute path
     */
    public Board withKey(String file) throws KmodscopeException {
        if (!file.startsWith("/")) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "\"" + file + "\" cannot be the key file of the board " + name + ".",
                    "Write the absolute path of a private key, such as /home/me/.ssh/id_ed25519.");
        }
        return new Board(name, address, kernel, cross, compiler, directory, Optional.of(file));
    }
}
