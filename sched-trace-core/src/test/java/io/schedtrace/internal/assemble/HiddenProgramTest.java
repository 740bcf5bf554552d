package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.assemble.RecordScript.Trait;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiddenProgramTest {
    private final RecordScript kernel = new RecordScript();

    private ProcessSpan process(int index) {
        return kernel.assembler.processes().get(index);
    }

    private void hiddenExec(long process, long parent, int number) {
        kernel.exec(process, parent, number, "", "", 0, Trait.HIDDEN);
    }

    @Test
    void shouldKeepNothingOfTheProgramBefore() {
        kernel.start(1, 0, 77).exec(1, 0, 1, "/bin/sh", "sh", "-c", "exec sudo id");
        hiddenExec(1, 0, 2);

        assertThat(process(0).hidden()).isTrue();
        assertThat(process(0).exe()).isNull();
        assertThat(process(0).arguments()).isEmpty();
        assertThat(process(0).name()).isEqualTo("sh");
        assertThat(process(0).execs()).extracting(Exec::name).containsExactly("sh");
        assertThat(process(0).commandLine()).hasToString("sh (hidden)");

        kernel.end(1, 0, 2, 0, Trait.HIDDEN);
        assertThat(process(0).hidden()).isTrue();
        assertThat(process(0).complete()).isTrue();
    }

    @Test
    void shouldGiveAChildTheNameOfItsParentBefore() {
        kernel.start(1, 0, 77).exec(1, 0, 1, "/bin/sh", "sh");
        hiddenExec(1, 0, 2);
        kernel.start(2, 1, 0, Trait.HIDDEN);
        assertThat(process(1).hidden()).isTrue();
        assertThat(process(1).name()).isEqualTo("sh");
        assertThat(process(1).exe()).isNull();
    }

    @Test
    void shouldShowAProgramThatTheUserMaySeeAgain() {
        kernel.start(1, 0, 77);
        hiddenExec(1, 0, 1);
        kernel.exec(1, 0, 2, "/bin/id", "id", "-u").end(1, 0, 2);
        assertThat(process(0).hidden()).isFalse();
        assertThat(process(0).arguments()).isEqualTo(List.of("id", "-u"));
        assertThat(process(0).complete()).isTrue();
    }

    @Test
    void shouldHaveNoNameWhereNoneWasSeen() {
        hiddenExec(1, 0, 1);
        assertThat(process(0).commandLine()).hasToString("(hidden)");
    }
}
