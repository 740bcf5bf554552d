package io.schedtrace.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Handles the log records of the OpenTelemetry SDK. A warning becomes one line on stderr, without its stack trace.
 * Failures of exporters are not printed but kept for the summary that {@link OtlpExport#close} prints.
 */
final class OtlpLog extends Handler {
    /** A strong reference: java.util.logging drops loggers, and their handlers, that are not referenced. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");
    /** Logs each failed attempt at level FINER. */
    private static final Logger SENDER = Logger.getLogger("io.opentelemetry.exporter.sender");

    private final PrintWriter err;
    private final OtlpSecrets secrets;
    private volatile @Nullable String failure;
    private volatile @Nullable String attempt;

    private OtlpLog(PrintWriter err, OtlpSecrets secrets) {
        this.err = err;
        this.secrets = secrets;
        setLevel(Level.FINER);
        setFormatter(new SimpleFormatter());
    }

    static OtlpLog install(PrintWriter err, OtlpSecrets secrets) {
        OtlpLog log = new OtlpLog(err, secrets);
        SDK.setUseParentHandlers(false);
        SDK.addHandler(log);
        SENDER.setLevel(Level.FINER);
        return log;
    }

    /** The reason of the last failed export. */
    Optional<String> reason() {
        return Optional.ofNullable(failure);
    }

    /** The reason of the last failed attempt; one export may make several attempts. */
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
        String message = secrets.hide(getFormatter().formatMessage(record) + cause);
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
