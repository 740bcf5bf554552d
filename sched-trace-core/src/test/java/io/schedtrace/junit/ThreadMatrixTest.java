package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation of {@link ThreadMatrix}. */
class ThreadMatrixTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", ""), "../docs/threads.md");

    @Test
    void shouldBeInTheDocumentation() throws IOException {
        String table = Arrays.stream(Way.values())
                .map(way -> "| " + way.label + " | the test | " + way.inParallel.label + " |\n")
                .collect(Collectors.joining());
        assertThat(DOCUMENT)
                .content()
                .contains("| what is done by | one test at a time | in parallel |\n|---|---|---|\n" + table + "\n");
    }
}
