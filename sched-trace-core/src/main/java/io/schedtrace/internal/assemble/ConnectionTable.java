package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The connections of a session, by their numbers. Guarded by the assembler's lock. */
final class ConnectionTable {
    private final Context context;
    private final ProcessTable processes;
    private final Object lock;
    private final Map<Long, ConnectionState> connections = new LinkedHashMap<>();
    private final PeerMatcher peers = new PeerMatcher();

    /** @param lock what guards this table: events look at it on the threads of listeners */
    ConnectionTable(Context context, ProcessTable processes, Object lock) {
        this.context = context;
        this.processes = processes;
        this.lock = lock;
    }

    void changed(ConnectionChanged record) {
        ConnectionState connection = connections.get(record.id());
        boolean opened = connection == null;
        if (connection == null) {
            connection = new ConnectionState(SpanId.random(), record, Zone.of(record, context.system()));
            connections.put(record.id(), connection);
            context.hostNames()
                    .connecting(record.header().process(), record.peer().getAddress());
        }
        boolean wasEstablished = !opened && connection.last().isEstablished();
        connection.update(record);
        connection.ownedBy(
                record.header().process(), processes.spanIdOf(record.header().process()));
        peers.match(connection);
        if (context.events().wanted()) {
            publish(connection, opened, !wasEstablished && record.isEstablished());
        }
    }

    private void publish(ConnectionState connection, boolean opened, boolean established) {
        Phase phase = connection.last().phase();
        if (opened || phase == Phase.ESTABLISHED) {
            TcpSpan span = span(connection);
            if (opened) {
                context.events().publish(listener -> listener.connectionOpened(span));
            }
            if (established) {
                context.events().publish(listener -> listener.connectionEstablished(span));
            }
        }
        if (phase == Phase.ENDED) {
            long owner = connection.last().header().process();
            boolean done = context.publishEnd(listener -> {
                settle(owner);
                listener.connectionEnded(spanNow(connection));
            });
            if (done) {
                connections.remove(connection.last().id());
                peers.letGo(connection);
            }
        }
    }

    /** On a listener's thread: gives the names of a connection time to be looked up. */
    private void settle(long owner) {
        try {
            context.hostNames().awaitSettled(owner, context.settleTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private TcpSpan spanNow(ConnectionState connection) {
        synchronized (lock) {
            return span(connection);
        }
    }

    private TcpSpan span(ConnectionState connection) {
        ConnectionChanged last = connection.last();
        long owner = last.header().process();
        SpanId processSpan = processes.spanIdOf(owner);
        processSpan = processSpan == null ? connection.ownerSpan() : processSpan;
        SpanId parent = processSpan == null ? context.rootParent() : processSpan;
        if (last.server() && connection.peer != null) {
            parent = connection.peer.spanId;
        }
        return connection
                .span(context.clock(), context.system().monotonicNanos())
                .traceId(context.traceId())
                .parentSpanId(parent)
                .processSpanId(processSpan)
                .localHosts(context.hostNames().names(owner, last.local().getAddress()))
                .peerHosts(context.hostNames().names(owner, last.peer().getAddress()))
                .build();
    }

    List<TcpSpan> spans() {
        List<TcpSpan> spans = new ArrayList<>(connections.size());
        connections.values().forEach(connection -> spans.add(span(connection)));
        return spans;
    }

    /** The processes that own connections. */
    Set<Long> owners() {
        return connections.values().stream()
                .map(connection -> connection.last().header().process())
                .collect(Collectors.toSet());
    }
}
