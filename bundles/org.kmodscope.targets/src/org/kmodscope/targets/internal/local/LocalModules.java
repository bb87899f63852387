/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Modules;

/**
 * Loads modules into this machine's own kernel by the helper, sees to it that the caller may open
 * their devices, and looks at what became of the kernel.
 */
final class LocalModules implements Modules {

    private static final Path UDEV = Path.of("/run/udev/control");

    private final RootCalls helper;
    private final HostKernelFacts facts;
    private final LoadRefusal refusal;
    // What each loaded module found the kernel like, oldest first.
    private final Map<String, Taint> loaded = new LinkedHashMap<>();

    LocalModules(RootCalls helper, HostKernelFacts facts) {
        this.helper = helper;
        this.facts = facts;
        this.refusal = new LoadRefusal(facts);
    }

    @Override
    public synchronized void load(Path module, List<String> parameters)
            throws KmodscopeException, InterruptedException {
        Path file = real(module);
        String name = name(String.valueOf(file.getFileName()).replaceFirst("\\.ko$", ""));
        List<String> order = new ArrayList<>(List.of("load", file.toString()));
        order.addAll(parameters);
        Taint before = facts.taint();
        boolean there = isLoaded(name);
        try {
            if (helper.order(order.toArray(String[]::new)) instanceof RootCalls.Answer.Refused no) {
                throw refusal.of(
                        String.valueOf(file.getFileName()), no.errno(), no.meaning(), no.log());
            }
        } finally {
            // However the helper ended: a module that came with it has to go.
            if (!there && isLoaded(name)) {
                loaded.put(name, before);
            }
        }
        awaitUdev();
        permit(name);
    }

    @Override
    public synchronized void unload(String module) throws KmodscopeException, InterruptedException {
        String name = name(module);
        if (helper.order("unload", name) instanceof RootCalls.Answer.Refused no) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The module " + module + " cannot be unloaded: " + no.meaning() + ".",
                    "End what uses it, and try again.");
        }
        Optional<Taint> before = Optional.ofNullable(loaded.remove(name));
        if (before.isPresent()) {
            judge(name, facts.taint().since(before.get()));
        }
    }

    /** Unloads what is still there; the failures of those that stay. */
    synchronized List<KmodscopeException> unloadAll() throws InterruptedException {
        List<KmodscopeException> failures = new ArrayList<>();
        for (String name : List.copyOf(loaded.keySet()).reversed()) {
            try {
                unload(name);
            } catch (KmodscopeException e) {
                failures.add(e);
            }
        }
        return failures;
    }

    private static void judge(String name, Taint fresh) throws KmodscopeException {
        if (fresh.broken()) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "This machine's kernel reported a fault while "
                            + name
                            + " was loaded, and is tainted now: "
                            + fresh.words()
                            + ".",
                    "Read its log (sudo dmesg), restart the machine before you trust it again, and"
                            + " look for the fault in the debug lab: kmodscope probe DIR --debug");
        }
    }

    /** udev sets owners of nodes, too, a moment after the kernel has made them. */
    private static void awaitUdev() throws KmodscopeException, InterruptedException {
        HostCommand settle = HostCommand.of("udevadm", "settle", "--timeout=10");
        if (Files.exists(UDEV) && settle.locate().isPresent()) {
            // Where it does not settle, the owner may be udev's choice; opening it will tell.
            settle.capture(new NullProgressMonitor());
        }
    }

    private void permit(String name) throws KmodscopeException, InterruptedException {
        if (helper.order("permit", name) instanceof RootCalls.Answer.Refused no) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The devices of " + name + " cannot be given to you: " + no.meaning() + ".",
                    "Look whether it is still loaded (lsmod); its log may say more.");
        }
    }

    private static boolean isLoaded(String name) {
        return Files.exists(Path.of("/sys/module", name, "initstate"));
    }

    /** A file may have dashes, the module in it has underscores. */
    private static String name(String file) {
        return file.replace('-', '_');
    }

    private static Path real(Path module) throws KmodscopeException {
        try {
            return module.toRealPath();
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    module + " cannot be read: " + Reason.of(e) + ".",
                    "Check that the file is there and that you may read it.",
                    e);
        }
    }
}
