/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.Stimulus;

/**
 * Calls of a session as words; equal words are the same call, whatever machine they are made on.
 */
final class Calls {

    private Calls() {}

    static List<String> put(String remote) {
        return List.of("put", remote);
    }

    /** A module by the name of its file: its directory is nobody's concern. */
    static List<String> load(Path module, List<String> parameters) {
        return with(List.of("load", String.valueOf(module.getFileName())), parameters);
    }

    static List<String> unload(String module) {
        return List.of("unload", module);
    }

    static List<String> start(List<String> argv) {
        return with(List.of("start"), argv);
    }

    static List<String> events() {
        return List.of("events");
    }

    static List<String> arm(ArmRequest request) {
        return with(List.of("arm", request.device()), model(request.model()));
    }

    static List<String> disarm(int stream) {
        return List.of("disarm", Integer.toString(stream));
    }

    static List<String> bridge(ArmRequest request) {
        return with(List.of("bridge", request.device()), model(request.model()));
    }

    /** Without its numbers: what was written was written, however much is asked for. */
    static List<String> stimulate(Stimulus stimulus) {
        return List.of("stimulate", stimulus.device());
    }

    private static List<String> model(IoModel model) {
        List<String> words = new ArrayList<>();
        words.add(model.word());
        switch (model) {
            case IoModel.Signals signals -> words.add(signals.drain() ? "drain" : "leave");
            case IoModel.Queued queued -> {
                words.add(queued.direction().name());
                words.add(Integer.toString(queued.depth()));
            }
            case IoModel.Readiness readiness -> words.add("READ");
            case IoModel.Blocking blocking -> words.add(blocking.direction().name());
            case IoModel.Turns turns -> words.add(Integer.toString(turns.depth()));
        }
        return words;
    }

    private static List<String> with(List<String> words, List<String> more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(more);
        return all;
    }
}
