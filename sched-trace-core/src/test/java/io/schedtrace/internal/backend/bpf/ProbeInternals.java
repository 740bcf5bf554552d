package io.schedtrace.internal.backend.bpf;

import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.session.Session;
import java.util.concurrent.Callable;

/** What tests see of the shared probe that other packages do not. */
public final class ProbeInternals {
    /** The size of the ring in bytes if nobody asks for another. */
    public static final int DEFAULT_SIZE = SharedProbe.DEFAULT_SIZE;

    private ProbeInternals() {}

    /** Loads a probe with a ring of that size, if there is none. */
    public static void load(int ringBytes) {
        SharedProbe.get(BpfBackend.IN_PROCESS.source(), ringBytes);
    }

    /** Keeps the ring from being read while {@code action} runs, so that a test can fill it. */
    public static <T> T whileNobodyDrains(Callable<T> action) throws Exception {
        return SharedProbe.get(BpfBackend.IN_PROCESS.source(), FeedOptions.ANY_SIZE)
                .whileNobodyDrains(action);
    }

    /** The number that the BPF programs know a session by. */
    public static long id(Session session) {
        return ((BpfFeed) session.feed()).id();
    }

    /** How many records an open session has made so far, lost ones included. */
    public static long made(Session session) {
        return SharedProbe.get(BpfBackend.IN_PROCESS.source(), FeedOptions.ANY_SIZE)
                .kernel()
                .sessions()
                .made(id(session));
    }

    /** Looks for missed ends of a session though it has no open connections. */
    public static void findMissedEnds(Session session) {
        SharedProbe.get(BpfBackend.IN_PROCESS.source(), FeedOptions.ANY_SIZE)
                .kernel()
                .findMissed(id(session));
    }

    /** After how long without a session the probe is unloaded. */
    public static void unloadAfterMillis(int millis) {
        ReaderThread.idleMillis = millis;
    }
}
