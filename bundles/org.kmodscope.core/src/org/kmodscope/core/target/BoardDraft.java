/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.Collection;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.CrossBuild;

/**
 * A board as it is typed into a form, right or wrong; empty is what was left out.
 *
 * @param name what the user calls it
 * @param host a name, an address, or a {@code Host} of {@code ~/.ssh/config}
 * @param key a private key; {@code ~/} is the home directory
 * @param kernel a kernel of the store, or a build directory
 * @param arch as {@link CrossBuild}, and so is the prefix
 * @param directory for files on the board
 */
public record BoardDraft(
        String name,
        String host,
        String user,
        String port,
        String key,
        String kernel,
        String arch,
        String prefix,
        String compiler,
        String directory) {

    /** What was typed; blanks around it are nobody's intention. */
    public BoardDraft {
        name = name.strip();
        host = host.strip();
        user = user.strip();
        port = port.strip();
        key = key.strip();
        kernel = kernel.strip();
        arch = arch.strip();
        prefix = prefix.strip();
        compiler = compiler.strip();
        directory = directory.strip();
    }

    /** A form that nothing was typed into. */
    public static BoardDraft empty() {
        return new BoardDraft("", "", "", "", "", "", "", "", "", "");
    }

    /** The form of a board that there is. */
    public static BoardDraft of(Board board) {
        Destination where;
        try {
            where = Destination.parse(board.address());
        } catch (KmodscopeException wrong) {
            // Written by hand: the form shows it, and says what is wrong with it.
            where = new Destination(Optional.empty(), board.address(), Optional.empty());
        }
        return new BoardDraft(
                board.name(),
                where.host(),
                where.user().orElse(""),
                where.port().map(String::valueOf).orElse(""),
                board.key().orElse(""),
                board.kernel().orElse(""),
                board.cross().map(CrossBuild::arch).orElse(""),
                board.cross().map(CrossBuild::prefix).orElse(""),
                board.compiler().orElse(""),
                board.directory().equals(Board.USUAL_DIRECTORY) ? "" : board.directory());
    }

    /**
     * The board.
     *
     * @param taken names of other boards
     * @throws KmodscopeException USAGE with the first thing that is wrong
     */
    public Board board(Collection<String> taken) throws KmodscopeException {
        checkName(taken);
        Board board =
                new Board(
                        name,
                        address(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Board.USUAL_DIRECTORY,
                        Optional.empty());
        if (!key.isEmpty()) {
            board = board.withKey(inHome(key));
        }
        if (kernel.isEmpty()) {
            throw wrong(
                    "Which kernel the board runs has to be known to build for it.",
                    "Choose one, or the build directory of the board's own.");
        }
        board = board.withKernel(kernel.contains("/") ? inHome(kernel) : kernel);
        if (arch.isEmpty() != prefix.isEmpty()) {
            throw wrong(
                    "Architecture and prefix of the compiler belong together.",
                    "Give both, or none where the kernel's build directory tells.");
        }
        if (!arch.isEmpty()) {
            board = board.withCross(CrossBuild.of(arch, prefix));
        }
        if (!compiler.isEmpty()) {
            board = board.withCompiler(compiler);
        }
        return directory.isEmpty() ? board : board.withDirectory(directory);
    }

    private void checkName(Collection<String> taken) throws KmodscopeException {
        if (name.isEmpty()) {
            throw wrong("The board has no name yet.", "Give it one, such as pi.");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw wrong("The name has characters that cannot be typed.", "Choose another one.");
        }
        if (taken.contains(name)) {
            throw wrong("There is a board " + name + " already.", "Choose another name.");
        }
    }

    private String address() throws KmodscopeException {
        if (host.isEmpty()) {
            throw wrong(
                    "The board's host is missing.",
                    "Give its name or address, or a Host of ~/.ssh/config.");
        }
        Optional<Integer> number = Optional.empty();
        if (!port.isEmpty()) {
            if (!port.matches("[0-9]{1,5}")) {
                throw wrong("\"" + port + "\" is no port.", "Give a number; 22 is the usual one.");
            }
            number = Optional.of(Integer.valueOf(port));
        }
        Optional<String> account = Optional.of(user).filter(text -> !text.isEmpty());
        Destination typed = new Destination(account, host, number);
        Destination read = Destination.parse(typed.toString());
        if (!read.equals(typed)) {
            throw wrong(
                    "\"" + host + "\" is not a host alone.",
                    "User and port have fields of their own.");
        }
        return typed.toString();
    }

    private static String inHome(String path) {
        return path.startsWith("~/")
                ? System.getProperty("user.home", "") + path.substring(1)
                : path;
    }

    private static KmodscopeException wrong(String what, String remedy) {
        return new KmodscopeException(Kind.USAGE, what, remedy);
    }
}
