/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * How the helper comes to run as root.
 *
 * @param by what asks for the right: {@code pkexec}, {@code sudo}; empty for root itself
 * @param argv what precedes the helper's arguments, the helper included
 */
record RootWay(String by, List<String> argv) {

    /**
     * What there is on a machine to become root with.
     *
     * @param root whether this process is
     * @param installed the helper where root has put it
     * @param polkit whether pkexec is here, knows the helper, and has somebody to ask
     * @param sudo whether sudo is here
     * @param askpass whether sudo has a program that asks for the password
     * @param terminal whether somebody can be asked on a terminal
     */
    record Means(
            boolean root,
            Optional<Path> installed,
            boolean polkit,
            boolean sudo,
            boolean askpass,
            boolean terminal) {}

    /**
     * The best way.
     *
     * @param own the helper in the cache, which only root itself may run from there: whoever can
     *     write it would be root otherwise
     * @throws KmodscopeException MISSING when there is none, with what to install
     */
    static RootWay choose(Means means, Path own) throws KmodscopeException {
        if (means.root()) {
            return new RootWay("", List.of(own.toString()));
        }
        String helper =
                means.installed()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.MISSING,
                                                "Loading a module into this machine's own kernel"
                                                        + " needs root, and the helper that does"
                                                        + " it is not installed.",
                                                "Install it, once: kmodscope local --install,"
                                                        + " or in Eclipse on the page Linux Drivers"
                                                        + " > This Machine."))
                        .toString();
        if (means.polkit()) {
            return new RootWay("pkexec", List.of("pkexec", helper));
        }
        if (!means.sudo()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "There is neither polkit nor sudo to become root with.",
                    "Install one: sudo apt install pkexec polkitd; or run kmodscope as root.");
        }
        List<String> argv = new ArrayList<>(List.of("sudo"));
        if (means.askpass()) {
            argv.add("-A");
        } else if (!means.terminal()) {
            // Where it asks nobody, it fails at once instead of waiting for nobody.
            argv.add("-n");
        }
        argv.add("--");
        argv.add(helper);
        return new RootWay("sudo", List.copyOf(argv));
    }

    /** The whole command for an order to the helper. */
    List<String> command(List<String> order) {
        List<String> all = new ArrayList<>(argv);
        all.addAll(order);
        return all;
    }

    /** What it means that neither the helper nor the kernel said why it failed. */
    KmodscopeException denied(int exit, String words) {
        String said = words.isBlank() ? "" : " It said: " + words.strip();
        if (by.equals("pkexec")) {
            return new KmodscopeException(
                    Kind.FAILED,
                    exit == 126
                            ? "The right to change this machine's kernel was not given." + said
                            : "pkexec could not ask for the right to change this machine's kernel."
                                    + said,
                    "Answer the question with an administrator's password; a lab needs none:"
                            + " kmodscope probe DIR.");
        }
        return new KmodscopeException(
                Kind.FAILED,
                "sudo did not run the helper." + said,
                "Have an administrator allow you /usr/local/libexec/kmodscope-helper in sudoers,"
                        + " run this on a terminal where sudo can ask, or set SUDO_ASKPASS to a"
                        + " program that asks; a lab needs no root: kmodscope probe DIR.");
    }
}
