package io.schedtrace.examples.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** What the SDK logs: a line on stderr without a stack trace, but failures of exports, which are summed up at the end. */
final class OtlpLog extends Handler {
    /** Held, since a logger that nobody holds forgets its handlers. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");

    private final PrintWriter err;
    private volatile @Nullable String failure;

    private OtlpLog(PrintWriter err) {
        this.err = err;
        setLevel(Level.WARNING);
        setFormatter(new SimpleFormatter());
    }

    static OtlpLog install(PrintWriter err) {
        OtlpLog log = new OtlpLog(err);
        SDK.setUseParentHandlers(false);
        SDK.addHandler(log);
        return log;
    }

    /** Why the last export failed. */
    Optional<String> reason() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        Throwable thrown = record.getThrown();
        String cause = thrown == null ? "" : " " + thrown.getMessage();
        String message = (getFormatter().formatMessage(record) + cause).replaceAll("\\s+", " ");
        if (String.valueOf(record.getLoggerName()).contains(".exporter.")) {
            failure = message;
        } else {
            err.println("sched-trace: OpenTelemetry: " + message);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
