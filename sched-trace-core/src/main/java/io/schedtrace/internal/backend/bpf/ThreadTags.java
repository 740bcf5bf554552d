package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.backend.Exclusion;
import java.util.function.Consumer;

/**
 * The tags of this JVM and its threads in one probe. Nothing here does anything once the probe is unloaded: its tags
 * and sessions have gone with it.
 */
final class ThreadTags {
    private final KernelProbe probe;
    private final Exclusion ownThreads;
    private boolean ended;

    ThreadTags(KernelProbe probe) {
        this.probe = probe;
        this.ownThreads = new Muted(probe.sessions().openMuted());
    }

    /** Takes the tag off the calling thread. */
    void untag() {
        unlessEnded(KernelProbe::untag);
    }

    /** Has the threads of this JVM that have no open feed of their own belong to that one; to none if it is 0. */
    void tagJvm(long feed) {
        unlessEnded(kernel -> kernel.tagJvm(feed));
    }

    /** The threads that serve the probe and its feeds. */
    Exclusion ownThreads() {
        return ownThreads;
    }

    /** None if all sessions are taken: what the threads do is then recorded for the JVM, as if they were in no feed. */
    synchronized Exclusion exclusion() {
        return ended || probe.sessions().count() == RecordLayout.Limit.SESSIONS
                ? Exclusion.NONE
                : new Muted(probe.sessions().openMuted());
    }

    /** Called before the probe is unloaded. */
    void end() {
        ownThreads.close();
        synchronized (this) {
            ended = true;
        }
    }

    /** If the daemon has stopped, what the action would change has gone with it. */
    private synchronized void unlessEnded(Consumer<KernelProbe> action) {
        if (ended) {
            return;
        }
        try {
            action.accept(probe);
        } catch (ProbeException e) {
            if (!probe.isLost()) {
                throw e;
            }
        }
    }

    /** A muted session. */
    private final class Muted implements Exclusion {
        private final long id;
        private boolean closed;

        Muted(long id) {
            this.id = id;
        }

        @Override
        public void enter() {
            if (PlatformThreads.currentIsVirtual()) {
                throw new IllegalStateException(
                        "a virtual thread cannot leave its tracer: it may change its kernel thread"
                                + " at any call; use a platform thread");
            }
            unlessEnded(kernel -> {
                if (!closed) {
                    kernel.tagThread(id);
                }
            });
        }

        @Override
        public void close() {
            unlessEnded(kernel -> {
                if (!closed) {
                    closed = true;
                    kernel.sessions().close(id);
                }
            });
        }
    }
}
