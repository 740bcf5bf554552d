package io.schedtrace.internal.collect;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * An immutable list that shares its elements with the list that is made from it: {@link #plus} takes constant time on
 * average, and each list of a growing series stays valid.
 *
 * <p>Any thread may read a list. Adding to the lists of one series needs a lock.
 *
 * @param <E> the type of the elements
 */
public final class SharedList<E> extends AbstractList<E> implements RandomAccess {
    private static final int SMALL = 4;

    private final Elements elements;
    private final int size;

    private SharedList(Elements elements, int size) {
        this.elements = elements;
        this.size = size;
    }

    /** The elements of several lists. The first {@code used} ones do not change. */
    private static final class Elements {
        private final Object[] array;
        private int used;

        Elements(Object[] array) {
            this.array = array;
        }
    }

    /** Returns an immutable list with the elements of {@code list}: the list itself if it cannot change. */
    public static <E> List<E> copyOf(List<E> list) {
        return list instanceof SharedList ? list : List.copyOf(list);
    }

    /** Returns an immutable list with the elements of {@code list}, and then {@code element}. */
    public static <E> List<E> plus(List<E> list, E element) {
        int size = list.size();
        if (size == 0) {
            return List.of(element);
        }
        Elements elements = list instanceof SharedList<E> shared && shared.canGrow()
                ? shared.elements
                : new Elements(Arrays.copyOf(list.toArray(), size + (size < SMALL ? 1 : size / 2)));
        elements.array[size] = Objects.requireNonNull(element);
        elements.used = size + 1;
        return new SharedList<>(elements, size + 1);
    }

    /** Whether there is room, and no other list has been made from this one. */
    private boolean canGrow() {
        return elements.used == size && size < elements.array.length;
    }

    @Override
    @SuppressWarnings("unchecked")
    public E get(int index) {
        return (E) elements.array[Objects.checkIndex(index, size)];
    }

    @Override
    public int size() {
        return size;
    }
}
