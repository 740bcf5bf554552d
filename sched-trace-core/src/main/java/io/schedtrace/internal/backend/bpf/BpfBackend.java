package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.Launcher;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.Exclusion;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.Via;
import org.jspecify.annotations.Nullable;

/**
 * Records from BPF programs. All feeds of a JVM share one set of programs and one ring buffer, however they were
 * loaded.
 */
public final class BpfBackend implements Backend {
    /** This JVM loads the programs into the kernel. */
    public static final BpfBackend IN_PROCESS = new BpfBackend(new ProbeSource(Via.BPF, ProbeLoader::load));

    /** The daemon loads and keeps them, for a JVM that may not even use bpf(2). */
    public static final BpfBackend DAEMON = new BpfBackend(new ProbeSource(Via.DAEMON, DaemonLoader::load));

    /** The installed helper loads them, for a JVM without capabilities. */
    public static final BpfBackend HELPER = new BpfBackend(new ProbeSource(Via.HELPER, HelperLoader::load));

    /** A tracer makes the records with ptrace(2), for a JVM that has neither capabilities nor the helper. */
    public static final BpfBackend PTRACE = new BpfBackend(new ProbeSource(Via.PTRACE, TracerLoader::load));

    private final ProbeSource source;

    /**
     * The programs that the launcher has loaded, for the command that it has started; null if there are none.
     *
     * @throws TracingUnavailableException if they cannot be used
     */
    public static @Nullable BpfBackend ofLauncher() {
        try {
            Launcher.Early early = Launcher.early();
            return early == null
                    ? null
                    : new BpfBackend(new ProbeSource(early.byHelper() ? Via.HELPER : Via.BPF, size -> early.probe()));
        } catch (ProbeException e) {
            throw new TracingUnavailableException(Reason.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private BpfBackend(ProbeSource source) {
        this.source = source;
    }

    ProbeSource source() {
        return source;
    }

    /**
     * Loads the programs if it can, and keeps them for the first feed. Takes some 50 ms the first time. Never throws.
     */
    @Override
    public Availability availability() {
        try {
            SharedProbe.get(source, FeedOptions.ANY_SIZE);
            return new Availability(null, "tracing is available");
        } catch (TracingUnavailableException e) {
            return new Availability(e.reason(), String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            return new Availability(
                    Reason.REFUSED,
                    "there is no memory or no thread left for tracing (" + e.getMessage()
                            + "); raise the limits of this JVM (-Xmx, ulimit -u) or of its cgroup");
        } catch (RuntimeException | LinkageError e) {
            return new Availability(Reason.REFUSED, "tracing cannot start, for a reason that it does not know: " + e);
        }
    }

    @Override
    public Feed open(FeedOptions options) {
        if (options.getaddrinfo() && source.via() != Via.BPF) {
            throw new TracingUnavailableException(
                    Reason.REFUSED,
                    (source.via() == Via.PTRACE ? "ptrace(2)" : "the " + Constants.lower(source.via()))
                            + " cannot watch getaddrinfo(3); leave getaddrinfo(true) out, or trace as root");
        }
        return SharedProbe.open(source, options);
    }

    @Override
    public Exclusion exclusion() {
        SharedProbe loaded = SharedProbe.loaded();
        return loaded == null ? Exclusion.NONE : loaded.tags().exclusion();
    }

    @Override
    public void leave() {
        SharedProbe loaded = SharedProbe.loaded();
        if (loaded != null) {
            loaded.tags().untag();
        }
    }
}
