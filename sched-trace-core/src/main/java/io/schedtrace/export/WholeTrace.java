package io.schedtrace.export;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes a document of the whole trace when the session is closed. */
final class WholeTrace implements TraceListener {
    private final LineSink sink;
    private final Document document;

    WholeTrace(LineSink sink, Document document) {
        this.sink = sink;
        this.document = document;
    }

    @Override
    public void traceClosed(Trace trace) {
        StringBuilder text = new StringBuilder();
        try {
            document.write(trace, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sink.print(text.toString());
    }

    /** Writes a trace. */
    interface Document {
        void write(Trace trace, Appendable out) throws IOException;
    }
}
