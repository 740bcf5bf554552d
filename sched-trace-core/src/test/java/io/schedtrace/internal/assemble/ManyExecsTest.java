package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TraceListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that replaces its program again and again. */
class ManyExecsTest {
    private static final int EXECS = 100_000;

    private final RecordScript kernel = new RecordScript();

    @AfterEach
    void close() {
        kernel.close();
    }

    /** If each span had a list of its own, they would need 20 GB. */
    @Test
    void shouldShareTheExecsOfAllSpansThatAListenerGets() {
        List<ProcessSpan> heard = new ArrayList<>();
        kernel.listeners.add(new TraceListener() {
            @Override
            public void processExecuted(ProcessSpan process, Exec exec) {
                heard.add(process);
            }
        });

        kernel.start(1, 0, 77);
        for (int i = 1; i <= EXECS; i++) {
            kernel.exec(1, 0, i, "/bin/again", "again");
        }

        assertThat(heard).hasSize(EXECS);
        for (int i : List.of(1, 2, 3, EXECS / 2, EXECS)) {
            assertThat(heard.get(i - 1).execs()).hasSize(i);
        }
        Exec second = heard.get(1).execs().get(1);
        assertThat(heard.get(EXECS - 1).execs().get(1)).isSameAs(second);
    }
}
