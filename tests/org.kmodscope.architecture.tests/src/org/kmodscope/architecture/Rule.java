/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The dependency rules of docs/architecture.md, each with what breaks it. */
enum Rule {
    BUNDLES_DEPEND_DOWNWARDS(
            overBundles(
                    bundle ->
                            Stream.concat(
                                    bundle.needs().stream()
                                            .filter(need -> notBelow(bundle.name(), need))
                                            .map(need -> bundle.name() + " requires " + need),
                                    references(
                                            bundle,
                                            (type, reference) ->
                                                    notBelow(bundle.name(), reference))))),

    CORE_NEEDS_NO_PLATFORM(
            overBundles(
                    bundle ->
                            bundle.name().equals("org.kmodscope.core")
                                    ? bundle.clauses("Require-Bundle")
                                            .filter(
                                                    clause ->
                                                            !clause.startsWith(
                                                                    "org.eclipse.equinox.common;"))
                                            .map(clause -> "org.kmodscope.core requires " + clause)
                                    : Stream.empty())),

    BRIDGE_AND_TARGETS_ARE_NAMED_IN_ONE_PLACE(
            overBundles(
                    bundle ->
                            references(
                                    bundle,
                                    (type, reference) ->
                                            !type.outermost()
                                                            .equals("org.kmodscope.cli.Composition")
                                                    && isService(reference)
                                                    && !owns(bundle.name(), reference)))),

    JNA_ONLY_IN_BRIDGE(onlyIn(Set.of("org.kmodscope.bridge"), "com.sun.jna")),

    WIDGETS_ONLY_IN_UI(
            onlyIn(
                    Set.of("org.kmodscope.ui"),
                    "org.eclipse.swt",
                    "org.eclipse.swtchart",
                    "org.eclipse.jface",
                    "org.eclipse.ui",
                    "org.eclipse.debug.ui",
                    "org.eclipse.e4.ui")),

    WORKSPACE_AND_JOBS_ONLY_IN_ECLIPSE_BUNDLES(
            onlyIn(
                    Set.of("org.kmodscope.ide", "org.kmodscope.ui"),
                    "org.eclipse.core.resources",
                    "org.eclipse.core.runtime.jobs",
                    "org.eclipse.debug.core")),

    NO_REEXPORT(
            overBundles(
                    bundle ->
                            bundle.clauses("Require-Bundle")
                                    .filter(clause -> clause.contains("reexport"))
                                    .map(clause -> bundle.name() + " re-exports " + clause))),

    INTERNAL_PACKAGES_ARE_NOT_EXPORTED(
            overBundles(
                    bundle ->
                            bundle.exports().stream()
                                    .filter(name -> List.of(name.split("\\.")).contains("internal"))
                                    .map(name -> bundle.name() + " exports " + name))),

    NO_STATIC_STATE(
            overClasses(
                    type ->
                            type.mutableStatics().stream()
                                    .map(
                                            field ->
                                                    type.name()
                                                            + " has the static variable "
                                                            + field))),

    NO_GET_DEFAULT(
            overClasses(
                    type ->
                            type.methods().stream()
                                    .filter("getDefault"::equals)
                                    .map(method -> type.name() + " has a method getDefault"))),

    NAMES_SAY_THE_ROLE(
            overClasses(
                    type ->
                            Stream.of(type.name())
                                    .filter(Limits.NO_ROLE.asPredicate())
                                    .map(name -> name + " does not say what it is for"))),

    TESTS_WAIT_FOR_CONDITIONS(
            overLines(
                    (source, line) -> source.isTest() && Limits.SLEEP.matcher(line).find(),
                    "sleeps")),

    FILES_ARE_SHORT(
            facts ->
                    facts.sources().stream()
                            .filter(source -> source.lines().size() > Limits.LINES)
                            .filter(source -> !Limits.LONG_FOR_A_REASON.containsKey(source.path()))
                            .map(
                                    source ->
                                            source.path()
                                                    + " has "
                                                    + source.lines().size()
                                                    + " lines")
                            .toList());

