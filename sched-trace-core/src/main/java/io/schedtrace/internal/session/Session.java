package io.schedtrace.internal.session;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.Libc;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.bpf.SessionTable;
import io.schedtrace.internal.assemble.SpanAssembler;
import io.schedtrace.internal.backend.bpf.SharedProbe;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TreeStillRunningException;
import io.schedtrace.model.Via;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One tracing session: a number in the kernel, and what its records come to. */
public final class Session {
    private static final Duration CLOSE_TIME = Duration.ofSeconds(5);
    private static final Duration KILL_TIME = Duration.ofSeconds(5);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MISSED_CONNECTIONS_NANOS = 50 * NANOS_PER_MILLI;
    private static final long MISSED_PROCESSES_NANOS = 1000 * NANOS_PER_MILLI;

    private final SharedProbe probe;
    private final long id;
    private final TraceId traceId;
    private final @Nullable SpanId parentSpanId;
    private final @Nullable Scope scope;
    private final SpanAssembler assembler;
    private final HostNames hostNames;
    private final Mailboxes mailboxes;
    private final Object quiet = new Object();

    /** Processes, counted by the kernel side, that did not exist any more when that was looked at last. */
    private Set<Long> gone = new HashSet<>();

    /** How many processes have ended unseen. */
    private volatile long missed;

    private long lossTold;
    private long endNanos;
    private @Nullable Trace closedTrace;

    public Session(
            SharedProbe probe,
            long id,
            TraceId traceId,
            @Nullable SpanId parentSpanId,
            @Nullable Scope scope,
            SpanAssembler assembler,
            HostNames hostNames,
            Mailboxes mailboxes) {
        this.probe = probe;
        this.id = id;
        this.traceId = traceId;
        this.parentSpanId = parentSpanId;
        this.scope = scope;
        this.assembler = assembler;
        this.hostNames = hostNames;
        this.mailboxes = mailboxes;
    }

    public SharedProbe probe() {
        return probe;
    }

    /** The number that the kernel side knows it by. */
    public long id() {
        return id;
    }

    /** How many records have arrived. */
    public long received() {
        return assembler.received();
    }

    public void accept(KernelRecord record) {
        assembler.accept(record);
    }

    /** Called by the reader when it has drained the ring: wakes who waits, tells of losses. */
    public void afterDrain() {
        SessionTable table = probe.table();
        if (table.processes(id) == 0) {
            synchronized (quiet) {
                quiet.notifyAll();
            }
        }
        tellLoss();
    }

    private void tellLoss() {
        if (!mailboxes.wanted()) {
            return;
        }
        synchronized (mailboxes) {
            Loss loss = loss();
            if (loss.records() + loss.untracked() > lossTold) {
                lossTold = loss.records() + loss.untracked();
                mailboxes.publish(listener -> listener.recordsLost(loss));
            }
        }
    }

    private Loss loss() {
        SessionTable table = probe.table();
        Map<String, Long> records = new TreeMap<>();
        for (int type = 1; type < RecordLayout.TYPES; type++) {
            long lost = table.lost(id, type) + (type == RecordLayout.PROCESS_END ? missed : 0);
            if (lost > 0) {
                records.put(RecordLayout.typeName(type), lost);
            }
        }
        return Loss.builder()
                .recordsByType(records)
                .untracked(table.untracked(id))
                .truncated(table.truncated(id))
                .listenerEvents(mailboxes.dropped())
                .build();
    }

    public synchronized boolean isClosed() {
        return closedTrace != null;
    }

    /** Tags the calling thread, so that what it starts belongs here. */
    public void enter(int scope, long span) {
        if (!enterIfOpen(scope, span)) {
            throw new IllegalStateException("the tracer is closed; open a new one");
        }
    }

    /** The same, unless the session is closed; whether it was open. */
    public synchronized boolean enterIfOpen(int scope, long span) {
        if (closedTrace != null) {
            return false;
        }
        if (scope == KernelProbe.SCOPE_TEST) {
            hostNames.enteredSelf();
        }
        probe.kernel().scope(id, scope, span);
        return true;
    }

    /** Takes the tag off the calling thread. */
    public void leave() {
        probe.leaveScope();
    }

    public synchronized Trace trace() {
        if (closedTrace != null) {
            return closedTrace;
        }
        probe.drain();
        if (missed > 0) {
            countMissedProcesses();
        }
        return Trace.builder()
                .traceId(traceId)
                .parentSpanId(parentSpanId)
                .session(scope == null ? null : scope.span(traceId, endNanos))
                .processes(assembler.processes())
                .connections(assembler.connections())
                .loss(loss())
                .via(Via.BPF)
                .build();
    }

