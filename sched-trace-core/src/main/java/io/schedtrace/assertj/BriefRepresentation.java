package io.schedtrace.assertj;

import io.schedtrace.internal.text.BriefList;
import io.schedtrace.model.ProcessSpan;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.presentation.StandardRepresentation;
import org.jspecify.annotations.Nullable;

/** Shows long lists in failure messages of AssertJ's own assertions as those of this package are shown. */
final class BriefRepresentation extends StandardRepresentation {
    static final BriefRepresentation INSTANCE = new BriefRepresentation();

    private BriefRepresentation() {}

    @Override
    protected String smartFormat(Iterable<?> iterable) {
        List<@Nullable Object> things = new ArrayList<>();
        iterable.forEach(things::add);
        if (things.size() <= BriefList.MOST_LINES) {
            return super.smartFormat(iterable);
        }
        List<String> lines = BriefList.lines(
                things, BriefRepresentation::kind, fold -> toStringOf(fold.first()) + BriefList.times(fold));
        return "[" + String.join(ELEMENT_SEPARATOR_WITH_NEWLINE + "    ", lines) + "]";
    }

    /** What equal elements have in common. */
    private static @Nullable Object kind(@Nullable Object element) {
        return element instanceof ProcessSpan process ? process.commandLine().toString() + process.exit() : element;
    }
}
