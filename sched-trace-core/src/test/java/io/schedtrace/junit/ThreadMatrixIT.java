package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.schedtrace.junit.ThreadMatrix.Mode;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a test does is found whatever thread does it: {@link ThreadMatrix}, with two and with eight processors. */
@KernelTest
class ThreadMatrixIT {
    @TestFactory
    Stream<DynamicNode> findsEverything() {
        return Stream.of(2, 8).map(processors -> {
            Map<String, String> cells = cells(processors);
            return dynamicContainer(
                    processors + " processors", Arrays.stream(Mode.values()).map(mode -> container(mode, cells)));
        });
    }

    private static DynamicContainer container(Mode mode, Map<String, String> cells) {
        return dynamicContainer(
                mode.label,
                Arrays.stream(Way.values())
                        .flatMap(way -> Arrays.stream(Deed.values())
                                .map(deed -> cell(mode, way, deed, cells.get(mode + " " + way + " " + deed)))));
    }

    private static DynamicTest cell(Mode mode, Way way, Deed deed, String verdict) {
        return dynamicTest(deed + " by " + way.label, () -> {
            assertThat(verdict).as("the child JVM has printed the cell").isNotNull();
            Assumptions.assumeFalse(verdict.startsWith("skipped"), verdict);
            if (mode.isParallel()) {
                assertThat(verdict).matches(way.inParallel::allows, way.inParallel.label);
            } else {
                assertThat(verdict).isEqualTo("TEST");
            }
        });
    }

    /** The verdicts by mode, way and deed. */
    private static Map<String, String> cells(int processors) {
        ChildJvm jvm = new ChildJvm().option("-XX:ActiveProcessorCount=" + processors);
        if (Runtime.version().feature() >= 25) {
            jvm.option("--enable-preview");
        }
        List<String> lines = jvm.lines(ThreadMatrix.class);
        Map<String, String> cells = lines.stream()
                .filter(line -> line.startsWith("cell "))
                .map(line -> line.split(" ", 5))
                .collect(Collectors.toMap(words -> String.join(" ", words[1], words[2], words[3]), words -> words[4]));
        assertThat(cells).as(String.join("\n", lines)).hasSize(Mode.values().length * Way.values().length * 3);
        return cells;
    }
}
