/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes a kernel's reports less trustworthy, as it keeps count itself
 * (Documentation/admin-guide/tainted-kernels.rst).
 *
 * @param bits the number in /proc/sys/kernel/tainted
 */
record Taint(long bits) {

    private static final String LETTERS = "PFSRMBUDAWCIOELKXTN";
    private static final long EXPECTED = bit('O') | bit('E') | bit('P') | bit('C');

    /** Bad page, oops, warning, lockup, machine check: something broke. */
    private static final long BROKEN = bit('B') | bit('D') | bit('W') | bit('L') | bit('M');

    /** What is set here and was not there before. */
    Taint since(Taint before) {
        return new Taint(bits & ~before.bits);
    }

    /** Whether something broke, which any module's own presence does not count as. */
    boolean broken() {
        return (bits & BROKEN) != 0;
    }

    /** Whether there is more than that modules of no distribution were loaded. */
    boolean remarkable() {
        return (bits & ~EXPECTED) != 0;
    }

    /** The letters that the kernel prints in its reports, each with what it means. */
    String words() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if ((bits >>> i & 1) != 0) {
                char letter = i < LETTERS.length() ? LETTERS.charAt(i) : '?';
                words.add(letter + meaning(letter));
            }
        }
        return words.isEmpty() ? "not tainted" : String.join(", ", words);
    }

    private static String meaning(char letter) {
        return switch (letter) {
            case 'P' -> " (a proprietary module)";
            case 'F' -> " (a module was loaded by force)";
            case 'R' -> " (a module was unloaded by force)";
            case 'M' -> " (the processor reported an error)";
            case 'B' -> " (a damaged page)";
            case 'D' -> " (it oopsed)";
            case 'W' -> " (it printed a warning)";
            case 'O' -> " (a module from outside its tree)";
            case 'E' -> " (an unsigned module)";
            case 'L' -> " (a processor was locked up)";
            default -> "";
        };
    }

    private static long bit(char letter) {
        return 1L << LETTERS.indexOf(letter);
    }
}
