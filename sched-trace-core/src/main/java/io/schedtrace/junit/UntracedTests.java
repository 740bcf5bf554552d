package io.schedtrace.junit;

import io.schedtrace.model.Availability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the tests of a run that cannot be traced, and tells of them in one line. It needs no JUnit. */
final class UntracedTests {
    private @Nullable Availability why;
    private int count;

    synchronized void add(int tests, Availability availability) {
        count += tests;
        why = availability;
    }

    /** Prints the line, if there are such tests, and begins to count anew. */
    @SuppressWarnings("SystemOut")
    synchronized void tell() {
        if (count > 0 && why != null) {
            System.err.println("sched-trace: " + (count == 1 ? "1 test was" : count + " tests were") + " not traced: "
                    + why.message());
            count = 0;
        }
    }

    /** Why tests cannot be traced. */
    static String reason(Availability availability) {
        return "tracing is not available: " + availability.reason() + ": " + availability.message();
    }

    /** Why a test with such guards must not pass. */
    static String unchecked(List<String> guards, Availability availability) {
        return String.join(", ", guards) + " cannot be checked: " + reason(availability);
    }
}
