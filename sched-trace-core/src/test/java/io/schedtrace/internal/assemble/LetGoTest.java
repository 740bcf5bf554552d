package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TraceListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An assembler that does not keep what has ended. */
class LetGoTest {
    private static final int FIN_WAIT = 7;

    private final RecordScript kernel = new RecordScript(1000, false);
    private final List<ProcessSpan> processes = new ArrayList<>();
    private final List<TcpSpan> connections = new ArrayList<>();
    private final List<ListenSpan> listeners = new ArrayList<>();

    @BeforeEach
    void listen() {
        kernel.listeners.add(new TraceListener() {
            @Override
            public void processEnded(ProcessSpan process) {
                processes.add(process);
            }

            @Override
            public void connectionEnded(TcpSpan connection) {
                connections.add(connection);
            }

            @Override
            public void listenEnded(ListenSpan listener) {
                listeners.add(listener);
            }
        });
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    @Test
    void shouldTellOfEachSpanAndKeepThoseThatAreOpen() {
        kernel.start(1, 0, 77).exec(1, 0, 1, "/bin/sh", "sh");
        for (int i = 0; i < 1000; i++) {
            long child = 10 + 2 * i;
            kernel.start(child, 1).start(child + 1, child).end(child, 1, 0);
            kernel.exec(child + 1, child, 1, "/bin/ls", "ls", "x".repeat(500)).end(child + 1, child, 1);
        }

        assertThat(kernel.assembler.processes())
                .singleElement()
                .satisfies(shell -> assertThat(shell.spanId()).isEqualTo(new SpanId(77)));
        assertThat(processes).hasSize(2000).allMatch(ProcessSpan::complete);
        for (int i = 0; i < 2000; i += 2) {
            assertThat(processes.get(i).parentSpanId()).isEqualTo(new SpanId(77));
            assertThat(processes.get(i).name()).isEqualTo("comm");
            assertThat(processes.get(i + 1).parentSpanId())
                    .isEqualTo(processes.get(i).spanId());
            assertThat(processes.get(i + 1).arguments()).hasSize(2);
        }
        assertThat(kernel.assembler.shortened()).isZero();
    }

    @Test
    void shouldKnowTheOwnerOfAConnectionThatEndsAfterIt() {
        RecordScript.Tcp client = RecordScript.client(1, 2, 40_000);
        RecordScript.Tcp server = RecordScript.server(2, 3, 40_000);
        kernel.start(1, 0, 77).start(2, 1).start(3, 1).listener(9, 3, false, 80);
        kernel.open(client).established(client).open(server);
        kernel.end(2, 1, 0).end(3, 1, 0).listener(9, 3, true, 80);
        kernel.closed(client, 0, FIN_WAIT).closed(server, 0, FIN_WAIT);

        assertThat(connections).hasSize(2);
        assertThat(connections.get(0).processSpanId())
                .isEqualTo(processes.get(0).spanId())
                .isEqualTo(connections.get(0).parentSpanId());
        assertThat(connections.get(1).processSpanId())
                .isEqualTo(processes.get(1).spanId());
        assertThat(connections.get(1).peerSpanId()).isEqualTo(connections.get(0).spanId());
        assertThat(listeners)
                .singleElement()
                .satisfies(listener -> assertThat(listener.processSpanId())
                        .isEqualTo(processes.get(1).spanId()));
        assertThat(kernel.assembler.connections()).isEmpty();
        assertThat(kernel.assembler.listeners()).isEmpty();
    }

    @Test
    void shouldKeepWhatTheListenersHaveNoRoomFor() {
        RecordScript.Tcp client = RecordScript.client(1, 2, 40_000);
        kernel.start(1, 0, 77).exec(1, 0, 1, "/bin/sh", "sh").start(2, 1);
        kernel.open(client).established(client).listener(9, 2, false, 80);
        kernel.full = true;
        kernel.closed(client, 0, FIN_WAIT).listener(9, 2, true, 80).end(2, 1, 0);
        kernel.full = false;
        kernel.end(1, 0, 1);

        assertThat(kernel.assembler.processes()).extracting(ProcessSpan::pid).containsExactly(2L);
        assertThat(kernel.assembler.connections()).hasSize(1);
        assertThat(kernel.assembler.listeners()).hasSize(1);
        assertThat(processes).hasSize(1);
    }
}
