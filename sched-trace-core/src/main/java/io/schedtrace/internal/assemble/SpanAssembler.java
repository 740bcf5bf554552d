package io.schedtrace.internal.assemble;

import io.schedtrace.hosts.HostEvent;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Turns the records of one session into spans. Safe for use by several threads; records come in the order of the feed.
 *
 * <p>Processes, connections and listeners are known by their numbers in the session, never by pid or address. A record whose
 * predecessors were lost still makes a span, which is then not complete.
 */
public final class SpanAssembler {
    private final Context context;
    private final ProcessTable processes;
    private final ConnectionTable connections;
    private final ListenerTable listeners;
    private final TraceRecord.Handler handler = new Dispatch();
    private long received;

    /** Makes one without spans. */
    public SpanAssembler(Context context) {
        this.context = context;
        this.processes = new ProcessTable(context);
        this.connections = new ConnectionTable(context, processes, this);
        this.listeners = new ListenerTable(context, processes);
    }

    /** Takes the next record. */
    public synchronized void accept(TraceRecord record) {
        received++;
        record.dispatch(handler);
    }

    /** How many records have been taken. */
    public synchronized long received() {
        return received;
    }

    /** How many execs have lost arguments, since there was no memory for them. */
    public synchronized long shortened() {
        return processes.shortened();
    }

    /** All processes so far, in the order of their forks. */
    public synchronized List<ProcessSpan> processes() {
        return processes.spans();
    }

    /** All connections so far, in the order of their beginning. */
    public synchronized List<TcpSpan> connections() {
        return connections.spans();
    }

    /** All listeners so far, in the order of their beginning. */
    public synchronized List<ListenSpan> listeners() {
        return listeners.spans();
    }

    /**
     * Waits until the names of the connections so far have been looked up, or the time is up.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void awaitNames(Duration atMost) throws InterruptedException {
        Set<Long> owners;
        synchronized (this) {
            owners = connections.owners();
        }
        if (!owners.isEmpty()) {
            context.hostNames().awaitSettled(owners, atMost);
        }
    }

    /** The processes that have not ended, described for people. */
    public synchronized List<String> describeAlive() {
        return processes.alive().map(ProcessState::describe).toList();
    }

    /** The processes that have not ended, by their ids in the pid namespace of the traced JVM, as far as they have one. */
    public synchronized Set<Long> alive() {
        return ProcessTable.pids(processes.alive());
    }

    /** Those of {@link #alive()} that the backend follows. */
    public synchronized Set<Long> followed() {
        return ProcessTable.pids(processes.alive().filter(process -> !process.untracked));
    }

    /** Hands each kind of record to the table that takes it. */
    private final class Dispatch implements TraceRecord.Handler {
        @Override
        public void started(TraceRecord.Started record) {
            processes.started(record);
        }

        @Override
        public void executed(TraceRecord.Executed record) {
            processes.executed(record);
        }

        @Override
        public void moreOfExec(TraceRecord.ExecData record) {
            processes.moreOfExec(record);
        }

        @Override
        public void ended(TraceRecord.Ended record) {
            processes.ended(record);
        }

        @Override
        public void connectionChanged(TraceRecord.ConnectionChanged record) {
            connections.changed(record);
        }

        @Override
        public void listenerChanged(TraceRecord.ListenerChanged record) {
            listeners.changed(record);
        }

        @Override
        public void dnsAnswered(TraceRecord.DnsAnswer record) {
            observed(record, new HostEvent.DnsAnswer(record.message()));
        }

        @Override
        public void nameResolved(TraceRecord.NameResolved record) {
            observed(record, new HostEvent.NameResolved(record.name(), record.addresses()));
        }

        private void observed(TraceRecord record, HostEvent event) {
            context.hostNames().observed(record.header().process(), event);
        }
    }
}
