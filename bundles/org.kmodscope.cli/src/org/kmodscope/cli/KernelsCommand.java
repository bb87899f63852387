/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Table;
import org.kmodscope.cli.internal.terminal.Table.Cell;
import org.kmodscope.cli.internal.terminal.Table.Column;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kernels}: lists, fetches, removes. */
@Command(
        name = "kernels",
        description = "Lists the kernels that drivers can be built for and run on.")
final class KernelsCommand implements Callable<Integer> {

    private final Tool tool;

    @ArgGroup(exclusive = true)
    private Change change = new Change();

    KernelsCommand(Tool tool) {
        this.tool = tool;
    }

    /** At most one change at a time. */
    static final class Change {

        @Option(
                names = "--fetch",
                paramLabel = "ID",
                description = "Fetch this kernel, so that later runs need no network.")
        Optional<String> fetch = Optional.empty();

        @Option(
                names = "--add",
                paramLabel = "DIR",
                description =
                        "List this kernel build directory of yours, too; its path is its ID. It is"
                                + " read where it is.")
        Optional<Path> add = Optional.empty();

        @Option(
                names = "--remove",
                paramLabel = "ID",
                description =
                        "Remove this kernel from the cache; of a directory of yours, only its line"
                                + " in the list.")
        Optional<String> remove = Optional.empty();
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        KernelStore store = tool.parts().kernels();
        if (change.fetch.isPresent()) {
            Kernel kernel = new KernelSteps(tool, tool.steps()).require(change.fetch.get());
            tool.terminal().message(kernel.id() + " is " + kernel.release());
        } else if (change.add.isPresent()) {
            store.add(change.add.get());
            tool.terminal().message(change.add.get() + " is in the list: kmodscope kernels");
        } else if (change.remove.isPresent()) {
            remove(store, change.remove.get());
        } else {
            list(store.list());
        }
        return Exit.SUCCESS.code();
    }

    private void remove(KernelStore store, String id) throws KmodscopeException {
        boolean named =
                store.list().stream().anyMatch(entry -> entry.id().equals(id) && entry.named());
        store.remove(id);
        tool.terminal().message(id + " is not in the " + (named ? "list" : "cache") + " any more");
    }

    private void list(List<KernelEntry> entries) {
        Table table =
                new Table(
                        Column.words("ID"),
                        Column.words("STATE"),
                        Column.numbers("SIZE"),
                        Column.words("KERNEL"));
        for (KernelEntry entry : entries) {
            table.row(
                    List.of(
                            new Cell(entry.id(), Style.PLAIN),
                            state(entry.state()),
                            new Cell(size(entry), Style.PLAIN),
                            new Cell(entry.title(), Style.PLAIN)));
        }
        table.lines(tool.terminal().outFace()).forEach(tool.terminal()::data);
    }

    /** What it takes on disk, or what a fetch would transfer. */
    private static String size(KernelEntry entry) {
        return switch (entry.state()) {
            case READY -> entry.bytes() > 0 ? Quantity.bytes(entry.bytes()) : "-";
            case AVAILABLE ->
                    entry.download() > 0 ? "~" + entry.download() / 1_000_000 + " MB" : "-";
            case LACKING, NOT_YET -> "-";
        };
    }

    private static Cell state(KernelEntry.State state) {
        return switch (state) {
            case READY -> new Cell("ready", Style.GOOD);
            case AVAILABLE -> new Cell("can be fetched", Style.PLAIN);
            case LACKING -> new Cell("not here", Style.FAINT);
            case NOT_YET -> new Cell("not yet", Style.FAINT);
        };
    }
}
