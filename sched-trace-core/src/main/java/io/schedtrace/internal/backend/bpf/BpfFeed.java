package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.Launcher;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.Processes;
import io.schedtrace.bpf.SessionTable;
import io.schedtrace.internal.backend.BackendException;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.RecordSink;
import io.schedtrace.internal.record.RecordType;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session of the shared probe: a slot in the session table, whose number the tags of its tasks carry. */
final class BpfFeed implements Feed {
    private final SharedProbe probe;
    private final long id;
    private final SystemFacts system = new LiveSystem();
    private volatile @Nullable RecordSink sink;

    /**
     * Records of a command that the launcher has started before there was a sink. Guards the change of {@link #sink}.
     */
    private final List<TraceRecord> early = new ArrayList<>();

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
        return probe.source().via();
    }

    @Override
    public SystemFacts system() {
        return system;
    }

    @Override
    public void deliverTo(RecordSink target) {
        synchronized (early) {
            early.forEach(target::accept);
            early.clear();
            sink = target;
        }
    }

    void accept(TraceRecord record) {
        RecordSink target = sink;
        if (target == null) {
            target = keep(record);
        }
        if (target != null) {
            target.accept(record);
        }
    }

    /** Keeps a record until there is a sink; returns the sink if there is one now. */
    private @Nullable RecordSink keep(TraceRecord record) {
        synchronized (early) {
            if (sink == null) {
                early.add(record);
            }
            return sink;
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
        if (Launcher.isPresent()) {
            return LaunchedCommand.start(probe.kernel(), id, spanId, builder);
        }
        return PlatformThreads.start(() -> {
            tagForLaunch(spanId);
            try {
                return builder.start();
            } finally {
                probe.tags().untag();
            }
        });
    }

    private synchronized void tagForLaunch(long spanId) {
        if (closed != null) {
            throw new IllegalStateException("the tracer is closed; open a new one");
        }
        tagging(kernel -> kernel.tagLaunch(id, spanId));
    }

    private void tagging(Consumer<KernelProbe> action) {
        try {
            action.accept(probe.kernel());
        } catch (ProbeException e) {
            throw cut() != null ? new IllegalStateException(probe.lost(), e) : e;
        }
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
        tagging(kernel -> kernel.tagThread(id));
        return true;
    }

    @Override
    public void leave() {
        probe.tags().untag();
    }

    @Override
    public synchronized boolean enterJvm() {
        if (closed == null) {
            probe.tags().tagJvm(id);
        }
        return closed == null;
    }

    @Override
    public void exclude() {
        probe.tags().ownThreads().enter();
    }

    @Override
    public void leaveJvm() {
        probe.tags().tagJvm(0);
    }

    @Override
    public synchronized void drain() {
        if (closed == null) {
            probe.drain();
        }
    }

    @Override
    public synchronized long processes() {
        return closed == null ? table().processes(id) : 0;
    }

    @Override
    public synchronized long connections() {
        return closed == null ? table().connections(id) : 0;
    }

    @Override
    public synchronized long listeners() {
        return closed == null ? table().listeners(id) : 0;
    }

    @Override
    public void hurry() {
        probe.reader().hurry();
    }

    @Override
    public void relax() {
        probe.reader().relax();
    }

    @Override
    public synchronized Map<RecordType, Long> lost() {
        return closed == null ? readLost() : closed.lost;
    }

    @Override
    public synchronized long untracked() {
        return closed == null ? table().untracked(id) : closed.untracked;
    }

    @Override
    public synchronized long truncated() {
        return closed == null ? table().truncated(id) : closed.truncated;
    }

    private SessionTable table() {
        return probe.kernel().sessions();
    }

    private Map<RecordType, Long> readLost() {
        Map<RecordType, Long> lost = new EnumMap<>(RecordType.class);
        for (RecordType type : RecordType.values()) {
            long count = table().lost(id, type.ordinal() + 1) + dropped.get(type.ordinal());
            if (count > 0) {
                lost.put(type, count);
            }
        }
        return lost;
    }

    private record Counts(
            Map<RecordType, Long> lost,
            long untracked,
            long truncated,
            @Nullable String cut) {}

    @Override
    public synchronized Set<Long> members() {
        return closed != null ? Set.of() : asking(() -> probe.kernel().members(id));
    }

    @Override
    public boolean exists(long pid) {
        return asking(() -> Processes.exists(pid));
    }

    @Override
    public synchronized void findMissedEnds() {
        if (closed == null && table().connections(id) + table().listeners(id) > 0) {
            probe.kernel().findMissed(id);
        }
    }

    @Override
    public synchronized @Nullable String cut() {
        return closed == null ? probe.cut() : closed.cut;
    }

    private static <T> T asking(Supplier<T> kernel) {
        try {
            return kernel.get();
        } catch (ProbeException e) {
            throw new BackendException(String.valueOf(e.getMessage()), e.errno(), e);
        }
    }

    @Override
    public synchronized void end() {
        if (closed == null) {
            table().end(id);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed != null) {
                return;
            }
            closed = new Counts(lost(), untracked(), truncated(), cut());
        }
        probe.close(this);
    }
}
