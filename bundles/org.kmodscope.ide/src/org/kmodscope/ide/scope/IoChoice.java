/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.target.IoModel;

/**
 * How the JNA bridge is to get at the device: one model of I/O, or several that take turns.
 *
 * @param words the models' words, in the order of {@link IoModel#WORDS}; at least one
 * @param depth how many requests are kept outstanding by those that submit them, 1 to 64
 * @param turn how long a turn is, where there are several
 */
public record IoChoice(List<String> words, int depth, Duration turn) {

    /** More would be no comparison of models any more, but one of depths. */
    public static final int MOST_DEPTH = 64;

    public IoChoice {
        words = IoModel.WORDS.stream().filter(List.copyOf(words)::contains).toList();
        if (words.isEmpty() || depth < 1 || depth > MOST_DEPTH || !isTurn(turn)) {
            throw new IllegalArgumentException(words + ", " + depth + ", " + turn);
        }
    }

    private static boolean isTurn(Duration time) {
        return time.compareTo(IoModel.Turns.SHORTEST) >= 0
                && time.compareTo(IoModel.Turns.LONGEST) <= 0;
    }

    /** SIGIO alone. */
    public static IoChoice initial() {
        return new IoChoice(List.of("sigio"), 4, Duration.ofSeconds(1));
    }

    /** The same with other models; what is out of bounds leaves it as it is. */
    public IoChoice withWords(List<String> others) {
        return others.isEmpty() ? this : new IoChoice(others, depth, turn);
    }

    /** The same with another depth. */
    public IoChoice withDepth(int other) {
        return new IoChoice(words, other, turn);
    }

    /** The same with other turns. */
    public IoChoice withTurn(Duration other) {
        return new IoChoice(words, depth, other);
    }

    /**
     * Chooses a model, or not any more. The last one stays; one that cannot take turns and the
     * others exclude each other.
     */
    public IoChoice toggled(String word) {
        List<String> next = new ArrayList<>(words);
        if (next.remove(word)) {
            return withWords(next);
        }
        next.add(word);
        boolean turns = next.stream().allMatch(each -> IoModel.whyNoTurns(each).isEmpty());
        return withWords(turns ? next : List.of(word));
    }

    /** What to ask the bridge for, with reads and requests of so many bytes. */
    public IoModel model(int bytes) {
        return IoModel.reading(String.join(",", words), depth, bytes, turn).orElseThrow();
    }

    /** What users read: the model, or how many there are. */
    public String title() {
        return words.size() == 1 ? IoOffer.title(words.getFirst()) : words.size() + " models";
    }
}