    private static final Map<String, Set<String>> BELOW =
            Map.of(
                    "org.kmodscope.core", Set.of(),
                    "org.kmodscope.bridge", Set.of("org.kmodscope.core"),
                    "org.kmodscope.targets", Set.of("org.kmodscope.core"),
                    "org.kmodscope.cli",
                            Set.of(
                                    "org.kmodscope.core",
                                    "org.kmodscope.bridge",
                                    "org.kmodscope.targets"),
                    "org.kmodscope.ide", Set.of("org.kmodscope.core"),
                    "org.kmodscope.ui", Set.of("org.kmodscope.core", "org.kmodscope.ide"));

    private final Function<Facts, List<String>> violations;

    Rule(Function<Facts, List<String>> violations) {
        this.violations = violations;
    }

    /** One sentence for each breach. */
    List<String> violations(Facts facts) {
        return violations.apply(facts);
    }

    // ---- what the rules are made of

    /** Constants of their own class, because an enum's constants cannot name its later fields. */
    private static final class Limits {
        static final int LINES = 400;

        /** Files that may be longer, each with the reason. */
        static final Map<String, String> LONG_FOR_A_REASON = Map.of();

        static final Pattern NO_ROLE = Pattern.compile("(Manager|Helper|Utils?)(\\$|$)");
        static final Pattern SLEEP =
                Pattern.compile(
                        "(?<!\")\\b(Thread|TimeUnit(\\.[A-Z]+)?|[A-Z]+SECONDS)\\.sleep\\s*\\(");
    }

    private static Function<Facts, List<String>> overBundles(
            Function<BundleFacts, Stream<String>> breaches) {
        return facts -> facts.bundles().stream().flatMap(breaches).toList();
    }

    private static Function<Facts, List<String>> overClasses(
            Function<ClassFacts, Stream<String>> breaches) {
        return overBundles(bundle -> bundle.classes().stream().flatMap(breaches));
    }

    private static Function<Facts, List<String>> overLines(
            BiPredicate<SourceFacts, String> breach, String what) {
        return facts ->
                facts.sources().stream()
                        .flatMap(
                                source ->
                                        source.lines().stream()
                                                .filter(line -> breach.test(source, line))
                                                .map(
                                                        line ->
                                                                source.path()
                                                                        + " "
                                                                        + what
                                                                        + ": "
                                                                        + line.strip()))
                        .toList();
    }

    /** These packages, and what lies in them, are named by these bundles alone. */
    private static Function<Facts, List<String>> onlyIn(Set<String> bundles, String... packages) {
        return overBundles(
                bundle ->
                        bundles.contains(bundle.name())
                                ? Stream.empty()
                                : Stream.concat(
                                        bundle.needs().stream()
                                                .filter(need -> isIn(need, packages))
                                                .map(need -> bundle.name() + " requires " + need),
                                        references(
                                                bundle,
                                                (type, reference) -> isIn(reference, packages))));
    }

    private static Stream<String> references(
            BundleFacts bundle, BiPredicate<ClassFacts, String> breach) {
        return bundle.classes().stream()
                .flatMap(
                        type ->
                                type.references().stream()
                                        .filter(reference -> breach.test(type, reference))
                                        .map(reference -> type.name() + " names " + reference));
    }

    private static boolean isIn(String name, String... packages) {
        return Stream.of(packages).anyMatch(each -> owns(each, name));
    }

    private static boolean owns(String root, String name) {
        return name.equals(root) || name.startsWith(root + ".");
    }

    private static boolean isService(String name) {
        return isIn(name, "org.kmodscope.bridge", "org.kmodscope.targets");
    }

    /**
     * Whether {@code name}, a bundle, package or class of ours, is none that {@code bundle} may
     * use.
     */
    private static boolean notBelow(String bundle, String name) {
        return owns("org.kmodscope", name)
                && !owns(bundle, name)
                && BELOW.getOrDefault(bundle, Set.of()).stream()
                        .noneMatch(each -> owns(each, name));
    }
}
