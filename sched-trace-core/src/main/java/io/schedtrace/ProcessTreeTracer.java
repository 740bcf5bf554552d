package io.schedtrace;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.names.HostSources;
import io.schedtrace.internal.session.Backends;
import io.schedtrace.internal.session.Session;
import io.schedtrace.internal.session.SessionOptions;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import io.schedtrace.model.TraceParent;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A tracing session with all its settings.
 *
 * <p>Close it when it is no longer needed. If a tracer becomes unreachable without having been closed, the garbage
 * collector closes its session some time later, with a warning; its processes run on.
 */
public final class ProcessTreeTracer implements Tracer {

    private final TraceId traceId;
    private final boolean killOnClose;
    private final Session session;
    private final Cleanable cleanable;

    private ProcessTreeTracer(Builder builder) {
        SessionOptions options = builder.sessionOptions();
        this.traceId = options.traceId();
        this.killOnClose = builder.killOnClose;
        this.session = Session.open(builder.backend == null ? Backends.chosen() : builder.backend, options);
        this.cleanable = OpenTracers.register(this, session);
    }

    /** A builder with the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    Session session() {
        return session;
    }

    @Override
    public TraceId traceId() {
        return traceId;
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        SpanId spanId = SpanId.random();
        Map<String, String> environment = builder.environment();
        String before = environment.get(TraceParent.VARIABLE);
        boolean ours = before == null || before.equals(System.getenv(TraceParent.VARIABLE));
        if (ours) {
            environment.put(TraceParent.VARIABLE, new TraceParent(traceId, spanId).toString());
        }
        try {
            return session.start(builder, spanId);
        } finally {
            Reference.reachabilityFence(this);
            if (before != null) {
                environment.put(TraceParent.VARIABLE, before);
            } else {
                environment.remove(TraceParent.VARIABLE);
            }
        }
    }

    @Override
    public ThreadScope enter() {
        return ThreadScope.enter(this);
    }

    /**
     * Makes the whole JVM part of the session until the scope is closed: what any thread starts, and the TCP
     * connections of any thread, unless the thread belongs to another tracer that is open or is
     * {@linkplain ThreadScope#outside() outside of all}. Tracing takes note of the threads when they start or connect
     * something, so that the number of threads does not matter.
     *
     * @throws IllegalStateException if the session is closed
     */
    public JvmScope enterJvm() {
        return JvmScope.enter(this);
    }

    /** Whether the innermost scope of the calling thread is one of this tracer. */
    public boolean isEntered() {
        return ThreadScope.isIn(this);
    }

    @Override
    public Runnable wrap(Runnable task) {
        return new ScopedTasks(this).wrap(task);
    }

