package io.schedtrace.internal.assemble;

import static io.schedtrace.internal.assemble.RecordScript.Trait.LOSSY;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.TraceListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private final RecordScript kernel = new RecordScript();

    @AfterEach
    void close() {
        kernel.close();
    }

    private ListenSpan span(int number) {
        return kernel.assembler.listeners().get(number);
    }

    @Test
    void shouldLastFromItsStartToItsEnd() {
        kernel.start(1, 0).listener(10, 1, false, 80);
        ListenSpan open = span(0);
        assertThat(open.listening()).isTrue();
        assertThat(open.complete()).isFalse();
        assertThat(open.endTime()).isNull();
        assertThat(open.port()).isEqualTo(80);
        assertThat(open.endpoint()).isEqualTo("127.0.0.1:80");
        assertThat(open.processSpanId())
                .isEqualTo(kernel.assembler.processes().get(0).spanId())
                .isEqualTo(open.parentSpanId());
        assertThat(open.startTime()).isEqualTo(Instant.ofEpochSecond(0, RecordScript.WALL_OFFSET + 2000));

        kernel.later(5000);
        kernel.listener(10, 1, true, 80);
        assertThat(span(0).duration()).isEqualTo(Duration.ofNanos(6000));
        assertThat(span(0).endTime()).isEqualTo(open.startTime().plusNanos(6000));
        assertThat(span(0).complete()).isTrue();
        assertThat(span(0).spanId()).isEqualTo(open.spanId());
    }

    @Test
    void shouldLearnThePortAtItsEnd() {
        kernel.start(1, 0).listener(10, 1, false, null);
        assertThat(span(0).port()).isNull();
        kernel.listener(10, 1, true, 40_000);
        assertThat(span(0).port()).isEqualTo(40_000);
    }

    @Test
    void shouldBeKnownByItsNumber() {
        kernel.start(1, 0).listener(10, 1, false, 80).listener(11, 1, false, 80).listener(10, 1, true, 80);
        assertThat(kernel.assembler.listeners())
                .extracting(ListenSpan::listening)
                .containsExactly(false, true);
    }

    @Test
    void shouldBeIncompleteIfItsStartWasLost() {
        kernel.start(1, 0).listener(10, 1, true, 80, LOSSY);
        assertThat(span(0).listening()).isFalse();
        assertThat(span(0).complete()).isFalse();
    }

    @Test
    void shouldHaveNoProcessInThisJvm() {
        kernel.listener(10, 0, false, 80);
        assertThat(span(0).processSpanId()).isNull();
        assertThat(span(0).pid()).isNull();
    }

    @Test
    void shouldTellListeners() {
        List<String> events = new ArrayList<>();
        kernel.listeners.add(new TraceListener() {
            @Override
            public void listenStarted(ListenSpan listener) {
                events.add("started " + listener.endpoint());
            }

            @Override
            public void listenEnded(ListenSpan listener) {
                events.add("ended " + listener.endpoint());
            }
        });
        kernel.start(1, 0)
                .listener(10, 1, false, null)
                .listener(10, 1, true, 80)
                .listener(11, 1, true, 81, LOSSY);
        assertThat(events)
                .containsExactly(
                        "started 127.0.0.1:?", "ended 127.0.0.1:80", "started 127.0.0.1:81", "ended 127.0.0.1:81");
    }
}
