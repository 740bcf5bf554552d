package io.schedtrace.export;

import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/** An example of a format that a user adds: the processes of a trace, the slowest first. */
public final class SlowestFormat implements TraceFormat {
    @Override
    public String name() {
        return "slowest";
    }

    @Override
    public TraceListener listener(Appendable out, Labels labels, Redactor redactor, boolean colours) {
        return new TraceListener() {
            @Override
            public void traceClosed(Trace trace) {
                try {
                    out.append(labels.name() == null ? "" : labels.name() + "\n");
                    for (ProcessSpan process : slowestFirst(trace)) {
                        out.append(process.duration().toMillis() + " ms  " + process.commandLine(redactor) + "\n");
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static List<ProcessSpan> slowestFirst(Trace trace) {
        return trace.processes().stream()
                .sorted(Comparator.comparing(ProcessSpan::duration).reversed())
                .toList();
    }
}
