package io.schedtrace.cli;

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
    /** Tells of each attempt that failed, if asked to. */
    private static final Logger SENDER = Logger.getLogger("io.opentelemetry.exporter.sender");

    private final PrintWriter err;
    private volatile @Nullable String failure;
    private volatile @Nullable String attempt;

    private OtlpLog(PrintWriter err) {
        this.err = err;
        setLevel(Level.FINER);
        setFormatter(new SimpleFormatter());
    }

    static OtlpLog install(PrintWriter err) {
        OtlpLog log = new OtlpLog(err);
        SDK.setUseParentHandlers(false);
        SDK.addHandler(log);
        SENDER.setLevel(Level.FINER);
        return log;
    }

    /** Why the last export failed. */
    Optional<String> reason() {
        return Optional.ofNullable(failure);
    }

    /** How the last attempt failed, of which there may be many to an export. */
    Optional<String> lastAttempt() {
        return Optional.ofNullable(attempt);
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        Throwable thrown = record.getThrown();
        String cause = thrown == null ? "" : " " + thrown.getMessage();
        String message = (getFormatter().formatMessage(record) + cause).replaceAll("\\s+", " ");
        boolean warning = record.getLevel().intValue() >= Level.WARNING.intValue();
        if (!String.valueOf(record.getLoggerName()).contains(".exporter.")) {
            print(warning, message);
        } else if (warning) {
            failure = message;
        } else {
            attempt = message;
        }
    }

    private void print(boolean warning, String message) {
        if (warning) {
            err.println("sched-trace: OpenTelemetry: " + message);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
