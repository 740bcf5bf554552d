package io.schedtrace.internal.assemble;

import static io.schedtrace.bpf.RecordLayout.CONNECTION_END;
import static io.schedtrace.bpf.RecordLayout.CONNECTION_ESTABLISHED;
import static io.schedtrace.bpf.RecordLayout.UNREADABLE;

import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.ExecBlock;
import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of one session together. Safe for use by several threads; records come in the order of the ring.
 *
 * <p>Processes and connections are known by the numbers that the kernel side gave them, never by pid or address. A
 * record whose predecessors were lost still makes a span, which is then not complete.
 */
public final class SpanAssembler {
    /** How many bytes of arguments and environment the kernel side takes at the most: ST_MAX_BLOCKS * ST_BLOCK_LEN. */
    public static final int BLOCK_LIMIT = 32 * 16 * 1024;

    private final TraceId traceId;
    private final @Nullable SpanId rootParent;
    private final WallClock clock;
    private final HostNames hostNames;
    private final SpanEvents events;
    private final SystemFacts system;
    private final Map<Long, ProcessState> processes = new LinkedHashMap<>();
    private final Map<Long, ConnectionState> connections = new LinkedHashMap<>();
    private final Set<Long> chosenSpans = new HashSet<>();
    private final Map<Long, Long> execOwner = new HashMap<>();
    private final PeerMatcher peers = new PeerMatcher();
    private long received;

    /**
     * Makes one without spans.
     *
     * @param traceId the id that all spans carry
     * @param rootParent the span that the roots are children of
     * @param clock for wall-clock times
     * @param hostNames learns of processes, and knows names
     * @param events hears of spans
     * @param system what else there is to know of this machine
     */
    public SpanAssembler(
            TraceId traceId,
            @Nullable SpanId rootParent,
            WallClock clock,
            HostNames hostNames,
            SpanEvents events,
            SystemFacts system) {
        this.traceId = traceId;
        this.rootParent = rootParent;
        this.clock = clock;
        this.hostNames = hostNames;
        this.events = events;
        this.system = system;
    }

    /** Takes the next record. */
    public synchronized void accept(KernelRecord record) {
        received++;
        if (record instanceof KernelRecord.Start start) {
            started(start);
        } else if (record instanceof KernelRecord.Exec exec) {
            executed(exec);
        } else if (record instanceof KernelRecord.ExecData data) {
            moreOfExec(data);
        } else if (record instanceof KernelRecord.End end) {
            ended(end);
        } else if (record instanceof KernelRecord.Connection connection) {
            connectionChanged(connection);
        } else if (record instanceof KernelRecord.DnsAnswer answer) {
            hostNames.observed(answer.header().process(), new HostEvent.DnsAnswer(answer.message()));
        } else if (record instanceof KernelRecord.Resolved resolved) {
            hostNames.observed(
                    resolved.header().process(), new HostEvent.NameResolved(resolved.name(), resolved.addresses()));
        }
    }

    /** How many records have been taken. */
    public synchronized long received() {
        return received;
    }

    private void started(KernelRecord.Start record) {
        KernelRecord.Header header = record.header();
        boolean chosen = record.span() != 0 && chosenSpans.add(record.span());
        SpanId spanId = chosen ? new SpanId(record.span()) : SpanId.random();
        ProcessState process = new ProcessState(header.process(), record.parent(), spanId, header.time());
        process.started(record, processes.get(record.parent()));
        processes.put(process.id, process);
        hostNames.forked(process.id, record.parent());
        if (record.parent() != 0) {
            announce(process);
        }
    }

    /** A process that this JVM forked is announced with its first program: until then it is part of the JVM. */
    private void announce(ProcessState process) {
        if (!process.announced) {
            process.announced = true;
            if (events.wanted()) {
                ProcessSpan span = span(process);
                events.publish(listener -> listener.processStarted(span));
            }
        }
    }

    private void executed(KernelRecord.Exec record) {
        ProcessState process =
                process(record.header(), record.parent(), record.header().time());
        finishExec(process);
        if (process.parent == 0 && record.number() == 1 && record.filename().equals(system.jspawnhelper())) {
            process.sawJspawnhelper(record);
            return;
        }
        ExecBlock block = new ExecBlock(record, BLOCK_LIMIT);
        if (block.full() || record.header().has(UNREADABLE)) {
            executed(process, record, block);
        } else {
            process.pending = new ProcessState.PendingExec(record, block);
            execOwner.put(record.header().sequence(), process.id);
        }
    }

    private void moreOfExec(KernelRecord.ExecData record) {
        Long owner = execOwner.get(record.exec());
        ProcessState process = owner == null ? null : processes.get(owner);
        if (process != null && process.pending != null) {
            process.pending.block().add(record);
            if (process.pending.block().full()) {
                finishExec(process);
            }
        }
    }

    private void finishExec(ProcessState process) {
        ProcessState.PendingExec pending = process.pending;
        if (pending != null) {
            process.pending = null;
            execOwner.remove(pending.exec().header().sequence());
            executed(process, pending.exec(), pending.block());
        }
    }

