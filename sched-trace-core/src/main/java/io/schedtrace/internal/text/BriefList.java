package io.schedtrace.internal.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists in messages. A short one is shown whole; in a longer one equal things are folded, and the rest is counted. */
public final class BriefList {
    /** The number of lines of the longest list, without the one that counts the rest. */
    public static final int MOST_LINES = 20;

    private BriefList() {}

    /**
     * Equal things of a list.
     *
     * @param count how many there are, {@code first} and {@code last} included
     * @param <T> what they are
     */
    public record Fold<T>(T first, T last, int count) {}

    /**
     * Folds equal things, in the order of the first ones.
     *
     * @param key what equal things have in common; null for what is not folded
     */
    public static <T> List<Fold<T>> fold(
            List<? extends T> things, Function<? super T, ? extends @Nullable Object> key) {
        List<Fold<T>> folds = new ArrayList<>();
        Map<Object, Integer> places = new HashMap<>();
        for (T thing : things) {
            Object common = key.apply(thing);
            Integer place = common == null ? null : places.putIfAbsent(common, folds.size());
            if (place == null) {
                folds.add(new Fold<>(thing, thing, 1));
            } else {
                folds.set(place, new Fold<>(folds.get(place).first, thing, folds.get(place).count + 1));
            }
        }
        return folds;
    }

    /** Returns a line for each thing, or for each fold of a longer list, and at most 21 lines. */
    public static <T> List<String> lines(
            List<? extends T> things,
            Function<? super T, ? extends @Nullable Object> key,
            Function<Fold<T>, String> line) {
        List<Fold<T>> folds = fold(things, thing -> things.size() <= MOST_LINES ? null : key.apply(thing));
        List<String> lines = new ArrayList<>();
        folds.stream().limit(MOST_LINES).map(line).forEach(lines::add);
        int more = folds.stream().skip(MOST_LINES).mapToInt(Fold::count).sum();
        if (more > 0) {
            lines.add("… and " + more + " more");
        }
        return lines;
    }

    /** Returns the lines of texts: {@code text}, or {@code text  x 3} for equal ones. */
    public static List<String> lines(List<String> texts) {
        return lines(texts, text -> text, fold -> fold.first + times(fold));
    }

    /** Returns {@code "  x 3"} for three equal things, and nothing for a single one. */
    public static String times(Fold<?> fold) {
        return fold.count == 1 ? "" : "  x " + fold.count;
    }
}
