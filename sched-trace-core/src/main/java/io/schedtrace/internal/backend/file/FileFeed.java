package io.schedtrace.internal.backend.file;

import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.RecordSink;
import io.schedtrace.internal.record.RecordType;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.model.Via;
import java.net.NetworkInterface;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The records of a file, all at once. */
final class FileFeed implements Feed {
    private static final String ONLY_REPLAYED = "records are replayed from a file; nothing else can be traced";

    private final RecordFile file;
    private final List<TraceRecord> records;

    /**
     * The processes that have not ended, with their ids in the pid namespace of the traced JVM, which may not be known.
     */
    private final Map<Long, @Nullable Long> openProcesses = new HashMap<>();

    private final Set<Long> openConnections = new HashSet<>();
    private final Set<Long> openListeners = new HashSet<>();

    /** The execs without all of their arguments and environment, by the sequence of their records. */
    private final Set<Long> truncatedExecs = new HashSet<>();

    private volatile boolean closed;

    FileFeed(RecordFile file) {
        this.file = file;
        this.records = file.decode();
        for (TraceRecord record : records) {
            if (record instanceof TraceRecord.Started started && !started.untracked()) {
                openProcesses.put(started.header().process(), started.tracerPid());
            } else if (record instanceof TraceRecord.Ended ended) {
                openProcesses.remove(ended.header().process());
            } else if (record instanceof TraceRecord.Executed exec && isTruncated(exec)) {
                truncatedExecs.add(exec.header().sequence());
            } else if (record instanceof TraceRecord.ExecData more && more.data().length == 0) {
                truncatedExecs.add(more.exec());
            } else if (record instanceof TraceRecord.ConnectionChanged connection) {
                note(connection);
            } else if (record instanceof TraceRecord.ListenerChanged listener
                    && listener.header().process() != TraceRecord.THIS_JVM) {
                note(listener);
            }
        }
    }

    private static boolean isTruncated(TraceRecord.Executed exec) {
        return exec.unreadable() || (long) exec.argsLength() + exec.envLength() > exec.blockLimit();
    }

    private void note(TraceRecord.ConnectionChanged connection) {
        if (connection.phase() == Phase.ENDED) {
            openConnections.remove(connection.id());
        } else {
            openConnections.add(connection.id());
        }
    }

    private void note(TraceRecord.ListenerChanged listener) {
        if (listener.ended()) {
            openListeners.remove(listener.id());
        } else {
            openListeners.add(listener.id());
        }
    }

    @Override
    public Via via() {
        return Via.REPLAY;
    }

    @Override
    public SystemFacts system() {
        long last = records.stream()
                .mapToLong(record -> record.header().time())
                .max()
                .orElse(0);
        return new RecordedSystem(file.wallOffsetNanos(), last, file.jspawnhelper());
    }

    /** The system that made the records, as far as the file tells of it. */
    private record RecordedSystem(long wallOffsetNanos, long monotonicNanos, String jspawnhelper)
            implements SystemFacts {
        @Override
        public List<String> commandLine(long pid) {
            return List.of();
        }

        @Override
        public String program(long pid) {
            return "";
        }

        @Override
        public @Nullable NetworkInterface networkInterface(int namespace, int index) {
            return null;
        }
    }

    @Override
    public void deliverTo(RecordSink sink) {
        records.forEach(sink::accept);
        sink.drained();
    }

    @Override
    public Process start(ProcessBuilder builder, long spanId) {
        throw new IllegalStateException(ONLY_REPLAYED);
    }

    @Override
    public boolean enter() {
        throw new IllegalStateException(ONLY_REPLAYED);
    }

    @Override
    public void leave() {}

    @Override
    public boolean enterJvm() {
        throw new IllegalStateException(ONLY_REPLAYED);
    }

    @Override
    public void leaveJvm() {}

    @Override
    public void exclude() {}

    @Override
    public void drain() {}

    @Override
    public long processes() {
        return closed ? 0 : openProcesses.size();
    }

    @Override
    public long connections() {
        return closed ? 0 : openConnections.size();
    }

    @Override
    public long listeners() {
        return closed ? 0 : openListeners.size();
    }

    @Override
    public void hurry() {}

    @Override
    public void relax() {}

    @Override
    public Map<RecordType, Long> lost() {
        return file.lost();
    }

    @Override
    public long untracked() {
        return file.untracked();
    }

    @Override
    public long truncated() {
        return truncatedExecs.size();
    }

    /** None: their pids are those of another time. */
    @Override
    public Set<Long> members() {
        return Set.of();
    }

    /** Whether the file has the start of such a process and not its end. */
    @Override
    public boolean exists(long pid) {
        return openProcesses.containsValue(pid);
    }

    @Override
    public void findMissedEnds() {}

    @Override
    public void end() {
        // A file has its end.
    }

    @Override
    public void close() {
        closed = true;
    }
}
