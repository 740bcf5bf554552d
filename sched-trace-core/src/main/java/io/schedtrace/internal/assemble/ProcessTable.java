package io.schedtrace.internal.assemble;

import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.internal.record.ExecBlock;
import io.schedtrace.internal.record.Origin;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes of a session, by their numbers. Guarded by the assembler's lock. */
final class ProcessTable {
    private final Context context;
    private final Map<Long, ProcessState> processes = new LinkedHashMap<>();
    private final Set<Long> chosenSpans = new HashSet<>();
    private final Map<Long, ProcessState> pendingExecs = new HashMap<>();
    private final ArgumentMemory memory;
    private final RecentSpans letGo = new RecentSpans();

    ProcessTable(Context context) {
        this.context = context;
        this.memory = new ArgumentMemory(context.argumentMemory());
    }

    /** How many execs have lost arguments, since there was no memory for them. */
    long shortened() {
        return memory.shortened();
    }

    void started(TraceRecord.Started record) {
        ProcessState process = new ProcessState(
                record.header().process(),
                record.origin(),
                spanId(record.origin()),
                record.header().time());
        long parent = record.origin().parent();
        process.started(record, processes.get(parent));
        process.above = spanIdOf(parent);
        processes.put(process.id, process);
        context.hostNames().forked(process.id, parent);
        if (record.origin() instanceof Origin.ForkedBy) {
            announce(process);
        }
    }

    /** The id that the tracer has chosen, for the first process that comes with it; else a random one. */
    private SpanId spanId(Origin origin) {
        Long chosen = origin instanceof Origin.Launched launched ? launched.span() : null;
        return chosen != null && chosenSpans.add(chosen) ? new SpanId(chosen) : SpanId.random();
    }

    /** A process that the traced JVM forked is announced with its first program: until then it is part of the JVM. */
    private void announce(ProcessState process) {
        if (!process.announced) {
            process.announced = true;
            if (context.events().wanted()) {
                ProcessSpan span = span(process);
                context.events().publish(listener -> listener.processStarted(span));
            }
        }
    }

    void executed(TraceRecord.Executed record) {
        ProcessState process =
                process(record.header(), record.origin(), record.header().time());
        finishExec(process);
        if (process.isStepOfTheJdk(record, context.system().jspawnhelper())) {
            process.sawJspawnhelper(record);
            return;
        }
        if (record.hidden()) {
            process.executedHidden(record);
            announce(process);
            return;
        }
        ExecBlock block = new ExecBlock(record, record.blockLimit());
        if (block.full() || record.unreadable()) {
            executed(process, record, block);
        } else {
            process.pending = new ProcessState.PendingExec(record, block);
            pendingExecs.put(record.header().sequence(), process);
        }
    }

    void moreOfExec(TraceRecord.ExecData record) {
        ProcessState process = pendingExecs.get(record.exec());
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
            pendingExecs.remove(pending.exec().header().sequence());
            executed(process, pending.exec(), pending.block());
        }
    }

    private void executed(ProcessState process, TraceRecord.Executed record, ExecBlock block) {
        List<String> arguments = block.arguments();
        Long pid = process.tracerPid;
        if (arguments.isEmpty() && record.unreadable() && pid != null) {
            arguments = context.system().commandLine(pid);
        }
        boolean truncated = record.unreadable() || !block.argumentsWhole();
        List<String> kept = memory.keep(arguments);
        process.argumentCharacters += kept == arguments ? ArgumentMemory.size(kept) : 0;
        Exec exec = process.executed(record, kept, truncated || kept != arguments, context);
        Supplier<List<String>> environment = block.environmentLater();
        context.hostNames()
                .executed(
                        process.id,
                        () -> new ProcessImage(pid == null ? 0 : pid, exec.exe(), exec.arguments(), environment.get()));
        announce(process);
        if (context.events().wanted()) {
            ProcessSpan span = span(process);
            context.events().publish(listener -> listener.processExecuted(span, exec));
        }
    }

    void ended(TraceRecord.Ended record) {
        ProcessState process = process(record.header(), record.origin(), record.start());
        finishExec(process);
        process.finished(record);
        context.hostNames().ended(process.id);
        if (process.neverBecameACommand()) {
            letGo(process);
            return;
        }
        announce(process);
        if (context.events().wanted()) {
            ProcessSpan span = span(process);
            if (context.publishEnd(listener -> listener.processEnded(span))) {
                letGo(process);
            }
        }
    }

    /** Forgets a process whose span the listeners have got, if spans are not kept. */
    private void letGo(ProcessState process) {
        if (!context.keepEnded()) {
            processes.remove(process.id);
            letGo.add(process.id, process.spanId);
            memory.release(process.argumentCharacters);
        }
    }

    /** The process of a record. One whose start was lost is made up from what the record tells. */
    private ProcessState process(TraceRecord.Header header, Origin origin, long start) {
        ProcessState process = processes.get(header.process());
        if (process == null) {
            process = new ProcessState(header.process(), origin, SpanId.random(), start);
            process.above = spanIdOf(origin.parent());
            processes.put(process.id, process);
        }
        return process;
    }

    private ProcessSpan span(ProcessState process) {
        SpanId above = process.above == null ? spanIdOf(process.origin.parent()) : process.above;
        return process.span(
                context.traceId(), above == null ? context.rootParent() : above, context.clock(), context.system());
    }

    /** The span id of a process; null if the number is that of the traced JVM or not known. */
    @Nullable
    SpanId spanIdOf(long process) {
        ProcessState state = processes.get(process);
        return state == null ? letGo.get(process) : state.spanId;
    }

    List<ProcessSpan> spans() {
        List<ProcessSpan> spans = new ArrayList<>(processes.size());
        for (ProcessState process : processes.values()) {
            if (!process.neverBecameACommand()) {
                spans.add(span(process));
            }
        }
        return spans;
    }

    /** The id in the pid namespace of the traced JVM of a process that has not ended; null if there is none. */
    @Nullable
    Long pidOf(SpanId span) {
        return alive().filter(process -> process.spanId.equals(span))
                .map(process -> process.tracerPid)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Those that have not ended, in the order of their forks. */
    Stream<ProcessState> alive() {
        return processes.values().stream().filter(process -> !process.hasEnded());
    }

    /** Their ids in the pid namespace of the traced JVM, as far as they have one. */
    static Set<Long> pids(Stream<ProcessState> processes) {
        return processes
                .map(process -> process.tracerPid)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
