package io.schedtrace.lab;

import java.util.concurrent.ThreadFactory;

/** Daemon threads for what a session would make the threads of. */
public final class DaemonThreads {
    public static final ThreadFactory FACTORY = body -> {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    };

    private DaemonThreads() {}
}
