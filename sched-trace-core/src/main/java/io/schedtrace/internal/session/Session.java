package io.schedtrace.internal.session;

import io.schedtrace.bpf.Processes;
import io.schedtrace.internal.assemble.Context;
import io.schedtrace.internal.assemble.SpanAssembler;
import io.schedtrace.internal.assemble.WallClock;
import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.RecordSink;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.TreeStillRunningException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One tracing session: a feed of records, what they come to, and who hears of it. Safe for use by several threads. */
public final class Session implements RecordSink {
    private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

    private final SessionOptions options;
    private final Feed feed;
    private final WallClock clock;
    private final @Nullable OwnSpan ownSpan;
    private final Mailboxes mailboxes;
    private final HostNames hostNames;
    private final SpanAssembler assembler;
    private final MissedProcesses missed;
    private final Completion completion;
    private final Waiting waiting;
    private final LossReport losses;

    /** Held while processes are killed, so that the feed is not closed meanwhile: it would know none of them. */
    private final Object killing = new Object();

    private final StartGate gate = new StartGate();

    private @Nullable Long endNanos;
    private @Nullable Trace closedTrace;

    private Session(SessionOptions options, Feed feed, Mailboxes mailboxes, HostNames hostNames) {
        this.options = options;
        this.feed = feed;
        this.mailboxes = mailboxes;
        this.hostNames = hostNames;
        this.clock = new WallClock(feed.system().wallOffsetNanos());
        this.ownSpan = options.name() == null
                ? null
                : new OwnSpan(
                        options.traceId(),
                        SpanId.random(),
                        options.parentSpanId(),
                        options.name(),
                        feed.system().monotonicNanos());
        SpanId rootParent = ownSpan == null ? options.parentSpanId() : ownSpan.spanId();
        this.assembler = new SpanAssembler(new Context(
                options.traceId(),
                rootParent,
                clock,
                hostNames,
                mailboxes,
                feed.system(),
                options.argumentMemory(),
                options.keepEnded(),
                options.linger()));
        this.missed = new MissedProcesses(assembler, feed);
        this.completion = new Completion(feed, missed, this::version);
        this.waiting = new Waiting(this, feed, completion);
        this.losses = new LossReport(feed, assembler, missed, mailboxes);
    }

    /**
     * Opens a session. If that fails, nothing of it stays behind.
     *
     * @throws TracingUnavailableException if the backend does not work here
     */
    public static Session open(Backend backend, SessionOptions options) {
        Undo undo = new Undo();
        try {
            Feed feed = backend.open(options.feed());
            undo.add(feed::close);
            OwnThreads threads = new OwnThreads(feed);
            Mailboxes mailboxes = new Mailboxes(options.listeners(), threads);
            undo.add(() -> mailboxes.close(listener -> {}, Duration.ZERO));
            HostNames names =
                    HostNames.open(options.hostOptions(), options.staticSources(), options.dynamicSources(), threads);
            undo.add(names::close);
            Session session = new Session(options, feed, mailboxes, names);
            feed.deliverTo(session);
            undo.clear();
            return session;
        } finally {
            undo.run();
        }
    }

    /** Another number after each change of the trace. */
    private long version() {
        long lost = feed.lost().values().stream().mapToLong(Long::longValue).sum();
        return assembler.received() + lost + feed.untracked() + missed.count() + hostNames.changes();
    }

    /** Where the records come from. */
    public Feed feed() {
        return feed;
    }

    /** How many records have arrived. */
    public long received() {
        return assembler.received();
    }

    @Override
    public void accept(TraceRecord record) {
        assembler.accept(record);
    }

    /** Wakes who waits, and tells of losses. */
    @Override
    public void drained() {
        completion.drained();
        losses.tell();
    }

    /** Whether {@link #close} has been called and has come to its end. */
    public synchronized boolean isClosed() {
        return closedTrace != null;
    }

    /**
     * Starts a process in this session.
     *
     * @param spanId the id that its span gets
     * @throws IOException if it cannot be started
     * @throws IllegalStateException if the session is closed
     */
    public Process start(ProcessBuilder builder, SpanId spanId) throws IOException {
        return gate.start(() -> feed.start(builder, spanId.value()));
    }

    /**
     * Makes the calling thread part of the session.
     *
     * @throws IllegalStateException on a virtual thread, or if the session is closed
     */
    public void enter() {
        if (!enterIfOpen()) {
            throw new IllegalStateException("the tracer is closed; open a new one");
        }
    }

    /** As {@link #enter}, unless the session is closed; returns whether it was open. */
    public boolean enterIfOpen() {
        return entered(feed.enter());
    }

    private boolean entered(boolean open) {
        if (open) {
            hostNames.enteredSelf();
        }
        return open;
    }

