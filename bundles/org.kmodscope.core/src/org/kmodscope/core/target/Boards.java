/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.CrossBuild;

/**
 * The boards that a user has described, in {@code
 * ${XDG_CONFIG_HOME:-~/.config}/kmodscope/boards.json}:
 *
 * <pre>
 * {
 *   "pi": {
 *     "address": "root@raspberrypi.local",
 *     "kernel": "/home/me/linux-rpi",
 *     "arch": "arm64",
 *     "crossCompile": "aarch64-linux-gnu-",
 *     "compiler": "aarch64-linux-gnu-gcc",
 *     "directory": "/var/tmp"
 *   }
 * }
 * </pre>
 *
 * <p>Only the address is needed.
 *
 * @param list those that are described, in the file's order
 */
public record Boards(List<Board> list) {

    private static final Set<String> KEYS =
            Set.of("address", "kernel", "arch", "crossCompile", "compiler", "directory");

    /** Keeps a copy. */
    public Boards {
        list = List.copyOf(list);
    }

    /**
     * Those of a user.
     *
     * @param environment of the process
     * @throws KmodscopeException USAGE when the file cannot be understood
     */
    public static Boards of(Map<String, String> environment) throws KmodscopeException {
        Path configuration =
                Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                        .filter(home -> home.startsWith("/"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home", "/"), ".config"));
        return read(configuration.resolve("kmodscope").resolve("boards.json"));
    }

    /**
     * Those in a file; none when it is not there.
     *
     * @throws KmodscopeException USAGE when it cannot be understood
     */
    public static Boards read(Path file) throws KmodscopeException {
        if (!Files.exists(file)) {
            return new Boards(List.of());
        }
        try {
            List<Board> boards = new ArrayList<>();
            JsonObject all = object(JsonParser.parseString(Files.readString(file)), "the file");
            for (Map.Entry<String, JsonElement> one : all.entrySet()) {
                boards.add(board(one.getKey(), object(one.getValue(), one.getKey())));
            }
            return new Boards(boards);
        } catch (IOException | JsonParseException e) {
            throw wrong(file, e);
        } catch (KmodscopeException e) {
            throw new KmodscopeException(e.kind(), file + ": " + e.getMessage(), e.remedy(), e);
        }
    }

    /** The one of a name; one that nobody described has the name for its address. */
    public Board named(String name) {
        return list.stream()
                .filter(board -> board.name().equals(name))
                .findFirst()
                .orElseGet(() -> Board.at(name));
    }

    private static Board board(String name, JsonObject described) throws KmodscopeException {
        for (String key : described.keySet()) {
            if (!KEYS.contains(key)) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        "The board " + name + " has \"" + key + "\", which means nothing.",
                        "Use some of " + String.join(", ", KEYS.stream().sorted().toList()) + ".");
            }
        }
        Board board =
                new Board(
                        name,
                        text(described, "address").orElse(name),
                        text(described, "kernel"),
                        Optional.empty(),
                        text(described, "compiler"),
                        Board.USUAL_DIRECTORY);
        Optional<String> arch = text(described, "arch");
        Optional<String> prefix = text(described, "crossCompile");
        if (arch.isPresent() != prefix.isPresent()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The board " + name + " has only one of \"arch\" and \"crossCompile\".",
                    "Give both, or none where the board is of this machine's kind.");
        }
        if (arch.isPresent()) {
            board = board.withCross(CrossBuild.of(arch.get(), prefix.orElseThrow()));
        }
        Optional<String> directory = text(described, "directory");
        return directory.isPresent() ? board.withDirectory(directory.get()) : board;
    }

    private static Optional<String> text(JsonObject board, String key) throws KmodscopeException {
        Optional<JsonElement> value = Optional.ofNullable(board.get(key));
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get().isJsonPrimitive() && value.get().getAsJsonPrimitive().isString()) {
            return Optional.of(value.get().getAsString());
        }
        throw new KmodscopeException(
                Kind.USAGE, "\"" + key + "\" is no text.", "Put it into quotation marks.");
    }

    private static JsonObject object(JsonElement element, String what) throws KmodscopeException {
        if (element.isJsonObject()) {
            return element.getAsJsonObject();
        }
        throw new KmodscopeException(
                Kind.USAGE,
                "The value of " + what + " is not in braces.",
                "Write { \"NAME\": { \"address\": \"USER@HOST\" } }.");
    }

    private static KmodscopeException wrong(Path file, Exception cause) {
        return new KmodscopeException(
                Kind.USAGE,
                "The boards in " + file + " cannot be read: " + cause.getMessage() + ".",
                "Correct the file; the user guide has an example.",
                cause);
    }
}
