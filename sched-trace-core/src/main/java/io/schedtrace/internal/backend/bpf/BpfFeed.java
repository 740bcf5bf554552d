package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.SessionTable;
import io.schedtrace.internal.backend.BackendException;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.RecordSink;
import io.schedtrace.internal.record.RecordType;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session of the shared probe: a slot in the session table, whose number the tags of its tasks carry. */
final class BpfFeed implements Feed {
    private final SharedProbe probe;
    private final long id;
    private final SystemFacts system = new LiveSystem();
    private volatile @Nullable RecordSink sink;

    /** Records that were read and could not be taken, by type. */
    private final AtomicLongArray dropped = new AtomicLongArray(RecordType.values().length);

    /** The counts when the feed was closed: its slot in the session table may be another's from then on. */
    private @Nullable Counts closed;

    BpfFeed(SharedProbe probe, long id) {
        this.probe = probe;
        this.id = id;
    }

    /** The number that the BPF programs know the session by. */
    long id() {
        return id;
    }

    @Override
    public Via via() {
        return Via.BPF;
    }

    @Override
    public SystemFacts system() {
        return system;
    }

    @Override
    public void deliverTo(RecordSink target) {
        sink = target;
        probe.wakeReader();
    }

    void accept(TraceRecord record) {
        RecordSink target = sink;
        if (target != null) {
            target.accept(record);
        }
    }

    /** Counts a record of that type ({@code enum st_type}) as lost. Takes no memory. */
    void countDropped(int type) {
        if (type > 0 && type <= dropped.length()) {
            dropped.incrementAndGet(type - 1);
        }
    }

    void drained() {
        RecordSink target = sink;
        if (target != null) {
            target.drained();
        }
    }

    @Override
    public Process start(ProcessBuilder builder, long spanId) throws IOException {
        return PlatformThreads.start(() -> {
            tagForLaunch(spanId);
            try {
                return builder.start();
            } finally {
                probe.untag();
            }
        });
    }

    private synchronized void tagForLaunch(long spanId) {
        if (closed != null) {
            throw new IllegalStateException("the tracer is closed; open a new one");
        }
        probe.kernel().tagLaunch(id, spanId);
    }

    @Override
    public synchronized boolean enter() {
        if (PlatformThreads.currentIsVirtual()) {
            throw new IllegalStateException("a virtual thread cannot be a scope: it may change its kernel thread at any"
                    + " call; enter on a platform thread, or start processes through the tracer");
        }
        if (closed != null) {
            return false;
        }
        probe.kernel().tagThread(id);
        return true;
    }

    @Override
    public void leave() {
        probe.untag();
    }

    @Override
    public synchronized void drain() {
        if (closed == null) {
            probe.drain();
        }
    }

    @Override
    public long made() {
        return counts().made;
    }

    @Override
    public long processes() {
        return counts().processes;
    }

    @Override
    public long connections() {
        return counts().connections;
    }

    @Override
    public Map<RecordType, Long> lost() {
        return counts().lost;
    }

    @Override
    public long untracked() {
        return counts().untracked;
    }

    @Override
    public long truncated() {
        return counts().truncated;
    }

    private synchronized Counts counts() {
        return closed != null ? closed : read();
    }

    private Counts read() {
        SessionTable table = probe.kernel().sessions();
        Map<RecordType, Long> lost = new EnumMap<>(RecordType.class);
        for (RecordType type : RecordType.values()) {
            long count = table.lost(id, type.ordinal() + 1) + dropped.get(type.ordinal());
            if (count > 0) {
                lost.put(type, count);
            }
        }
        return new Counts(
                table.made(id),
                table.processes(id),
                table.connections(id),
                lost,
                table.untracked(id),
                table.truncated(id));
    }

    private record Counts(
            long made, long processes, long connections, Map<RecordType, Long> lost, long untracked, long truncated) {
        Counts withoutLive() {
            return new Counts(made, 0, 0, lost, untracked, truncated);
        }
    }

    @Override
    public synchronized Set<Long> members() {
        return closed != null ? Set.of() : asking(() -> probe.kernel().members(id));
    }

    @Override
    public synchronized void findMissedEnds() {
        if (closed == null && probe.kernel().sessions().connections(id) > 0) {
            probe.kernel().findMissed(id);
        }
    }

    private static <T> T asking(Supplier<T> kernel) {
        try {
            return kernel.get();
        } catch (ProbeException e) {
            throw new BackendException(String.valueOf(e.getMessage()), e.errno(), e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed != null) {
                return;
            }
            closed = read().withoutLive();
        }
        probe.close(this);
    }
}
