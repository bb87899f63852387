/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * What has no C program beside it, measured by JMH. It runs in a JVM of its own, which starts one
 * more for each benchmark, so that what was compiled for one does not change another.
 *
 * @param directory for its report
 */
record JmhRuns(Path directory, boolean quick) {

    /**
     * Runs the methods of a class.
     *
     * @return nanoseconds of an operation, of each iteration: by the method's name, a blank, and
     *     the value of its parameter if it has one
     */
    Map<String, Spread> nanos(Class<?> benchmark) throws KmodscopeException, InterruptedException {
        Path report = directory.resolve(benchmark.getSimpleName() + ".json");
        Captured ended =
                HostCommand.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                // Its lock is for all users of the machine.
                                "-Djmh.ignoreLock=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.openjdk.jmh.Main",
                                "^" + benchmark.getName() + "[.]",
                                "-f=1",
                                "-wi=" + (quick ? 1 : 5),
                                "-w=500ms",
                                "-i=" + (quick ? 3 : 10),
                                "-r=" + (quick ? "100ms" : "300ms"),
                                "-foe=true",
                                "-jvmArgs=-XX:+UseSerialGC -Xms512m -Xmx512m",
                                "-rf=json",
                                "-rff=" + report)
                        .capture(new NullProgressMonitor());
        if (ended.exit() != 0) {
            throw failed(benchmark, ended.words(), null);
        }
        Map<String, Spread> all = new TreeMap<>();
        try {
            String json = Files.readString(report);
            for (JsonElement each : JsonParser.parseString(json).getAsJsonArray()) {
                all.put(name(each.getAsJsonObject()), spread(each.getAsJsonObject()));
            }
            Files.delete(report);
        } catch (IOException | IllegalStateException e) {
            throw failed(benchmark, e.toString(), e);
        }
        return all;
    }

    private static String name(JsonObject result) {
        String method = result.get("benchmark").getAsString().replaceFirst(".*[.]", "");
        if (!result.has("params")) {
            return method;
        }
        JsonObject parameters = result.getAsJsonObject("params");
        String only = parameters.keySet().iterator().next();
        return method + " " + parameters.get(only).getAsString();
    }

    private static Spread spread(JsonObject result) {
        JsonArray iterations =
                result.getAsJsonObject("primaryMetric")
                        .getAsJsonArray("rawData")
                        // Of the one fork.
                        .get(0)
                        .getAsJsonArray();
        return Spread.of(
                StreamSupport.stream(iterations.spliterator(), false)
                        .mapToDouble(JsonElement::getAsDouble)
                        .toArray());
    }

    private static KmodscopeException failed(Class<?> benchmark, String how, Exception cause) {
        return new KmodscopeException(
                Kind.FAILED,
                benchmark.getSimpleName() + " failed: " + how,
                "This is a defect of the benchmark; please report it.",
                cause);
    }
}