    /** Takes the calling thread out of the session. */
    public void leave() {
        feed.leave();
    }

    /**
     * Makes all threads of this JVM part of the session that have no open session of their own, and takes over from the
     * session that had them; returns whether the session is open.
     */
    public boolean enterJvm() {
        return entered(feed.enterJvm());
    }

    /** Ends {@link #enterJvm()} of whatever session. */
    public void leaveJvm() {
        feed.leaveJvm();
    }

    /** Everything up to this moment. */
    public synchronized Trace trace() {
        if (closedTrace != null) {
            return closedTrace;
        }
        feed.drain();
        if (missed.count() > 0) {
            missed.look();
        }
        return Trace.builder()
                .traceId(options.traceId())
                .parentSpanId(options.parentSpanId())
                .session(
                        ownSpan == null
                                ? null
                                : ownSpan.at(clock, endNanos, feed.system().monotonicNanos()))
                .processes(assembler.processes())
                .connections(assembler.connections())
                .listeners(assembler.listeners())
                .loss(losses.now())
                .via(feed.via())
                .build();
    }

    /**
     * Waits until {@code condition} holds for the trace, see {@link io.schedtrace.Tracer#await}.
     *
     * @param what what the condition waits for, for messages
     */
    public Trace await(String what, Predicate<? super Trace> condition, Duration timeout) throws InterruptedException {
        return waiting.await(what, condition, timeout);
    }

    /**
     * Waits until every process has ended, then for connections and names.
     *
     * @throws TreeStillRunningException if a process is still running after {@code timeout}
     * @throws InterruptedException if the thread is interrupted
     */
    public Trace awaitTree(Duration timeout) throws InterruptedException {
        if (!completion.awaitProcesses(Completion.after(timeout))) {
            Trace trace = trace();
            throw new TreeStillRunningException(timeout, assembler.describeAlive(), trace);
        }
        completion.awaitSockets(Completion.after(options.linger()));
        feed.drain();
        assembler.awaitNames(options.linger());
        return trace();
    }

    /**
     * Waits until every process has ended, for at most that long.
     *
     * @return the processes that still run
     * @throws InterruptedException if the thread is interrupted
     */
    public List<ProcessSpan> awaitProcesses(Duration timeout) throws InterruptedException {
        if (assembler.received() == 0 && completion.processesHaveEnded()) {
            return List.of();
        }
        completion.awaitProcesses(Completion.after(timeout));
        return trace().processes().stream().filter(ProcessSpan::running).toList();
    }

    /**
     * Ends every process of the session with SIGKILL, those that appear meanwhile included, and waits for at most 5 s
     * until they have ended.
     *
     * @return how many got the signal
     * @throws InterruptedException if the thread is interrupted
     */
    public int killTree() throws InterruptedException {
        synchronized (killing) {
            return new TreeKiller(completion, new Members(feed, assembler, missed)).killAll();
        }
    }

    /**
     * Ends one process of the session with SIGKILL.
     *
     * @return whether it got the signal; false if it has ended, or is not of this session
     */
    public boolean kill(SpanId process) {
        synchronized (killing) {
            Long pid = isClosed() ? null : assembler.pidOf(process);
            return pid != null
                    && new SignalSender(new Members(feed, assembler, missed))
                            .sendToOne(pid, () -> pid.equals(assembler.pidOf(process)), Processes.SIGKILL);
        }
    }

    /**
     * Ends the session. From the beginning of this call nothing can be started in it. Closing twice does nothing.
     *
     * @param kill whether all its processes are ended before
     */
    public void close(boolean kill) {
        gate.shut();
        if (kill) {
            killUninterrupted();
        }
        Trace trace;
        synchronized (this) {
            if (closedTrace != null) {
                return;
            }
            endNanos = endNanos == null ? feed.system().monotonicNanos() : endNanos;
            feed.findMissedEnds();
            feed.drain();
        }
        try {
            assembler.awaitNames(options.linger());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (kill) {
            // A thread of this session may have started more while names were looked up.
            killUninterrupted();
        }
        synchronized (killing) {
            synchronized (this) {
                if (closedTrace != null) {
                    return;
                }
                // First: what starts later is not in the trace, and is another session's.
                feed.end();
                trace = trace();
                closedTrace = trace;
                losses.tell();
                feed.close();
            }
        }
        completion.closed();
        // Names have had their time: no event waits for one any more.
        hostNames.close();
        mailboxes.close(listener -> listener.traceClosed(trace), CLOSE_TIME);
    }

    /** Kills all processes though the thread be interrupted, which it is then afterwards. */
    private void killUninterrupted() {
        boolean interrupted = Thread.interrupted();
        try {
            while (!completion.processesHaveEnded()) {
                try {
                    killTree();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
