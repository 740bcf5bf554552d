package io.schedtrace.model;

import org.jspecify.annotations.Nullable;

/**
 * The {@code traceparent} of W3C Trace Context: which span of which trace is the parent. Programs hand it on in the
 * environment variable {@code TRACEPARENT}.
 *
 * @param traceId the trace
 * @param spanId the span that what comes is a child of
 * @param sampled whether the caller may have recorded its spans
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, traceparent</a>
 */
public record TraceParent(TraceId traceId, SpanId spanId, boolean sampled) {
    /** The environment variable that holds one. */
    public static final String VARIABLE = "TRACEPARENT";

    private static final int VERSION_DIGITS = 2;
    private static final int TRACE_ID = VERSION_DIGITS + 1;
    private static final int SPAN_ID = TRACE_ID + TraceId.DIGITS + 1;
    private static final int FLAGS = SPAN_ID + SpanId.DIGITS + 1;
    private static final int LENGTH = FLAGS + 2;
    private static final String INVALID_VERSION = "ff";
    private static final int SAMPLED = 1;

    /** One whose spans are recorded. */
    public TraceParent(TraceId traceId, SpanId spanId) {
        this(traceId, spanId, true);
    }

    /**
     * The one in the environment of this JVM; null if there is none.
     *
     * @throws IllegalArgumentException as {@link #parse} does
     */
    public static @Nullable TraceParent ofEnvironment() {
        String text = System.getenv(VARIABLE);
        return text == null || text.isEmpty() ? null : parse(text);
    }

    /**
     * Reads {@code 00-<32 digits>-<16 digits>-<2 digits>}; of a later version, what this one has of it.
     *
     * @throws IllegalArgumentException if W3C Trace Context says that {@code text} is to be ignored; the message says
     *     what is wrong with it
     */
    public static TraceParent parse(String text) {
        if (text.length() < LENGTH) {
            throw new IllegalArgumentException(
                    "a traceparent has " + LENGTH + " characters, not " + text.length() + ": \"" + text + '"');
        }
        String version = text.substring(0, VERSION_DIGITS);
        RandomIds.requireHex("version of a traceparent", version, VERSION_DIGITS);
        if (version.equals(INVALID_VERSION)) {
            throw new IllegalArgumentException("a traceparent has no version ff: \"" + text + '"');
        }
        boolean known = version.equals("00");
        if (known ? text.length() > LENGTH : text.length() > LENGTH && text.charAt(LENGTH) != '-') {
            throw new IllegalArgumentException("a traceparent ends after " + LENGTH + " characters: \"" + text + '"');
        }
        for (int dash : new int[] {TRACE_ID - 1, SPAN_ID - 1, FLAGS - 1}) {
            if (text.charAt(dash) != '-') {
                throw new IllegalArgumentException("a traceparent has dashes between its parts: \"" + text + '"');
            }
        }
        String flags = text.substring(FLAGS, LENGTH);
        RandomIds.requireHex("set of trace flags", flags, LENGTH - FLAGS);
        return new TraceParent(
                TraceId.parse(text.substring(TRACE_ID, SPAN_ID - 1)),
                SpanId.parse(text.substring(SPAN_ID, FLAGS - 1)),
                (Integer.parseInt(flags, 16) & SAMPLED) != 0);
    }

    /** The text of version 00, which {@link #parse} reads. */
    @Override
    public String toString() {
        return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
    }
}
