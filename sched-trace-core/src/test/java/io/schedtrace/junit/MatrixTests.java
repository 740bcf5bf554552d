package io.schedtrace.junit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests that {@link ThreadMatrix} runs. Those that are called {@code acts} break their guards. */
final class MatrixTests {
    private MatrixTests() {}

    /** All guards. */
    @TraceProcesses(
            leakedProcesses = LeakedProcesses.FAIL,
            allowConnections = {},
            allowProcesses = {"*", "!perl"})
    @Retention(RetentionPolicy.RUNTIME)
    @interface Guarded {}

    static class EarlierTraced {
        @Test
        @TraceProcesses
        void earlierTraced() throws Exception {
            Older.makeByTraced();
        }
    }

    static class EarlierUntraced {
        @Test
        void earlierUntraced() throws Exception {
            Older.makeByUntraced();
        }
    }

    /** Makes workers of the pools that all tests share, at a time when the test that acts runs, too. */
    private static void beInnocent() throws Exception {
        ThreadMatrix.meet();
        ForkJoinPool.commonPool().submit(() -> {}).get(30, TimeUnit.SECONDS);
        if (Loom.hasThreads()) {
            Loom.start(() -> {});
        }
        ThreadMatrix.meet();
        ThreadMatrix.meet();
    }

    /** Leaks nothing, and may connect. */
    static class GuardsLeaks {
        @Test
        @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
        void guardsLeaks() throws Exception {
            beInnocent();
        }
    }

    /** Connects to nothing, and may leave processes. */
    static class GuardsConnections {
        @Test
        @TraceProcesses(allowConnections = {})
        void guardsConnections() throws Exception {
            beInnocent();
        }
    }

    static class Untraced {
        @Test
        void untraced() throws Exception {
            beInnocent();
        }
    }

    @CachedContext.Uses
    static class Acts {
        @Test
        @Guarded
        void acts() throws Exception {
            ThreadMatrix.act();
        }
    }

    /** All at once in one class. */
    @CachedContext.Uses
    static class Methods {
        @Test
        @Guarded
        void acts() throws Exception {
            ThreadMatrix.act();
        }

        @Test
        @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
        void guardsLeaks() throws Exception {
            beInnocent();
        }

        @Test
        @TraceProcesses(allowConnections = {})
        void guardsConnections() throws Exception {
            beInnocent();
        }

        @Test
        void untraced() throws Exception {
            beInnocent();
        }
    }

    @Guarded
    @CachedContext.Uses
    static class Outer {
        @Test
        void outer() {}

        @Nested
        class Inner {
            @Test
            void acts() throws Exception {
                ThreadMatrix.act();
            }
        }
    }

    @Guarded
    @CachedContext.Uses
    static class Limited {
        @Test
        @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
        void acts() throws Exception {
            ThreadMatrix.act();
        }
    }

    @Guarded
    @CachedContext.Uses
    static class Repeated {
        @RepeatedTest(value = 3, name = "acts {currentRepetition}")
        void acts(RepetitionInfo repetition) throws Exception {
            if (repetition.getCurrentRepetition() == 2) {
                ThreadMatrix.act();
            }
        }
    }

    @Guarded
    @CachedContext.Uses
    static class Parameterized {
        @ParameterizedTest(name = "acts {0}")
        @ValueSource(ints = {1, 2, 3})
        void acts(int parameter) throws Exception {
            if (parameter == 2) {
                ThreadMatrix.act();
            }
        }
    }

    @Guarded
    @CachedContext.Uses
    static class Factory {
        @TestFactory
        List<DynamicTest> acts() {
            return List.of(
                    DynamicTest.dynamicTest("first", () -> {}), DynamicTest.dynamicTest("second", ThreadMatrix::act));
        }
    }
}