    private void executed(ProcessState process, KernelRecord.Exec record, ExecBlock block) {
        List<String> arguments = block.arguments();
        boolean truncated = ProcessState.truncated(record, block);
        if (arguments.isEmpty() && record.header().has(UNREADABLE)) {
            arguments = system.commandLine(process.tracerPid);
        }
        Exec exec = process.executed(record, arguments, truncated, clock, system);
        long pid = process.tracerPid;
        hostNames.executed(process.id, () -> new ProcessImage(pid, exec.exe(), exec.arguments(), block.environment()));
        announce(process);
        if (events.wanted()) {
            ProcessSpan span = span(process);
            events.publish(listener -> listener.processExecuted(span, exec));
        }
    }

    private void ended(KernelRecord.End record) {
        ProcessState process = process(record.header(), record.parent(), record.start());
        finishExec(process);
        process.finished(record, system.pageSize());
        hostNames.ended(process.id);
        if (process.neverBecameACommand()) {
            return;
        }
        announce(process);
        if (events.wanted()) {
            ProcessSpan span = span(process);
            events.publish(listener -> listener.processEnded(span));
        }
    }

    /** The process of a record; one whose start was lost is made up from what the record tells. */
    private ProcessState process(KernelRecord.Header header, long parent, long start) {
        ProcessState process = processes.get(header.process());
        if (process == null) {
            process = new ProcessState(header.process(), parent, SpanId.random(), start);
            processes.put(process.id, process);
        }
        return process;
    }

    private void connectionChanged(KernelRecord.Connection record) {
        ConnectionState connection = connections.get(record.id());
        boolean opened = connection == null;
        if (connection == null) {
            connection = new ConnectionState(SpanId.random(), record);
            connections.put(record.id(), connection);
            hostNames.connecting(record.header().process(), record.peer().getAddress());
        }
        boolean wasEstablished = !opened && connection.last().established() != 0;
        connection.update(record);
        peers.match(connection);
        if (events.wanted()) {
            publish(connection, record.header().type(), opened, !wasEstablished && record.established() != 0);
        }
    }

    private void publish(ConnectionState connection, int type, boolean opened, boolean established) {
        if (opened || type == CONNECTION_ESTABLISHED) {
            TcpSpan span = span(connection);
            if (opened) {
                events.publish(listener -> listener.connectionOpened(span));
            }
            if (established) {
                events.publish(listener -> listener.connectionEstablished(span));
            }
        }
        if (type == CONNECTION_END) {
            long owner = connection.last().header().process();
            events.publish(listener -> {
                settle(owner);
                listener.connectionEnded(spanNow(connection));
            });
        }
    }

    /** On a listener's thread: gives the names of a connection time to be looked up. */
    private void settle(long owner) {
        try {
            hostNames.awaitSettled(owner, system.settleTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized TcpSpan spanNow(ConnectionState connection) {
        return span(connection);
    }

    private ProcessSpan span(ProcessState process) {
        ProcessState parent = processes.get(process.parent);
        return process.span(traceId, parent == null ? rootParent : parent.spanId, clock, system.monotonicNanos());
    }

    private TcpSpan span(ConnectionState connection) {
        long owner = connection.last().header().process();
        ProcessState process = processes.get(owner);
        SpanId processSpan = process == null ? null : process.spanId;
        SpanId parent = processSpan == null ? rootParent : processSpan;
        if (connection.server() && connection.peer != null) {
            parent = connection.peer.spanId;
        }
        return connection.span(
                traceId,
                new ConnectionState.Family(parent, processSpan),
                new ConnectionState.Names(
                        hostNames.names(owner, connection.last().local().getAddress()),
                        hostNames.names(owner, connection.last().peer().getAddress())),
                clock,
                system.monotonicNanos());
    }

    /** All processes so far, in the order of their forks. */
    public synchronized List<ProcessSpan> processes() {
        List<ProcessSpan> spans = new ArrayList<>(processes.size());
        for (ProcessState process : processes.values()) {
            if (!process.neverBecameACommand()) {
                spans.add(span(process));
            }
        }
        return spans;
    }

    /** All connections so far, in the order of their beginning. */
    public synchronized List<TcpSpan> connections() {
        List<TcpSpan> spans = new ArrayList<>(connections.size());
        connections.values().forEach(connection -> spans.add(span(connection)));
        return spans;
    }

    /**
     * Waits until the names of the connections so far have been looked up, or the time is up.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void awaitNames(Duration atMost) throws InterruptedException {
        Set<Long> owners;
        synchronized (this) {
            owners = connections.values().stream()
                    .map(connection -> connection.last().header().process())
                    .collect(Collectors.toSet());
        }
        if (!owners.isEmpty()) {
            hostNames.awaitSettled(owners, atMost);
        }
    }

    /** The processes that have not ended: their id in the pid namespace of this JVM, and a description. */
    public synchronized Map<Long, String> alive() {
        Map<Long, String> alive = new LinkedHashMap<>();
        for (ProcessState process : processes.values()) {
            if (!process.hasEnded()) {
                alive.put(process.tracerPid, process.describe());
            }
        }
        return alive;
    }

    /** The ids of those of {@link #alive()} that the kernel side counts. */
    public synchronized Set<Long> tracked() {
        return processes.values().stream()
                .filter(process -> !process.hasEnded() && !process.untracked)
                .map(process -> process.tracerPid)
                .collect(Collectors.toSet());
    }
}
