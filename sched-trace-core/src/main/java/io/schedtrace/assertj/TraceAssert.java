package io.schedtrace.assertj;

import io.schedtrace.internal.text.Ascii;
import io.schedtrace.internal.text.BriefList;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import io.schedtrace.model.Via;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.SoftAssertionsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a whole trace: {@link TraceAssertions#assertThat(Trace)}. An {@linkplain Via#UNTRACED untraced} trace
 * aborts the test, which is reported as skipped: nothing can be asserted on it. Examples are of {@code sh -c 'ls | wc
 * -l'}.
 */
public class TraceAssert extends AbstractProcessesAssert<TraceAssert> {
    /** For AssertJ, which makes soft assertions of it; {@link TraceAssertions#assertThat(Trace)} is for you. */
    public TraceAssert(@Nullable Trace actual) {
        super(actual, TraceAssert.class);
        if (actual != null && actual.via() == Via.UNTRACED) {
            throw Untraced.abort();
        }
        of(actual, null);
    }

    /**
     * Goes on to the list of all processes, for AssertJ's assertions on lists.
     *
     * <pre><code class='java'>
     * assertThat(trace).processes().extracting(ProcessSpan::name).containsOnly("sh", "ls", "wc"); // passes
     * assertThat(trace).processes().hasSize(2); // fails</code></pre>
     */
    @SuppressWarnings("unchecked")
    public final ListAssert<ProcessSpan> processes() {
        List<ProcessSpan> processes = actual == null ? null : actual.processes();
        SoftAssertionsProvider collector = collector();
        ListAssert<ProcessSpan> assertion = collector == null
                ? Assertions.assertThat(processes)
                : collector.proxy(ListAssert.class, List.class, processes);
        return assertion
                .withRepresentation(BriefRepresentation.INSTANCE)
                .as(
                        "%s",
                        actual == null
                                ? "processes"
                                : Ascii.ifNeeded("processes of\n" + Described.tree(actual) + "\n"));
    }

    /**
     * Goes on to the only process that has no parent in the trace: the command, if one was launched.
     *
     * <pre><code class='java'>
     * assertThat(trace).root().exitedWith(0); // passes
     * assertThat(trace).root().exitedWith(1); // fails</code></pre>
     */
    public final ProcessAssert root() {
        return goOn(
                ProcessAssert::new,
                ProcessAssert.class,
                ProcessSpan.class,
                trace -> only(trace.roots()),
                trace ->
                        "Expecting trace to have one root\nbut the roots were:\n" + Described.processes(trace.roots()));
    }

    /**
     * Goes on to the only process that has that {@linkplain ProcessSpan#name() name}. If there may be several, pick one
     * from {@link Trace#processes()} for {@link TraceAssertions#assertThat(Trace, ProcessSpan)}.
     *
     * <pre><code class='java'>
     * assertThat(trace).process("ls").exitedWith(0); // passes
     * assertThat(trace).process("grep"); // fails
     * // make -j4: compiles four files
     * assertThat(trace).process("cc"); // fails: there are four</code></pre>
     */
    public final ProcessAssert process(String name) {
        return goOn(
                ProcessAssert::new,
                ProcessAssert.class,
                ProcessSpan.class,
                trace -> only(Described.named(trace, name).toList()),
                trace -> "Expecting trace to have one process named:\n  " + name + "\n"
                        + (Described.named(trace, name).findAny().isEmpty()
                                ? Described.names(trace)
                                : "but these have that name:\n"
                                        + Described.processes(
                                                Described.named(trace, name).toList())));
    }

    /**
     * Succeeds if nothing was lost and everything has ended: {@link Trace#isComplete()}.
     *
     * <pre><code class='java'>
     * assertThat(t.awaitTree(Duration.ofSeconds(5))).isComplete(); // passes
     * // sh -c 'sleep 100 &amp; exit 0', after waitFor()
     * assertThat(t.trace()).isComplete(); // fails</code></pre>
     */
    public TraceAssert isComplete() {
        return expect(
                Trace::isComplete,
                trace -> "Expecting trace to be complete\nbut there were:\n" + Described.lines(missing(trace)));
    }

    /**
     * Succeeds if the tree of names, as {@link TreeText#names(Trace)} draws it, is {@code picture}. Siblings stand in
     * the order of their forks; {@link #hasTreeLikeInAnyOrder} does without an order. Blanks at the ends of lines and
     * empty lines at the end do not count, so that a text block will do.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasTreeLike("sh\n├─ ls\n└─ wc"); // passes
     * assertThat(trace).hasTreeLike("sh\n└─ ls\n   └─ wc"); // fails</code></pre>
     */
    public TraceAssert hasTreeLike(String picture) {
        String expected = stripped(picture);
        return expect(
                trace -> TreeText.names(trace).equals(expected),
                trace -> "Expecting trace to have a tree like:\n" + Described.around(expected, TreeText.names(trace))
                        + "\nbut it was:\n" + Described.around(TreeText.names(trace), expected));
    }

    /**
     * Succeeds if the tree of names is {@code picture} but for the order of siblings: for what runs at the same time,
     * as with {@code make -j}. Each name stands as often as there are processes of it. Blanks are as in
     * {@link #hasTreeLike}.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasTreeLikeInAnyOrder("sh\n├─ wc\n└─ ls"); // passes
     * assertThat(trace).hasTreeLikeInAnyOrder("sh\n└─ ls\n   └─ wc"); // fails</code></pre>
     *
     * @throws IllegalArgumentException if {@code picture} is none; the message names the line
     */
    public TraceAssert hasTreeLikeInAnyOrder(String picture) {
        String expected = stripped(picture);
        TreePicture wanted = TreePicture.parse(expected);
        return expect(
                trace -> TreePicture.of(trace).equalsInAnyOrder(wanted),
                trace -> "Expecting trace to have a tree like, with siblings in any order:\n"
                        + Described.around(expected, TreeText.names(trace)) + "\nbut it was:\n"
                        + Described.around(TreeText.names(trace), expected));
    }

    private static String stripped(String picture) {
        return picture.stripTrailing().lines().map(String::stripTrailing).collect(Described.LINES);
    }

    private static <T> @Nullable T only(List<T> things) {
        return things.size() == 1 ? things.get(0) : null;
    }

    private static List<String> missing(Trace trace) {
        List<String> missing = new ArrayList<>();
        Loss loss = trace.loss();
        loss.recordsByType().forEach((type, count) -> missing.add(count + " lost kernel records: " + type));
        add(missing, loss.untracked(), "processes or sockets that could not be followed");
        add(missing, loss.listenerEvents(), "events that a listener was too slow to take");
        if (loss.cut() != null) {
            missing.add("the end of the trace: " + loss.cut());
        }
        List<Span> spans = Stream.of(trace.processes(), trace.connections(), ofProcesses(trace.listeners()))
                .flatMap(List<? extends Span>::stream)
                .map(Span.class::cast)
                .filter(span -> !span.complete())
                .toList();
        missing.addAll(BriefList.lines(
                spans,
                TraceAssert::kind,
                fold -> Described.span(fold.first()) + state(fold.first()) + BriefList.times(fold)));
        return missing;
    }

    /** Listeners of the tracing JVM may be open in a complete trace. */
    private static List<ListenSpan> ofProcesses(List<ListenSpan> listeners) {
        return listeners.stream()
                .filter(listener -> listener.processSpanId() != null)
                .toList();
    }

    private static void add(List<String> missing, long count, String what) {
        if (count > 0) {
            missing.add(count + " " + what);
        }
    }

    /** What equal unfinished spans have in common. */
    private static String kind(Span span) {
        return (span instanceof ProcessSpan process ? process.name() : Described.span(span)) + state(span);
    }

    private static String state(Span span) {
        return span.endTime() == null ? ", not ended" : ", incomplete";
    }
}
