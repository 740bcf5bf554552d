package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * {@link TraceProcesses} as an object, for settings that no annotation can hold:
 *
 * <pre>
 * &#64;RegisterExtension
 * static final TraceExtension TRACE = TraceExtension.builder()
 *         .leakedProcesses(LeakedProcesses.KILL)
 *         .tracer(tracer -&gt; tracer.listener(myListener))
 *         .build();
 * </pre>
 *
 * <p>In a static field it works as the annotation does on the class. In an instance field it knows each test from its
 * {@code @BeforeEach} methods on, and has no trace of the class. A test has one or the other, annotation or object: both
 * at once are an error. Immutable.
 */
public final class TraceExtension extends TraceCallbacks {
    private final Settings settings;

    private TraceExtension(Settings settings) {
        this.settings = settings;
    }

    /** A builder with the defaults of {@link TraceProcesses}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    Settings settings(ExtensionContext context) {
        return settings;
    }

    @Override
    public String toString() {
        return "a TraceExtension";
    }

    /** The settings. Not safe for use by several threads. */
    public static final class Builder {
        private WhenUnavailable whenUnavailable = WhenUnavailable.AUTO;
        private LeakedProcesses leakedProcesses = LeakedProcesses.IGNORE;
        private boolean failOnLoss;
        private AllowedConnections allowed = AllowedConnections.parse(List.of("*"));
        private AllowedProcesses processes = AllowedProcesses.parse(List.of("*"));
        private OnForbidden onForbidden = OnForbidden.FAIL;
        private Strays strays = Strays.FAIL;
        private boolean alwaysReport;
        private Consumer<ProcessTreeTracer.Builder> tracer = builder -> {};

        private Builder() {}

        /** See {@link TraceProcesses#whenUnavailable()}. */
        public Builder whenUnavailable(WhenUnavailable choice) {
            whenUnavailable = choice;
            return this;
        }

        /** See {@link TraceProcesses#leakedProcesses()}. */
        public Builder leakedProcesses(LeakedProcesses choice) {
            leakedProcesses = choice;
            return this;
        }

        /** See {@link TraceProcesses#failOnLoss()}. */
        public Builder failOnLoss(boolean fail) {
            failOnLoss = fail;
            return this;
        }

        /**
         * See {@link TraceProcesses#allowConnections()}.
         *
         * @throws IllegalArgumentException if a pattern is none; it names the pattern
         */
        public Builder allowConnections(String... patterns) {
            allowed = AllowedConnections.parse(List.of(patterns));
            return this;
        }

        /**
         * See {@link TraceProcesses#allowProcesses()}.
         *
         * @throws IllegalArgumentException if a pattern is none or can match nothing; it names the pattern
         */
        public Builder allowProcesses(String... patterns) {
            processes = AllowedProcesses.parse(List.of(patterns));
            return this;
        }

        /** See {@link TraceProcesses#onForbidden()}. */
        public Builder onForbidden(OnForbidden choice) {
            onForbidden = choice;
            return this;
        }

        /** See {@link TraceProcesses#strays()}. */
        public Builder strays(Strays choice) {
            strays = choice;
            return this;
        }

        /** See {@link TraceProcesses#alwaysReport()}. */
        public Builder alwaysReport(boolean always) {
            alwaysReport = always;
            return this;
        }

        /**
         * Sets what else there is to set: listeners, trace id, sources of names, the ring. Called for each trace, on the
         * thread that opens it. The name of the session is always that of the test.
         */
        public Builder tracer(Consumer<ProcessTreeTracer.Builder> configure) {
            tracer = tracer.andThen(configure);
            return this;
        }

        /**
         * The extension.
         *
         * @throws IllegalArgumentException if settings contradict each other
         */
        public TraceExtension build() {
            return new TraceExtension(new Settings(
                    whenUnavailable,
                    leakedProcesses,
                    failOnLoss,
                    allowed,
                    processes,
                    onForbidden,
                    strays,
                    alwaysReport,
                    tracer));
        }
    }
}
