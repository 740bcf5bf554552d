package io.schedtrace.junit;

import io.schedtrace.internal.pattern.ProgramPattern;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * The patterns of {@link TraceProcesses#allowProcesses()}.
 *
 * @param patterns as they were written
 * @param allowed those without {@code !}
 * @param excluded what follows the {@code !} of the others
 */
record AllowedProcesses(List<String> patterns, List<ProgramPattern> allowed, List<ProgramPattern> excluded) {
    /** A program that a process has begun. */
    record Run(ProcessSpan process, Exec exec) {
        /** The process as it was when it ran that program. */
        ProcessSpan then() {
            List<Exec> execs = process.execs();
            int number = execs.indexOf(exec);
            return number == execs.size() - 1
                    ? process
                    : process.toBuilder()
                            .execs(execs.subList(0, number + 1))
                            .exe(exec.exe())
                            .arguments(exec.arguments())
                            .argumentsTruncated(exec.truncated())
                            .build();
        }
    }

    /** @throws IllegalArgumentException if one of them is no pattern, or can match nothing; it names that one */
    static AllowedProcesses parse(List<String> patterns) {
        List<ProgramPattern> allowed = new ArrayList<>();
        List<ProgramPattern> excluded = new ArrayList<>();
        for (String pattern : patterns) {
            boolean exclusion = pattern.startsWith("!");
            (exclusion ? excluded : allowed).add(parse(exclusion ? pattern.substring(1) : pattern));
        }
        for (ProgramPattern pattern : allowed) {
            excluded.stream().filter(other -> other.covers(pattern)).findFirst().ifPresent(other -> {
                throw new IllegalArgumentException("allowProcesses: '" + pattern + "' can match nothing: '!" + other
                        + "' excludes it, and an exclusion wins in whatever order");
            });
        }
        return new AllowedProcesses(List.copyOf(patterns), List.copyOf(allowed), List.copyOf(excluded));
    }

    private static ProgramPattern parse(String text) {
        try {
            return ProgramPattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("allowProcesses: " + e.getMessage(), e);
        }
    }

    /** Whether there is nothing to check. */
    boolean allowsEverything() {
        return excluded.isEmpty()
                && allowed.stream().anyMatch(pattern -> pattern.text().equals("*"));
    }

    /** Whether a process may run a program. With exclusions alone, everything else is allowed. */
    boolean allows(Exec exec) {
        boolean included =
                (allowed.isEmpty() && !excluded.isEmpty()) || allowed.stream().anyMatch(pattern -> pattern.fits(exec));
        return included && excluded.stream().noneMatch(pattern -> pattern.fits(exec));
    }

    /** The programs that some processes have begun and no pattern allows. */
    List<Run> forbidden(List<ProcessSpan> processes) {
        return allowsEverything()
                ? List.of()
                : processes.stream()
                        .flatMap(process -> process.execs().stream().map(exec -> new Run(process, exec)))
                        .filter(run -> !allows(run.exec()))
                        .toList();
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
