package io.schedtrace.cli;

import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TraceListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows the progress of the trace on a terminal while the command runs. The text stands at the right end of the
 * cursor's line, and the cursor does not move: the command writes to the same terminal, so its output on the left, for
 * example a prompt, stays intact. Nothing is shown in the first second.
 */
final class StatusLine implements TraceListener, Closeable {
    private static final long FIRST_MILLIS = 1000;
    private static final long INTERVAL_MILLIS = 500;
    /** Saves the cursor position, turns off line wrapping, moves to the right end of the line. */
    private static final String TO_THE_END = "\0337\033[?7l\033[9999C";

    private static final String BACK = "\033[?7h\0338";
    private static final String DIM = "\033[2m";
    private static final String BRIGHT = "\033[0m";

    private final OutputStream terminal;
    private final ScheduledExecutorService timer;
    private long alive;
    private long ended;
    private long connections;
    private long lost;
    private String drawn = "";

    private StatusLine(OutputStream terminal) {
        this.terminal = terminal;
        timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "sched-trace-status");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts to draw on a terminal. The stream is never closed. */
    static StatusLine on(OutputStream terminal) {
        StatusLine line = new StatusLine(terminal);
        Future<?> unused =
                line.timer.scheduleAtFixedRate(line::draw, FIRST_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return line;
    }

    @Override
    public synchronized void processStarted(ProcessSpan process) {
        alive++;
    }

    @Override
    public synchronized void processEnded(ProcessSpan process) {
        alive--;
        ended++;
    }

    @Override
    public synchronized void connectionOpened(TcpSpan connection) {
        connections++;
    }

    @Override
    public synchronized void recordsLost(Loss loss) {
        lost = loss.records() + loss.untracked() + loss.listenerEvents();
    }

    /** Returns for example {@code 3 alive, 1,204 ended, 17 connections}, with {@code , 5 LOST} if anything was lost. */
    synchronized String text() {
        return String.format(
                Locale.ROOT,
                "%,d alive, %,d ended, %,d connection%s%s",
                alive,
                ended,
                connections,
                connections == 1 ? "" : "s",
                lost == 0 ? "" : String.format(Locale.ROOT, ", %,d LOST", lost));
    }

    /** Clears the text and stops drawing. */
    @Override
    public void close() {
        timer.shutdownNow();
        synchronized (this) {
            if (!drawn.isEmpty()) {
                write(TO_THE_END + left(drawn) + "\033[K" + BACK);
                drawn = "";
            }
        }
    }

    private synchronized void draw() {
        String text = text();
        if (timer.isShutdown() || text.equals(drawn)) {
            return;
        }
        int width = Math.max(text.length(), drawn.length());
        write(TO_THE_END + "\033[" + (width - 1) + "D" + DIM + " ".repeat(width - text.length()) + text + BRIGHT
                + BACK);
        drawn = text;
    }

    private static String left(String text) {
        return "\033[" + (text.length() - 1) + "D";
    }

    private void write(String text) {
        try {
            terminal.write(text.getBytes(StandardCharsets.UTF_8));
            terminal.flush();
        } catch (IOException e) {
            timer.shutdownNow();
        }
    }
}
