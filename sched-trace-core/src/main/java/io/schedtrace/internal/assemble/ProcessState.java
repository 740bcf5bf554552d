package io.schedtrace.internal.assemble;

import static io.schedtrace.bpf.RecordLayout.LOSSY;
import static io.schedtrace.bpf.RecordLayout.PATH_TRUNCATED;
import static io.schedtrace.bpf.RecordLayout.UNREADABLE;
import static io.schedtrace.bpf.RecordLayout.UNTRACKED;

import io.schedtrace.internal.record.ExecBlock;
import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.UserInfo;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a process so far. */
final class ProcessState {
    final long id;
    final SpanId spanId;
    final long parent;
    long tracerPid;
    boolean announced;

    /** The kernel side had no memory for its tag: it does not count the process, and tells no more of it. */
    boolean untracked;

    boolean throughJspawnhelper;
    private boolean launched;
    private boolean everExecuted;

    @Nullable
    PendingExec pending;

    private long pid;
    private long hostPid;
    private long ppid;
    private int uid;
    private int gid;
    private String comm = "";
    private String exe = "";
    private List<String> arguments = List.of();
    private boolean argumentsTruncated;
    private List<Exec> execs = List.of();
    private int execsSeen;
    private final long start;
    private boolean startSeen;
    private boolean lossy;
    private @Nullable Ending ending;
    private @Nullable ProcessSpan ended;

    /** An exec whose block has not arrived whole. */
    record PendingExec(KernelRecord.Exec exec, ExecBlock block) {}

    private record Ending(long time, ExitStatus exit, Duration cpuTime, long maxRssBytes, int threads) {}

    ProcessState(long id, long parent, SpanId spanId, long start) {
        this.id = id;
        this.parent = parent;
        this.spanId = spanId;
        this.start = start;
    }

    void started(KernelRecord.Start record, @Nullable ProcessState forkedBy) {
        identify(record.header(), record.uid(), record.gid(), record.comm());
        ppid = record.ppid();
        tracerPid = record.tracerPid();
        untracked = record.header().has(UNTRACKED);
        launched = record.span() != 0;
        startSeen = true;
        if (forkedBy != null) {
            exe = forkedBy.exe;
            arguments = forkedBy.arguments;
            argumentsTruncated = forkedBy.argumentsTruncated;
        }
    }

    private void identify(KernelRecord.Header header, int newUid, int newGid, String newComm) {
        pid = header.pid();
        hostPid = header.hostPid();
        uid = newUid;
        gid = newGid;
        comm = newComm;
    }

    /** The JDK's own step between fork and the command: counted, but not shown. */
    void sawJspawnhelper(KernelRecord.Exec record) {
        execsSeen++;
        throughJspawnhelper = true;
        identify(record.header(), record.uid(), record.gid(), record.comm());
    }

    Exec executed(KernelRecord.Exec record, List<String> args, boolean truncated, WallClock clock, SystemFacts system) {
        identify(record.header(), record.uid(), record.gid(), record.comm());
        execsSeen++;
        throughJspawnhelper = false;
        exe = record.header().has(PATH_TRUNCATED) ? system.program(tracerPid) : record.path();
        if (exe.isEmpty()) {
            exe = record.filename();
        }
        arguments = args;
        argumentsTruncated = truncated;
        Exec exec = Exec.builder()
                .time(clock.at(record.header().time()))
                .exe(exe)
                .filename(record.filename())
                .arguments(args)
                .truncated(truncated)
                .build();
        execs = execs.isEmpty() ? List.of(exec) : append(execs, exec);
        return exec;
    }

    private static List<Exec> append(List<Exec> execs, Exec exec) {
        List<Exec> longer = new ArrayList<>(execs);
        longer.add(exec);
        return longer;
    }

    static boolean truncated(KernelRecord.Exec record, ExecBlock block) {
        return record.header().has(UNREADABLE) || !block.argumentsWhole();
    }

    void finished(KernelRecord.End record, long pageSize) {
        identify(record.header(), record.uid(), record.gid(), record.comm());
        ppid = record.ppid();
        everExecuted = record.execs() != 0;
        lossy |= record.header().has(LOSSY) || record.execs() != execsSeen;
        ending = new Ending(
                record.header().time(),
                new ExitStatus(record.status()),
                Duration.ofNanos(record.cpuNanos()),
                record.maxRssPages() * pageSize,
                record.threads());
    }

    boolean hasEnded() {
        return ending != null;
    }

    long pid() {
        return pid;
    }

    /** For people. */
    String describe() {
        String command = arguments.isEmpty() ? comm : String.join(" ", arguments);
        return Printable.escape(UserInfo.mask(command)) + " (pid " + pid + ')';
    }

    /** A process that the JDK forked for a command which it could then not start. */
    boolean neverBecameACommand() {
        return hasEnded() && !lossy && (throughJspawnhelper || (launched && !everExecuted));
    }

    ProcessSpan span(TraceId traceId, @Nullable SpanId parentSpanId, WallClock clock, long now) {
        if (ended != null) {
            return ended;
        }
        Ending end = ending;
        ProcessSpan span = ProcessSpan.builder()
                .traceId(traceId)
                .spanId(spanId)
                .parentSpanId(parentSpanId)
                .pid(pid)
                .hostPid(hostPid)
                .ppid(ppid == 0 ? null : ppid)
                .uid(uid)
                .gid(gid)
                .comm(comm)
                .exe(exe.isEmpty() ? null : exe)
                .arguments(arguments)
                .argumentsTruncated(argumentsTruncated)
                .execs(execs)
                .startTime(clock.at(start))
                .endTime(end == null ? null : clock.at(end.time))
                .duration(Duration.ofNanos((end == null ? Math.max(now, start) : end.time) - start))
                .exit(end == null ? null : end.exit)
                .cpuTime(end == null ? null : end.cpuTime)
                .maxRssBytes(end == null ? null : end.maxRssBytes)
                .threads(end == null ? null : end.threads)
                .complete(end != null && startSeen && !lossy)
                .build();
        if (end != null) {
            ended = span;
        }
        return span;
    }
}
