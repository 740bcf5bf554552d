package io.schedtrace.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BriefListTest {
    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void shouldShowAShortListWhole() {
        List<String> twenty = Collections.nCopies(20, "a");
        assertThat(BriefList.lines(twenty)).isEqualTo(twenty);
        assertThat(BriefList.lines(List.of())).isEmpty();
    }

    @Test
    void shouldFoldEqualThingsOfALongList() {
        List<String> many = new java.util.ArrayList<>(Collections.nCopies(300, "a"));
        many.set(1, "b");
        assertThat(BriefList.lines(many)).containsExactly("a  x 299", "b");
    }

    @Test
    void shouldCountWhatIsLeftOut() {
        List<String> many = new java.util.ArrayList<>(numbers(100));
        many.addAll(List.of("50", "50", "99"));
        assertThat(BriefList.lines(many)).hasSize(21).startsWith("0", "1", "2").endsWith("19", "… and 83 more");
        assertThat(BriefList.lines(numbers(21))).hasSize(21).endsWith("19", "… and 1 more");
    }

    @Test
    void shouldNotFoldWhatHasNoKey() {
        assertThat(BriefList.<String>fold(List.of("a", "b", "a", "b"), text -> text.equals("a") ? null : text))
                .containsExactly(
                        new BriefList.Fold<>("a", "a", 1),
                        new BriefList.Fold<>("b", "b", 2),
                        new BriefList.Fold<>("a", "a", 1));
    }
}
