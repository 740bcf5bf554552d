package io.schedtrace.export;

import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TraceListener;

/**
 * An output format of the {@code sched-trace} command, selected with {@code --format NAME}.
 *
 * <p>The formats {@code text}, {@code json}, {@code tree}, {@code html} and {@code perfetto} are built in. To add
 * another one, write a public class with a public no-argument constructor, for example:
 *
 * <pre>{@code
 * public final class SlowestFormat implements TraceFormat {
 *     public String name() {
 *         return "slowest";
 *     }
 *
 *     public TraceListener listener(Appendable out, Labels labels, Redactor redactor, boolean colours) {
 *         return new TraceListener() {
 *             public void traceClosed(Trace trace) {
 *                 try {
 *                     for (ProcessSpan process : slowestFirst(trace)) {
 *                         out.append(process.duration().toMillis() + " ms  " + process.commandLine(redactor) + "\n");
 *                     }
 *                 } catch (IOException e) {
 *                     throw new UncheckedIOException(e);
 *                 }
 *             }
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p>Then name the class in the file {@code META-INF/services/io.schedtrace.export.TraceFormat} of its jar, and put the
 * jar on the class path of the command: {@link java.util.ServiceLoader} finds it there, and {@code sched-trace --format
 * slowest -- make} uses it.
 *
 * @see TraceFormats
 */
public interface TraceFormat {
    /**
     * Returns the name that selects this format: lower-case letters, digits, {@code .}, {@code _} and {@code -},
     * beginning with a letter or a digit. No two formats may have the same name.
     */
    String name();

    /**
     * Returns whether the listener writes each span while the command runs. If it does, the trace at the close has only
     * the spans whose end the listener was not told of, so that the memory of a long run is bounded; and if the output
     * is a terminal, the command shows no status line.
     */
    default boolean streams() {
        return false;
    }

    /** Returns whether the output is only useful as a file. If so, the command requires {@code -o FILE}. */
    default boolean needsFile() {
        return false;
    }

    /**
     * Creates the listener that writes one session.
     *
     * <p>The tracer logs what the listener throws, and the command goes on. Arguments and names that come from traced
     * programs may hold control characters; {@code toString()} of spans and command lines escapes them.
     *
     * @param out takes the output; it is never closed by the listener
     * @param labels the name and the attributes that the user has given the trace
     * @param redactor hides secrets; the listener applies it to arguments and command lines
     * @param colours whether {@code out} is a terminal that shows colours
     */
    TraceListener listener(Appendable out, Labels labels, Redactor redactor, boolean colours);
}
