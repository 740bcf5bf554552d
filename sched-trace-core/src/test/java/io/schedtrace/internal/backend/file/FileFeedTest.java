package io.schedtrace.internal.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.lab.RecordWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileFeedTest {
    private static final int LIMIT = RecordLayout.Limit.BLOCK;

    private static FileFeed replay(RecordWriter... records) {
        List<byte[]> bytes = Stream.of(records).map(RecordWriter::bytes).toList();
        return new FileFeed(new RecordFile(4096, 0, "", bytes.size(), Map.of(), 0, bytes));
    }

    private static RecordWriter exec(int sequence, int argsLength, int envLength, int flags) {
        return RecordWriter.exec(argsLength, envLength, new byte[8])
                .u64(RecordLayout.Header.SEQUENCE, sequence)
                .u16(RecordLayout.Header.FLAGS, flags);
    }

    private static RecordWriter moreOf(int exec, int length) {
        return RecordWriter.of(RecordLayout.Type.EXEC_DATA, RecordLayout.ExecData.SIZEOF + length)
                .u64(RecordLayout.ExecData.EXEC, exec)
                .u32(RecordLayout.ExecData.DATA_LEN, length);
    }

    private static RecordWriter start(int process, int tracerPid) {
        return RecordWriter.of(RecordLayout.Type.PROCESS_START, RecordLayout.ProcessStart.SIZEOF)
                .u64(RecordLayout.Header.PROCESS, process)
                .u32(RecordLayout.ProcessStart.TRACER_PID, tracerPid);
    }

    private static RecordWriter end(int process) {
        return RecordWriter.of(RecordLayout.Type.PROCESS_END, RecordLayout.ProcessEnd.SIZEOF)
                .u64(RecordLayout.Header.PROCESS, process);
    }

    /** As the BPF programs count: each exec once, if a part of its block exceeds the limit or is unreadable. */
    @Test
    void shouldCountExecsThatAreNotWhole() {
        assertThat(replay(exec(1, 4, 4, 0), exec(2, LIMIT, 0, 0), moreOf(2, 5)).truncated())
                .isZero();
        assertThat(replay(exec(1, LIMIT, 1, RecordLayout.Flag.TRUNCATED)).truncated())
                .isEqualTo(1);
        assertThat(replay(exec(1, 0, 0, RecordLayout.Flag.UNREADABLE)).truncated())
                .isEqualTo(1);
        assertThat(replay(exec(1, LIMIT, 0, 0), moreOf(1, 5), moreOf(1, 0), moreOf(1, 0), exec(9, LIMIT, LIMIT, 0))
                        .truncated())
                .isEqualTo(2);
    }

    @Test
    void shouldTellFromTheRecordsWhichProcessesExist() {
        long self = ProcessHandle.current().pid();
        FileFeed feed = replay(start(1, 11), start(2, 12), end(1), start(3, 0));
        assertThat(feed.exists(11)).isFalse();
        assertThat(feed.exists(12)).isTrue();
        assertThat(feed.exists(self)).isFalse();
        assertThat(feed.processes()).isEqualTo(2);
    }
}
