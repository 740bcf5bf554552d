package io.schedtrace.internal.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedListTest {
    @Test
    void shouldKeepEachListOfASeries() {
        List<List<Integer>> series = new ArrayList<>(List.of(List.of()));
        for (int i = 0; i < 100; i++) {
            series.add(SharedList.plus(series.get(i), i));
        }
        for (int i = 0; i <= 100; i++) {
            List<Integer> expected = IntStream.range(0, i).boxed().toList();
            assertThat(series.get(i)).isEqualTo(expected).hasSameHashCodeAs(expected);
        }
    }

    @Test
    void shouldBranch() {
        List<String> one = SharedList.plus(List.of("a"), "b");
        List<String> left = SharedList.plus(SharedList.plus(one, "c"), "d");
        List<String> right = SharedList.plus(SharedList.plus(one, "x"), "y");
        assertThat(one).containsExactly("a", "b");
        assertThat(left).containsExactly("a", "b", "c", "d");
        assertThat(right).containsExactly("a", "b", "x", "y");
    }

    @Test
    void shouldNotCopyWhatCannotChange() {
        List<String> list = SharedList.plus(List.of("a"), "b");
        List<String> open = new ArrayList<>(list);
        List<String> copy = SharedList.copyOf(open);
        open.add("c");
        assertThat(SharedList.copyOf(list)).isSameAs(list);
        assertThat(copy).containsExactly("a", "b");
    }

    @Test
    void shouldRefuseChangesAndWrongIndices() {
        List<String> list = SharedList.plus(List.of("a"), "b");
        SharedList.plus(list, "c");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> list.add("c"));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(list::clear);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.get(2));
    }
}
