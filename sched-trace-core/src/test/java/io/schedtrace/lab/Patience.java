package io.schedtrace.lab;

import java.time.Duration;

/**
 * Times that depend on how fast the machine is. The system property {@code io.schedtrace.test.patience} says how many
 * times slower than an ordinary one it may be: 1, if it is not set.
 */
public final class Patience {
    private static final int FACTOR = Integer.getInteger("io.schedtrace.test.patience", 1);

    private Patience() {}

    public static Duration seconds(int ofAnOrdinaryMachine) {
        return Duration.ofSeconds(ofAnOrdinaryMachine).multipliedBy(FACTOR);
    }

    public static Duration millis(int ofAnOrdinaryMachine) {
        return Duration.ofMillis(ofAnOrdinaryMachine).multipliedBy(FACTOR);
    }
}
