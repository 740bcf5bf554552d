package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.Launcher;
import io.schedtrace.model.TraceParent;
import java.io.InputStream;
import java.io.OutputStream;

/** The command that the launcher runs as its own child. It has the streams of the launcher. */
final class LaunchedCommand extends Process {
    private final long pid;
    private boolean ended;
    private int status;

    private LaunchedCommand(long pid) {
        this.pid = pid;
    }

    /**
     * Has the launcher start it, unless that has been done.
     *
     * @param builder names the command's TRACEPARENT; the launcher knows the rest
     */
    static LaunchedCommand start(KernelProbe probe, long session, long span, ProcessBuilder builder) {
        Launcher.Early early = Launcher.early();
        if (early != null) {
            return new LaunchedCommand(early.pid());
        }
        String traceParent = builder.environment().getOrDefault(TraceParent.VARIABLE, "");
        return new LaunchedCommand(Launcher.start(probe, session, span, traceParent));
    }

    @Override
    public long pid() {
        return pid;
    }

    /** Waits until the command has ended, or the launcher has gone; then the exit value is -1. */
    @Override
    public synchronized int waitFor() {
        if (!ended) {
            status = Launcher.awaitEnd();
            ended = true;
        }
        return exitValue();
    }

    @Override
    public synchronized int exitValue() {
        if (!ended) {
            throw new IllegalThreadStateException("the command has not ended");
        }
        int signal = status & 0x7f;
        return status < 0 ? -1 : signal == 0 ? status >> 8 : 128 + signal;
    }

    @Override
    public void destroy() {
        throw new UnsupportedOperationException("the launcher passes signals on");
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return InputStream.nullInputStream();
    }
}
