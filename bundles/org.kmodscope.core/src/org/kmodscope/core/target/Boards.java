/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.CrossBuild;

/**
 * The boards that a user has described. {@link BoardFile} has them so:
 *
 * <pre>
 * {
 *   "pi": {
 *     "address": "root@raspberrypi.local",
 *     "kernel": "/home/me/linux-rpi",
 *     "arch": "arm64",
 *     "crossCompile": "aarch64-linux-gnu-",
 *     "compiler": "aarch64-linux-gnu-gcc",
 *     "directory": "/var/tmp",
 *     "key": "/home/me/.ssh/id_pi"
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
            Set.of("address", "kernel", "arch", "crossCompile", "compiler", "directory", "key");

    /** Keeps a copy. */
    public Boards {
        list = List.copyOf(list);
    }

    /**
     * Those that a text describes.
     *
     * @throws KmodscopeException USAGE when it cannot be understood
     */
    static Boards parse(String text) throws KmodscopeException {
        List<Board> boards = new ArrayList<>();
        JsonObject all;
        try {
            all = object(JsonParser.parseString(text), "the file");
        } catch (JsonParseException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "This is no JSON: " + e.getMessage(),
                    "Correct the file; the user guide has an example.",
                    e);
        }
        for (Map.Entry<String, JsonElement> one : all.entrySet()) {
            boards.add(board(one.getKey(), object(one.getValue(), one.getKey())));
        }
        return new Boards(boards);
    }

    /** A text that {@link #parse} understands, and so do people. */
    String text() {
        JsonObject all = new JsonObject();
        for (Board board : list) {
            JsonObject one = new JsonObject();
            one.addProperty("address", board.address());
            board.kernel().ifPresent(kernel -> one.addProperty("kernel", kernel));
            board.cross()
                    .ifPresent(
                            cross -> {
                                one.addProperty("arch", cross.arch());
                                one.addProperty("crossCompile", cross.prefix());
                            });
            board.compiler().ifPresent(compiler -> one.addProperty("compiler", compiler));
            if (!board.directory().equals(Board.USUAL_DIRECTORY)) {
                one.addProperty("directory", board.directory());
            }
            board.key().ifPresent(key -> one.addProperty("key", key));
            all.add(board.name(), one);
        }
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all)
                + "\n";
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
                        Board.USUAL_DIRECTORY,
                        Optional.empty());
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
        if (directory.isPresent()) {
            board = board.withDirectory(directory.get());
        }
        Optional<String> key = text(described, "key");
        return key.isPresent() ? board.withKey(key.get()) : board;
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
}