    @Override
    public <T> Callable<T> wrap(Callable<T> task) {
        return new ScopedTasks(this).wrap(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return new ScopedTasks(this).wrap(executor);
    }

    @Override
    public ExecutorService wrap(ExecutorService executor) {
        return new ScopedTasks(this).wrap(executor);
    }

    @Override
    public Trace trace() {
        return session.trace();
    }

    @Override
    public Trace awaitTree(Duration timeout) throws InterruptedException {
        try {
            return session.awaitTree(timeout);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until every process of the session has ended, for at most that long. It does not wait for connections.
     *
     * @return the processes that still run
     * @throws InterruptedException if the thread is interrupted
     */
    public List<ProcessSpan> awaitProcesses(Duration timeout) throws InterruptedException {
        try {
            return session.awaitProcesses(timeout);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Trace await(Predicate<? super Trace> condition, Duration timeout) throws InterruptedException {
        try {
            return session.await(Awaited.describe(condition), condition, timeout);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public int killTree() throws InterruptedException {
        try {
            return session.killTree();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Ends one process of the tree with SIGKILL, and not its descendants. A {@link TraceListener} may call it.
     *
     * @param process the id of its span
     * @return whether it got the signal; false if it has ended or is not in this trace, or if the tracer is closed
     */
    public boolean kill(SpanId process) {
        try {
            return session.kill(process);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close() {
        session.close(killOnClose);
        cleanable.clean();
    }

    /** The settings of a tracer. Not safe for use by several threads. */
    public static final class Builder {
        private final List<TraceListener> listeners = new ArrayList<>();
        private final List<StaticSource> staticSources = new ArrayList<>(HostSources.staticSources());
        private final List<DynamicSource> dynamicSources = new ArrayList<>(HostSources.dynamicSources());
        private @Nullable TraceId traceId;
        private @Nullable SpanId parentSpanId;
        private @Nullable String sessionName;
        private int ringBytes = FeedOptions.ANY_SIZE;
        private @Nullable Backend backend;
        private Duration linger = Duration.ofSeconds(1);
        private HostOptions hostOptions = HostOptions.defaults();
        private long argumentMemory = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);
        private boolean keepEnded = true;
        private boolean killOnClose;
        private boolean dns;
        private boolean getaddrinfo;

        private Builder() {}

        /** The id that all spans carry; a random one if this is not called. */
        public Builder traceId(TraceId id) {
            traceId = id;
            return this;
        }

        /** The parent of the roots, or of the session's own span if it has one; none if this is not called. */
        public Builder parentSpanId(SpanId id) {
            parentSpanId = id;
            return this;
        }

        /** The parent of the roots, or of the session's own span if it has one, and the trace of that parent. */
        public Builder parent(TraceParent parent) {
            return traceId(parent.traceId()).parentSpanId(parent.spanId());
        }

        /**
         * Makes the session a span of its own, the parent of the roots: {@link Trace#session()}. It begins with
         * {@link #open} and ends with {@link Tracer#close}. Without this call there is none.
         *
         * @param name what it is, for people
         */
        public Builder sessionName(String name) {
            sessionName = name;
            return this;
        }

        /** Adds a listener. */
        public Builder listener(TraceListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Adds a source of host names to the built-in ones. */
        public Builder source(StaticSource source) {
            staticSources.add(source);
            return this;
        }

        /** Adds a source of host names to the built-in ones. */
        public Builder source(DynamicSource source) {
            dynamicSources.add(source);
            return this;
        }

        /** Limits of the resolution of host names, and whether candidates are looked up at all. */
        public Builder hostOptions(HostOptions options) {
            hostOptions = options;
            return this;
        }

        /**
         * Whether the DNS answers that the tree reads are recorded, so that an address has the name that was asked for,
         * whatever resolver library asked. On a UDP socket that is not connected, whatever has the form of an answer is
         * believed. Not if this is not called: while such a session is open, and for a second more, each reading from a
         * socket costs some 50 ns, on the whole machine. Needs {@code dnsjava} on the class path.
         */
        public Builder dns(boolean record) {
            dns = record;
            return this;
        }

        /**
         * Sets whether the results of getaddrinfo(3) in the C library of this JVM are recorded: names as the program
         * has them, also those of systemd-resolved, nscd or mDNS. By default they are not: while such a session is
         * open, and for a second more, each program of the machine that maps the C library starts some 16 us later, and
         * each call costs a few microseconds. {@link #open} refuses it where this JVM has no glibc.
         */
        public Builder getaddrinfo(boolean record) {
            getaddrinfo = record;
            return this;
        }

        /**
         * The size of the kernel's ring buffer, which all tracers of a JVM share; 8 MiB if nobody asks for another.
         *
         * @param bytes a power of two, at least the size of a memory page, at most 512 MiB
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder ringSize(int bytes) {
            if (bytes < 4096 || bytes > 512 << 20 || Integer.bitCount(bytes) != 1) {
                throw new IllegalArgumentException(
                        "a ring size is a power of two from 4096 to " + (512 << 20) + ", not " + bytes);
            }
            ringBytes = bytes;
            return this;
        }

        /**
         * Forces a way to trace. Without this call it is the one that {@code -Dio.schedtrace.via} names, else the first
         * that works, see {@link Tracing#ways()}. All open tracers of a JVM have the same.
         *
         * @throws IllegalArgumentException if that is not one of {@link Tracing#ways()}
         */
        public Builder via(Via way) {
            backend = Backends.forced(way);
            return this;
        }

        /**
         * How long {@link Tracer#awaitTree} waits for connections that the tree has left, and then for names that are
         * being looked up; 1 s each if this is not called.
         */
        public Builder linger(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("a linger time is not negative: " + time);
            }
            linger = time;
            return this;
        }

        /**
         * How many characters of arguments the session keeps in memory: 64 Mi if this is not called, or an eighth of
         * the heap in bytes if that is less. Of later execs only {@code argv[0]} is kept; they are marked as
         * {@linkplain ProcessSpan#argumentsTruncated() truncated} and counted in
         * {@link io.schedtrace.model.Loss#truncated()}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder argumentMemory(long characters) {
            if (characters < 0) {
                throw new IllegalArgumentException("the memory for arguments is not negative: " + characters);
            }
            argumentMemory = characters;
            return this;
        }

        /**
         * Sets whether {@link Tracer#close} also kills the tree, as {@link Tracer#killTree} does; by default it does
         * not.
         */
        public Builder killOnClose(boolean kill) {
            killOnClose = kill;
            return this;
        }

        /**
         * Sets whether {@link Tracer#trace()} has the spans that have ended; true by default. If not, the memory of a
         * long run is bounded: the listeners get each span at its end, and the trace, also the one of
         * {@link TraceListener#traceClosed}, has the spans that are still open, and those whose end was not told
         * because a listener was too slow.
         */
        public Builder keepEnded(boolean keep) {
            keepEnded = keep;
            return this;
        }

        private SessionOptions sessionOptions() {
            return new SessionOptions(
                    traceId == null ? TraceId.random() : traceId,
                    parentSpanId,
                    sessionName,
                    argumentMemory,
                    keepEnded,
                    linger,
                    new FeedOptions(ringBytes, dns, getaddrinfo),
                    hostOptions,
                    List.copyOf(staticSources),
                    List.copyOf(dynamicSources),
                    List.copyOf(listeners));
        }

        /**
         * Opens the session.
         *
         * @throws TracingUnavailableException if this system, kernel or user cannot trace
         * @throws IllegalStateException if tracers with a ring of another size are open
         */
        public ProcessTreeTracer open() {
            return new ProcessTreeTracer(this);
        }
    }
}
