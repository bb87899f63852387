/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * A specification as text: {@code kmodscope.json} at a project's top.
 *
 * <pre>
 * {
 *   "format": 1,
 *   "template": "globalfifo",
 *   "module": "ringfifo",
 *   "device": "ringfifo",
 *   "author": "Name &lt;address&gt;",
 *   "description": "FIFO with asynchronous notification",
 *   "licence": "GPL-2.0",
 *   "features": ["fasync", "pollout", "poll"],
 *   "kernelMin": "5.10",
 *   "probes": ["sigio"]
 * }
 * </pre>
 *
 * A file of a later format is refused, never guessed at. Members that this version does not know
 * are kept when a file is written again.
 */
public final class SpecFile {

    /** The file's name. */
    public static final String NAME = "kmodscope.json";

    private static final int FORMAT = 1;

    private static final FileAttribute<Set<PosixFilePermission>> AS_ANY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"));

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private SpecFile() {}

    /** The text of a specification, ending with a line feed. */
    public static String format(DriverSpec spec) {
        return GSON.toJson(put(spec, new JsonObject())) + "\n";
    }

    /**
     * The specification in a text.
     *
     * @throws KmodscopeException FAILED, saying what is wrong where
     */
    public static DriverSpec parse(String text) throws KmodscopeException {
        return spec(object(text));
    }

    /**
     * The specification of a project.
     *
     * @param project the project's directory
     * @throws KmodscopeException USAGE when it is no project, FAILED when its file cannot be read
     *     or understood
     */
    public static DriverSpec read(Path project) throws KmodscopeException {
        return parse(text(project.resolve(NAME)));
    }

    /**
     * Replaces a project's specification, in one step: whoever reads sees the old or the new one.
     * Its permissions stay; a new file has those that the umask leaves.
     *
     * @throws KmodscopeException FAILED when the old file is broken or of a later format, or
     *     writing fails; the old file is then as it was
     */
    public static void write(Path project, DriverSpec spec) throws KmodscopeException {
        var file = project.resolve(NAME);
        var old = Files.exists(file) ? object(text(file)) : new JsonObject();
        if (old.size() > 0) {
            checkFormat(old);
        }
        try {
            // A temporary file would be the user's alone, which a project's files are not.
            var beside = Files.createTempFile(project, ".kmodscope-", ".json", AS_ANY_FILE);
            try {
                Files.writeString(beside, GSON.toJson(put(spec, old)) + "\n");
                if (Files.exists(file)) {
                    Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(file));
                }
                Files.move(
                        beside,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    file + " could not be written: " + e.getMessage() + ".",
                    "The file is as it was. Free some space or correct its permissions.",
                    e);
        }
    }

    private static JsonObject put(DriverSpec spec, JsonObject object) {
        object.addProperty("format", FORMAT);
        object.addProperty("template", spec.template());
        object.addProperty("module", spec.module());
        object.addProperty("device", spec.device());
        object.addProperty("author", spec.author());
        object.addProperty("description", spec.description());
        object.addProperty("licence", spec.licence().spdx());
        object.add("features", array(spec.features().asSet().stream().map(Feature::word).toList()));
        object.addProperty("kernelMin", spec.kernelMin().toString());
        spec.probes()
                .ifPresentOrElse(
                        names -> object.add("probes", array(names)), () -> object.remove("probes"));
        return object;
    }

    private static JsonArray array(List<String> words) {
        var result = new JsonArray();
        words.forEach(result::add);
        return result;
    }

    private static DriverSpec spec(JsonObject object) throws KmodscopeException {
        checkFormat(object);
        var features = new ArrayList<Feature>();
        for (var word : strings(object, "features")) {
            features.add(
                    Feature.parse(word)
                            .orElseThrow(() -> broken("has the unknown feature " + word, null)));
        }
        var set = FeatureSet.of(features);
        if (set.asSet().size() != features.size()) {
            throw broken("has features that do not go together: " + features, null);
        }
        Optional<List<String>> probes =
                object.has("probes") ? Optional.of(strings(object, "probes")) : Optional.empty();
        try {
            return DriverSpec.named(string(object, "module"))
                    .template(string(object, "template"))
                    .device(string(object, "device"))
                    .author(string(object, "author"))
                    .description(string(object, "description"))
                    .licence(string(object, "licence"))
                    .features(set)
                    .kernelMin(string(object, "kernelMin"))
                    .probes(probes)
                    .build();
        } catch (KmodscopeException e) {
            if (e.kind() != Kind.USAGE) {
                throw e;
            }
            throw broken("is not valid: " + e.getMessage(), e);
        }
    }

    private static void checkFormat(JsonObject object) throws KmodscopeException {
        var format =
                primitive(object, "format")
                        .filter(JsonPrimitive::isNumber)
                        .orElseThrow(() -> broken("has no number \"format\"", null))
                        .getAsString();
        if (!format.matches("\\d{1,9}")) {
            throw broken("has the format \"" + format + "\", which is no version", null);
        }
        if (Integer.parseInt(format) > FORMAT) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "%s has format %s; this kmodscope understands formats up to %d."
                            .formatted(NAME, format, FORMAT),
                    "Use the kmodscope that wrote it, or a later one.");
        }
        if (Integer.parseInt(format) < 1) {
            throw broken("has the format " + format + ", which there never was", null);
        }
    }

    private static String string(JsonObject object, String name) throws KmodscopeException {
        return primitive(object, name)
                .filter(JsonPrimitive::isString)
                .orElseThrow(() -> broken("has no text \"" + name + "\"", null))
                .getAsString();
    }

    private static List<String> strings(JsonObject object, String name) throws KmodscopeException {
        @Nullable JsonElement element = object.get(name);
        if (!(element instanceof JsonArray array)) {
            throw broken("has no list \"" + name + "\"", null);
        }
        var result = new ArrayList<String>();
        for (var item : array) {
            if (!(item instanceof JsonPrimitive word) || !word.isString()) {
                throw broken("has something other than text in \"" + name + "\"", null);
            }
            result.add(word.getAsString());
        }
        return result;
    }

    private static Optional<JsonPrimitive> primitive(JsonObject object, String name) {
        @Nullable JsonElement element = object.get(name);
        return element instanceof JsonPrimitive primitive
                ? Optional.of(primitive)
                : Optional.empty();
    }

    private static JsonObject object(String text) throws KmodscopeException {
        try (var reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = GSON.getAdapter(JsonElement.class).read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw broken("goes on after its end", null);
            }
            if (element instanceof JsonObject object) {
                return object;
            }
            throw broken("is not a JSON object", null);
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw broken("is not JSON: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws KmodscopeException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    file + " does not exist, so this is not a kmodscope project.",
                    "Name a project's directory, or make one with kmodscope new.",
                    e);
        } catch (CharacterCodingException e) {
            throw broken("is not UTF-8 text", e);
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    file + " could not be read: " + e.getMessage() + ".",
                    "Correct its permissions.",
                    e);
        }
    }

    private static KmodscopeException broken(String what, @Nullable Throwable cause) {
        return new KmodscopeException(
                Kind.FAILED,
                NAME + " " + what + (what.endsWith(".") ? "" : "."),
                "Correct the file, or restore it from your version control.",
                cause);
    }
}
