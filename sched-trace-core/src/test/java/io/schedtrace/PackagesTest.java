package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages of the library and their dependencies, as jdeps sees them. */
class PackagesTest {
    private static final Path CLASSES = Path.of(System.getProperty("basedir", ""), "target/classes");
    private static final Pattern EDGE = Pattern.compile("^ +(io\\.schedtrace\\S*) +-> (io\\.schedtrace\\S*) .*$");

    @TempDir
    private Path directory;

    /** Which package depends on which others. */
    private Map<String, Set<String>> graph() throws IOException {
        Path classes = withoutDescriptor();
        StringWriter out = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        String[] arguments = {"-verbose:package", "--ignore-missing-deps", "-filter:none", classes.toString()};
        assertThat(jdeps.run(new PrintWriter(out), new PrintWriter(out), arguments))
                .as(out.toString())
                .isZero();
        Map<String, Set<String>> graph = new TreeMap<>();
        for (String line : out.toString().lines().toList()) {
            Matcher edge = EDGE.matcher(line);
            if (edge.matches()) {
                Set<String> to = graph.computeIfAbsent(edge.group(1), from -> new TreeSet<>());
                if (!edge.group(1).equals(edge.group(2))) {
                    to.add(edge.group(2));
                }
            }
        }
        return graph;
    }

    /** jdeps wants to resolve all modules that a descriptor requires; the classes alone it takes as they are. */
    private Path withoutDescriptor() throws IOException {
        Path copy = directory.resolve("classes");
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                Path target = copy.resolve(CLASSES.relativize(file).toString());
                if (!file.endsWith("module-info.class")) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }

    /** Packages in cycles, and those that depend on them: what is left when packages without a dependency on what is left are taken away again and again. */
    private static Set<String> inCycles(Map<String, Set<String>> graph) {
        Map<String, Set<String>> left = new TreeMap<>();
        graph.forEach((from, to) -> left.put(from, new TreeSet<>(to)));
        List<String> leaves;
        do {
            leaves = new ArrayList<>();
            for (Map.Entry<String, Set<String>> entry : left.entrySet()) {
                entry.getValue().retainAll(left.keySet());
                if (entry.getValue().isEmpty()) {
                    leaves.add(entry.getKey());
                }
            }
            leaves.forEach(left::remove);
        } while (!leaves.isEmpty());
        return left.keySet();
    }

    @Test
    void shouldHaveNoCycles() throws IOException {
        Map<String, Set<String>> graph = graph();
        assertThat(graph).hasSizeGreaterThan(15).containsKey("io.schedtrace.internal.session");
        assertThat(inCycles(graph)).as(graph.toString()).isEmpty();
    }

    @Test
    void shouldHaveOneUserOfEachLowerLayer() throws IOException {
        Map<String, Set<String>> graph = graph();
        assertThat(usersOf("io.schedtrace.internal.backend.bpf", graph))
                .containsExactly("io.schedtrace.internal.session");
        assertThat(usersOf("io.schedtrace.internal.assemble", graph)).containsExactly("io.schedtrace.internal.session");
        assertThat(usersOf("io.schedtrace.internal.session", graph)).containsExactly("io.schedtrace");
    }

    private static List<String> usersOf(String name, Map<String, Set<String>> graph) {
        return graph.entrySet().stream()
                .filter(entry -> entry.getValue().contains(name))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void shouldFindACycleWhereThereIsOne() {
        assertThat(inCycles(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"))))
                .containsExactly("a", "b", "c");
    }
}
