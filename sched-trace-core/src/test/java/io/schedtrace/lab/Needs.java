package io.schedtrace.lab;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.model.Feature;
import io.schedtrace.model.Via;

/** What a test needs that not every way to trace has. */
public final class Needs {
    private Needs() {}

    /** Aborts the test, with the reason, if {@code -Dio.schedtrace.via} forces a way that does not have it. */
    public static void feature(Feature feature) {
        boolean ptrace = "ptrace".equals(System.getProperty("io.schedtrace.via"));
        assumeThat(!ptrace || feature.isIn(Via.PTRACE))
                .as("ptrace(2) does not have: " + feature.text())
                .isTrue();
    }
}