    public Trace awaitTree(Duration timeout, Duration linger, Duration names) throws InterruptedException {
        long deadline = after(timeout);
        if (!awaitProcesses(deadline)) {
            Trace trace = trace();
            throw new TreeStillRunningException(timeout, assembler.alive().values(), trace);
        }
        awaitConnections(after(linger));
        drain();
        assembler.awaitNames(names);
        return trace();
    }

    /** The {@link System#nanoTime()} of then; that of some far day if the number cannot hold it. */
    private static long after(Duration time) {
        return System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(time), Long.MAX_VALUE / 2);
    }

    private synchronized void drain() {
        if (closedTrace == null) {
            probe.drain();
        }
    }

    /** Waits until every connection has ended, and looks meanwhile for ends that the kernel side has missed. */
    private void awaitConnections(long deadline) throws InterruptedException {
        long next;
        do {
            findMissed();
            next = Math.min(deadline, System.nanoTime() + MISSED_CONNECTIONS_NANOS);
        } while (!await(next, true) && next - deadline < 0);
    }

    private synchronized void findMissed() {
        if (closedTrace == null && probe.table().connections(id) > 0) {
            probe.kernel().findMissed(id);
        }
    }

    /** Waits until every process has ended, for so long at the most; those that have not. */
    public List<ProcessSpan> awaitProcesses(Duration timeout) throws InterruptedException {
        awaitProcesses(after(timeout));
        return trace().processes().stream().filter(ProcessSpan::running).toList();
    }

    /** Waits until every process has ended, and looks meanwhile for those whose end the kernel side has missed. */
    private boolean awaitProcesses(long deadline) throws InterruptedException {
        while (true) {
            long next = Math.min(deadline, System.nanoTime() + MISSED_PROCESSES_NANOS);
            if (await(next, false)) {
                return true;
            }
            if (next == deadline) {
                return false;
            }
            countMissedProcesses();
        }
    }

    /**
     * A process that is gone has ended, though no record may say so: its record was lost, which is counted, or the kernel
     * left out the program (twice.bpf.h), or it went on as a thread without a tag. The last two count as a lost record, if
     * it is so for the second time.
     */
    private synchronized void countMissedProcesses() {
        if (closedTrace != null) {
            return;
        }
        Set<Long> now = new HashSet<>(assembler.tracked());
        now.removeIf(pid -> pid == 0 || Libc.exists(pid));
        probe.drain();
        now.retainAll(assembler.tracked());
        gone.retainAll(now);
        missed = Math.max(0, gone.size() - probe.table().lost(id, RecordLayout.PROCESS_END));
        gone = now;
    }

    /** Whether all processes, and connections if asked for, have ended by the deadline. */
    private boolean await(long deadline, boolean connectionsToo) throws InterruptedException {
        synchronized (quiet) {
            while (!isQuiet(connectionsToo)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                quiet.wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
            }
            return true;
        }
    }

    private synchronized boolean isQuiet(boolean connectionsToo) {
        if (closedTrace != null) {
            return true;
        }
        SessionTable table = probe.table();
        return table.processes(id) <= missed && (!connectionsToo || table.connections(id) == 0);
    }

    /**
     * Ends every process of the session with SIGKILL, those that appear meanwhile included.
     *
     * @return how many got the signal
     */
    public int killTree() throws InterruptedException {
        Set<Long> killed = new HashSet<>();
        TreeKiller killer = new TreeKiller(this::members);
        long deadline = System.nanoTime() + KILL_TIME.toNanos();
        while (!isQuiet(false) && System.nanoTime() < deadline) {
            killed.addAll(killer.kill(deadline));
            await(Math.min(deadline, System.nanoTime() + 20 * NANOS_PER_MILLI), false);
        }
        return killed.size();
    }

    /** The processes that have not ended: by the records, which is quicker, or by the kernel, if some have been lost. */
    private synchronized Set<Long> members() {
        if (closedTrace != null) {
            return Set.of();
        }
        probe.drain();
        SessionTable table = probe.table();
        long unknown = missed
                + table.untracked(id)
                + table.lost(id, RecordLayout.PROCESS_START)
                + table.lost(id, RecordLayout.PROCESS_END);
        return unknown == 0 ? assembler.alive().keySet() : probe.kernel().members(id);
    }

    public void close(Duration names) {
        Trace trace;
        synchronized (this) {
            if (closedTrace != null) {
                return;
            }
            endNanos = endNanos == 0 ? ThisSystem.nanos() : endNanos;
            findMissed();
            probe.drain();
        }
        try {
            assembler.awaitNames(names);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (closedTrace != null) {
                return;
            }
            trace = trace();
            closedTrace = trace;
            tellLoss();
            probe.close(id);
        }
        synchronized (quiet) {
            quiet.notifyAll();
        }
        // Names have had their time: no event waits for one any more.
        hostNames.close();
        mailboxes.close(listener -> listener.traceClosed(trace), CLOSE_TIME);
    }
}
