package io.schedtrace.internal.assemble;

import io.schedtrace.internal.collect.SharedList;
import io.schedtrace.internal.record.ExecBlock;
import io.schedtrace.internal.record.Origin;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a process so far. */
final class ProcessState {
    private static final int LONGEST_COMMAND = 200;

    final long id;
    final SpanId spanId;
    final Origin origin;

    /** Its process id in the pid namespace of the traced JVM; null if it has none there. */
    @Nullable
    Long tracerPid;

    /** The span of the process that forked it, if that was known at the fork. */
    @Nullable
    SpanId above;

    /** How many characters of arguments are kept for it. */
    long argumentCharacters;

    boolean announced;

    /** The backend does not follow it: it does not count the process, and reports nothing more of it. */
    boolean untracked;

    boolean throughJspawnhelper;
    private boolean everExecuted;

    @Nullable
    PendingExec pending;

    private long pid;
    private @Nullable Long hostPid;
    private @Nullable Long ppid;
    private int uid;
    private int gid;
    private String comm = "";
    private boolean hidden;
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
    record PendingExec(TraceRecord.Executed exec, ExecBlock block) {}

    private record Ending(
            long time,
            ExitStatus exit,
            Duration cpuTime,
            long maxRssBytes,
            @Nullable Integer threads) {}

    ProcessState(long id, Origin origin, SpanId spanId, long start) {
        this.id = id;
        this.origin = origin;
        this.spanId = spanId;
        this.start = start;
    }

    void started(TraceRecord.Started record, @Nullable ProcessState forkedBy) {
        identify(record.header(), record.uid(), record.gid());
        named(record.hidden(), record.hidden() && forkedBy != null ? forkedBy.comm : record.comm());
        ppid = record.ppid();
        tracerPid = record.tracerPid();
        untracked = record.untracked();
        startSeen = true;
        if (forkedBy != null) {
            exe = forkedBy.exe;
            arguments = forkedBy.arguments;
            argumentsTruncated = forkedBy.argumentsTruncated;
        }
    }

    private void identify(TraceRecord.Header header, int newUid, int newGid) {
        pid = header.pid();
        hostPid = header.hostPid();
        uid = newUid;
        gid = newGid;
    }

    /** A name that is withheld leaves the last one that was seen. */
    private void named(boolean nowHidden, String newComm) {
        hidden = nowHidden;
        if (!newComm.isEmpty()) {
            comm = newComm;
        }
    }

    /** Whether an exec is the JDK's own step between its fork and the command, which is counted and not shown. */
    boolean isStepOfTheJdk(TraceRecord.Executed record, String jspawnhelper) {
        boolean byThisJvm = !(origin instanceof Origin.ForkedBy);
        return byThisJvm && record.number() == 1 && record.filename().equals(jspawnhelper);
    }

    void sawJspawnhelper(TraceRecord.Executed record) {
        execsSeen++;
        throughJspawnhelper = true;
        identify(record.header(), record.uid(), record.gid());
        named(false, record.comm());
    }

    /** It has begun a program that is withheld. */
    void executedHidden(TraceRecord.Executed record) {
        execsSeen++;
        throughJspawnhelper = false;
        identify(record.header(), record.uid(), record.gid());
        named(true, "");
        exe = "";
        arguments = List.of();
        argumentsTruncated = false;
    }

    Exec executed(TraceRecord.Executed record, List<String> args, boolean truncated, Context context) {
        identify(record.header(), record.uid(), record.gid());
        named(false, record.comm());
        execsSeen++;
        throughJspawnhelper = false;
        exe = program(record, context.system());
        arguments = args;
        argumentsTruncated = truncated;
        Exec.Builder exec = Exec.builder()
                .time(context.clock().at(record.header().time()))
                .exe(exe)
                .filename(record.filename())
                .filenameTruncated(record.filenameTruncated())
                .arguments(args)
                .truncated(truncated);
        if (record.filenameTruncated()) {
            exec.name(nameOf(exe, record.comm()));
        }
        Exec built = exec.build();
        execs = SharedList.plus(execs, built);
        return built;
    }

    /**
     * The name of a program whose filename is cut: {@code comm} is the beginning of it. Of a script, {@code exe} is
     * not.
     */
    private static String nameOf(String exe, String comm) {
        String file = exe.substring(exe.lastIndexOf('/') + 1);
        return file.startsWith(comm) ? file : comm;
    }

    /** The program of an exec: its path, else what /proc shows, else the path that was given to execve(2). */
    private String program(TraceRecord.Executed record, SystemFacts system) {
        String path = record.path();
        if (path == null && tracerPid != null) {
            path = system.program(tracerPid);
        }
        return path == null || path.isEmpty() ? record.filename() : path;
    }

    void finished(TraceRecord.Ended record) {
        identify(record.header(), record.uid(), record.gid());
        named(record.hidden(), record.comm());
        ppid = record.ppid();
        everExecuted = record.execs() != 0;
        lossy |= record.lossy() || record.execs() != execsSeen;
        ending = new Ending(
                record.header().time(),
                new ExitStatus(record.waitStatus()),
                Duration.ofNanos(record.cpuNanos()),
                record.maxRssBytes(),
                record.threads());
    }

    boolean hasEnded() {
        return ending != null;
    }

    /** Returns the redacted command line and the process id, for messages. */
    String describe() {
        String command = arguments.isEmpty()
                ? comm
                : String.join(" ", Redactor.standard().arguments(arguments));
        String shown =
                command.length() <= LONGEST_COMMAND ? command : ShellWord.beginning(command, LONGEST_COMMAND) + "…";
        return Printable.escape(shown) + " (pid " + pid + ')';
    }

    /** A process that the JDK forked for a command which it could then not start. */
    boolean neverBecameACommand() {
        return hasEnded() && !lossy && (throughJspawnhelper || (origin instanceof Origin.Launched && !everExecuted));
    }

    ProcessSpan span(TraceId traceId, @Nullable SpanId parentSpanId, WallClock clock, SystemFacts system) {
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
                .ppid(ppid)
                .uid(uid)
                .gid(gid)
                .comm(comm)
                .exe(exe.isEmpty() ? null : exe)
                .arguments(arguments)
                .argumentsTruncated(argumentsTruncated)
                .execs(execs)
                .hidden(hidden)
                .startTime(clock.at(start))
                .endTime(end == null ? null : clock.at(end.time))
                .duration(Duration.ofNanos((end == null ? Math.max(system.monotonicNanos(), start) : end.time) - start))
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
