package io.schedtrace.internal.backend.bpf;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.Exclusion;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.model.Availability;
import io.schedtrace.model.TracingUnavailableException;

/** Records from BPF programs that this JVM loads into the kernel. */
public final class BpfBackend implements Backend {
    /** The one instance: all feeds of a JVM share one set of programs and one ring buffer. */
    public static final BpfBackend INSTANCE = new BpfBackend();

    private BpfBackend() {}

    /** Loads the programs if it can, and keeps them for the first feed. Takes some 50 ms the first time. Never throws. */
    @Override
    public Availability availability() {
        try {
            SharedProbe.get(FeedOptions.ANY_SIZE);
            return new Availability(null, "tracing is available");
        } catch (TracingUnavailableException e) {
            return new Availability(e.reason(), String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            return new Availability(
                    Availability.Reason.REFUSED,
                    "there is no memory or no thread left for tracing (" + e.getMessage()
                            + "); raise the limits of this JVM (-Xmx, ulimit -u) or of its cgroup");
        } catch (RuntimeException | LinkageError e) {
            return new Availability(
                    Availability.Reason.REFUSED, "tracing cannot start, for a reason that it does not know: " + e);
        }
    }

    @Override
    public Feed open(FeedOptions options) {
        return SharedProbe.open(options);
    }

    @Override
    public Exclusion exclusion() {
        SharedProbe loaded = SharedProbe.loaded();
        return loaded == null ? Exclusion.NONE : loaded.exclusion();
    }

    @Override
    public void leave() {
        SharedProbe loaded = SharedProbe.loaded();
        if (loaded != null) {
            loaded.untag();
        }
    }
}
