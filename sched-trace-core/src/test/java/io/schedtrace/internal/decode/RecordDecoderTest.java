package io.schedtrace.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.bpf.RecordLayout.Connection;
import io.schedtrace.bpf.RecordLayout.DnsAnswer;
import io.schedtrace.bpf.RecordLayout.ExecData;
import io.schedtrace.bpf.RecordLayout.Flag;
import io.schedtrace.bpf.RecordLayout.ProcessEnd;
import io.schedtrace.bpf.RecordLayout.ProcessExec;
import io.schedtrace.bpf.RecordLayout.ProcessStart;
import io.schedtrace.internal.record.ExecBlock;
import io.schedtrace.internal.record.Origin;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.internal.record.TraceRecord.Header;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.lab.RecordWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
    private static final Header HEADER = new Header(1, 2, 3, 4, 5L, 6);

    private static RecordWriter start() {
        return RecordWriter.of(RecordLayout.Type.PROCESS_START, ProcessStart.SIZEOF)
                .u64(ProcessStart.PARENT, 3)
                .u64(ProcessStart.SPAN, -8)
                .u32(ProcessStart.PPID, 9)
                .u32(ProcessStart.TRACER_PID, -1)
                .u32(ProcessStart.UID, 11)
                .u32(ProcessStart.GID, 12)
                .text(ProcessStart.COMM, "sixteen-letters!");
    }

    private static RecordWriter end() {
        return RecordWriter.of(RecordLayout.Type.PROCESS_END, ProcessEnd.SIZEOF)
                .u16(RecordLayout.Header.FLAGS, Flag.LOSSY)
                .u64(ProcessEnd.PARENT, 3)
                .u64(ProcessEnd.START, 8)
                .u64(ProcessEnd.CPU_TIME, 9)
                .u64(ProcessEnd.MAX_RSS, 10)
                .u32(ProcessEnd.STATUS, 0x8b)
                .u32(ProcessEnd.EXECS, 12)
                .u32(ProcessEnd.THREADS, 13)
                .u32(ProcessEnd.UID, 14)
                .u32(ProcessEnd.GID, 15)
                .u32(ProcessEnd.PPID, 16)
                .text(ProcessEnd.COMM, "bash");
    }

    private static RecordWriter connection(int type) {
        return RecordWriter.of(type, Connection.SIZEOF)
                .u64(Connection.CONNECTION, 7)
                .u64(Connection.START, 8)
                .u64(Connection.ESTABLISHED, 9)
                .u64(Connection.CLOSING, 10)
                .u64(Connection.BYTES_SENT, 11)
                .u64(Connection.BYTES_RECEIVED, 12)
                .u32(Connection.RTT, 13)
                .u32(Connection.RETRANSMITS, 14)
                .u32(Connection.ERROR, 104)
                .u32(Connection.NETNS, 15)
                .u16(Connection.FAMILY, 2)
                .u16(Connection.STATE, 1)
                .u16(Connection.LOCAL_PORT, 65535)
                .u16(Connection.PEER_PORT, 80)
                .raw(Connection.LOCAL, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1})
                .raw(Connection.PEER, new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5});
    }

    private static RecordWriter data() {
        return RecordWriter.of(RecordLayout.Type.EXEC_DATA, ExecData.SIZEOF + 3)
                .u64(ExecData.EXEC, 7)
                .u32(ExecData.OFFSET, 8)
                .u32(ExecData.DATA_LEN, 3)
                .text(ExecData.DATA, "abc");
    }

    private static RecordWriter dns() {
        return RecordWriter.of(RecordLayout.Type.DNS_ANSWER, DnsAnswer.SIZEOF + 4)
                .u32(DnsAnswer.DATA_LEN, 4)
                .text(DnsAnswer.DATA, "wire");
    }

    static List<RecordWriter> everyType() {
        return List.of(
                start(),
                RecordWriter.exec(8, 0, "ls\0-l\0a\0".getBytes(StandardCharsets.UTF_8)),
                data(),
                end(),
                connection(RecordLayout.Type.CONNECTION_OPEN),
                connection(RecordLayout.Type.CONNECTION_ESTABLISHED),
                connection(RecordLayout.Type.CONNECTION_CLOSING),
                connection(RecordLayout.Type.CONNECTION_END),
                dns());
    }

    @Test
    void shouldReadAStart() {
        assertThat(start().decode())
                .isEqualTo(new TraceRecord.Started(
                        HEADER, new Origin.ForkedBy(3), 9L, 0xffffffffL, 11, 12, "sixteen-letters!", false, false));
    }

    @Test
    void shouldReadThatAProgramIsWithheld() {
        TraceRecord started =
                start().u16(RecordLayout.Header.FLAGS, RecordLayout.Flag.HIDDEN).decode();
        TraceRecord executed = RecordWriter.exec(0, 0, new byte[0])
                .u16(RecordLayout.Header.FLAGS, RecordLayout.Flag.HIDDEN)
                .decode();
        TraceRecord ended =
                end().u16(RecordLayout.Header.FLAGS, RecordLayout.Flag.HIDDEN).decode();
        assertThat(((TraceRecord.Started) started).hidden()).isTrue();
        assertThat(((TraceRecord.Executed) executed).hidden()).isTrue();
        assertThat(((TraceRecord.Ended) ended).hidden()).isTrue();
    }

    @Test
    void shouldTellHowAProcessCameToBelongToTheSession() {
        assertThat(origin(
                        start().u64(ProcessStart.PARENT, 0).u16(RecordLayout.Header.FLAGS, RecordLayout.Flag.LAUNCHED)))
                .isEqualTo(new Origin.Launched(-8L));
        assertThat(origin(start().u64(ProcessStart.PARENT, 0).u64(ProcessStart.SPAN, 0)))
                .isEqualTo(Origin.TEST_THREAD);
        assertThat(((TraceRecord.Ended) end().u64(ProcessEnd.PARENT, 0)
                                .u16(RecordLayout.Header.FLAGS, RecordLayout.Flag.LAUNCHED)
                                .decode())
                        .origin())
                .isEqualTo(new Origin.Launched(null));
    }

    private static Origin origin(RecordWriter start) {
        return ((TraceRecord.Started) start.decode()).origin();
    }

    @Test
    void shouldHaveNullForWhatTheKernelSideDoesNotKnow() {
        TraceRecord.Started outside = (TraceRecord.Started) start().u32(ProcessStart.PPID, 0)
                .u32(ProcessStart.TRACER_PID, 0)
                .decode();
        assertThat(outside.ppid()).isNull();
        assertThat(outside.tracerPid()).isNull();
        TraceRecord.ConnectionChanged open =
                (TraceRecord.ConnectionChanged) connection(RecordLayout.Type.CONNECTION_OPEN)
                        .u64(Connection.CLOSING, 0)
                        .decode();
        assertThat(open.traffic()).isNull();
        assertThat(open.end()).isNull();
        TraceRecord.ConnectionChanged ended =
                (TraceRecord.ConnectionChanged) connection(RecordLayout.Type.CONNECTION_END)
                        .u32(Connection.RTT, 0)
                        .u32(Connection.ERROR, 0)
                        .decode();
        assertThat(ended.traffic().rtt()).isNull();
        assertThat(ended.end().error()).isNull();
        TraceRecord.Executed cut = (TraceRecord.Executed) RecordWriter.exec(0, 0, new byte[0])
                .u16(RecordLayout.Header.FLAGS, Flag.PATH_TRUNCATED)
                .decode();
        assertThat(cut.path()).isNull();
    }

    @Test
    void shouldReadAnEnd() {
        long bytes = 10 * RecordWriter.PAGE_SIZE;
        assertThat(end().decode())
                .isEqualTo(new TraceRecord.Ended(
                        HEADER, new Origin.ForkedBy(3), 8, 9, bytes, 0x8b, 12, 13, 14, 15, 16L, "bash", true, false));
    }

    @Test
    void shouldRefuseAProcessThatIsItsOwnAncestor() {
        for (long parent : List.of(4L, 5L, -1L)) {
            assertThatExceptionOfType(MalformedRecordException.class)
                    .isThrownBy(() -> start().u64(ProcessStart.PARENT, parent).decode());
            assertThatExceptionOfType(MalformedRecordException.class)
                    .isThrownBy(() -> end().u64(ProcessEnd.PARENT, parent).decode());
        }
    }

    @Test
    void shouldReadAConnectionWithAddressesOfBothFamilies() {
        TraceRecord.ConnectionChanged read = (TraceRecord.ConnectionChanged)
                connection(RecordLayout.Type.CONNECTION_END).decode();
        assertThat(read)
                .isEqualTo(new TraceRecord.ConnectionChanged(
                        HEADER,
                        Phase.ENDED,
                        7,
                        false,
                        8,
                        9,
                        10,
                        new TraceRecord.Traffic(11, 12, 14, Duration.ofNanos(13_000)),
                        new TraceRecord.ConnectionEnd(104, false, false, false),
                        15,
                        read.local(),
                        read.peer()));
        assertThat(read.local()).hasToString("/10.0.0.1:65535");
        assertThat(read.peer()).hasToString("/[2001:db8:0:0:0:0:0:5]:80");
    }

    @Test
    void shouldReadAListener() {
        RecordWriter start = RecordWriter.of(RecordLayout.Type.LISTEN_START, RecordLayout.Listener.SIZEOF)
                .u64(RecordLayout.Listener.LISTENER, 7)
                .u64(RecordLayout.Listener.START, 8)
                .u16(RecordLayout.Listener.PORT, 0)
                .raw(RecordLayout.Listener.ADDRESS, new byte[16]);
        TraceRecord.ListenerChanged unbound = (TraceRecord.ListenerChanged) start.decode();
        assertThat(unbound)
                .isEqualTo(new TraceRecord.ListenerChanged(HEADER, false, 7, 8, unbound.address(), null, false));
        assertThat(unbound.address()).hasToString("/0:0:0:0:0:0:0:0");

        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        TraceRecord.ListenerChanged ended = (TraceRecord.ListenerChanged)
                RecordWriter.of(RecordLayout.Type.LISTEN_END, RecordLayout.Listener.SIZEOF)
                        .u16(RecordLayout.Header.FLAGS, Flag.LOSSY)
                        .u64(RecordLayout.Listener.LISTENER, 7)
                        .u64(RecordLayout.Listener.START, 8)
                        .u16(RecordLayout.Listener.PORT, 65_535)
                        .raw(RecordLayout.Listener.ADDRESS, mapped)
                        .decode();
        assertThat(ended).isEqualTo(new TraceRecord.ListenerChanged(HEADER, true, 7, 8, ended.address(), 65_535, true));
        assertThat(ended.address()).hasToString("/10.0.0.1");
        assertThatExceptionOfType(MalformedRecordException.class)
                .isThrownBy(() -> RecordWriter.of(RecordLayout.Type.LISTEN_END, RecordLayout.Listener.SIZEOF - 8)
                        .decode());
    }

    @Test
    void shouldReadAnExec() {
        byte[] block = "ls\0-l\0\0A=1\0".getBytes(StandardCharsets.UTF_8);
        TraceRecord.Executed exec =
                (TraceRecord.Executed) RecordWriter.exec(7, 4, block).decode();

        assertThat(exec.filename()).isEqualTo("./ls");
        assertThat(exec.path()).isEqualTo("/bin/ls");
        assertThat(exec.comm()).isEqualTo("ls");
        assertThat(exec.number()).isEqualTo(1);
        ExecBlock whole = new ExecBlock(exec, 1 << 20);
        assertThat(whole.full()).isTrue();
        assertThat(whole.arguments()).containsExactly("ls", "-l", "");
        assertThat(whole.environment()).containsExactly("A=1");
    }

    @Test
    void shouldShareAnEnvironmentThatIsTheSame() {
        RecordDecoder decoder = new RecordDecoder(RecordWriter.PAGE_SIZE);
        byte[] first = environment(decoder, "ls\0A=1\0B=2\0", 3);
        assertThat(first).asString(StandardCharsets.UTF_8).isEqualTo("A=1\0B=2\0");
        assertThat(environment(decoder, "other\0A=1\0B=2\0", 6)).isSameAs(first);
        assertThat(environment(decoder, "ls\0A=1\0B=3\0", 3))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("A=1\0B=3\0");
        assertThat(environment(decoder, "ls\0A=1\0", 3))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("A=1\0");
        assertThat(first).asString(StandardCharsets.UTF_8).isEqualTo("A=1\0B=2\0");
    }

    private static byte[] environment(RecordDecoder decoder, String block, int args) {
        byte[] bytes = block.getBytes(StandardCharsets.UTF_8);
        byte[] record = RecordWriter.exec(args, bytes.length - args, bytes).bytes();
        ByteBuffer ring = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
        return ((TraceRecord.Executed) decoder.decode(ring, 0, record.length)).environment();
    }

    @Test
    void shouldReadAPathOfTheRootAndOneWithoutAnEnd() {
        RecordWriter none = RecordWriter.exec(0, 0, new byte[0]).u32(ProcessExec.PATHS_PATH_LEN, 0);
        assertThat(((TraceRecord.Executed) none.decode()).path()).isEmpty();
        RecordWriter cut = RecordWriter.exec(0, 0, new byte[0]).u32(ProcessExec.PATHS_PATH_LEN, 5);
        assertThat(((TraceRecord.Executed) cut.decode()).path()).isEqualTo("/bi/ls");
        RecordWriter noName = RecordWriter.exec(0, 0, new byte[0])
                .u32(ProcessExec.PATHS_FILENAME_LEN, 0)
                .u32(ProcessExec.PATHS_PATH_LEN, 0);
        assertThat(((TraceRecord.Executed) noName.decode()).filename()).isEmpty();
    }

    @Test
    void shouldReadMoreOfAnExecAndDns() {
        TraceRecord.ExecData data = (TraceRecord.ExecData) data().decode();
        assertThat(data.exec()).isEqualTo(7);
        assertThat(data.offset()).isEqualTo(8);
        assertThat(data.data()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
        TraceRecord.DnsAnswer dns = (TraceRecord.DnsAnswer) dns().decode();
        assertThat(dns.message()).asString(StandardCharsets.UTF_8).isEqualTo("wire");
    }

    @Test
    void shouldKeepBytesThatAreNoText() {
        byte[] block = {(byte) 0xff, 'a', (byte) 0xc3, (byte) 0xa9, 0, (byte) 0xe2, (byte) 0x82, 0, (byte) 0xc3};
        TraceRecord.Executed exec =
                (TraceRecord.Executed) RecordWriter.exec(9, 0, block).decode();
        assertThat(new ExecBlock(exec, 100).arguments()).containsExactly("\udcffa\u00e9", "\udce2\udc82", "\udcc3");
    }

    @ParameterizedTest
    @MethodSource("everyType")
    void shouldRefuseARecordThatIsShorterThanItsType(RecordWriter record) {
        byte[] whole = record.bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(MalformedRecordException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> RecordWriter.decode(cut));
            if (length >= RecordLayout.Header.SIZEOF && length < whole.length - 8) {
                byte[] honest = new byte[length];
                System.arraycopy(whole, 0, honest, 0, length);
                java.nio.ByteBuffer.wrap(honest)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .putInt(RecordLayout.Header.SIZE, length);
                assertThatExceptionOfType(MalformedRecordException.class).isThrownBy(() -> RecordWriter.decode(honest));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 47, 97, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldRefuseASizeThatCannotBe(int size) {
        RecordWriter record = start().u32(RecordLayout.Header.SIZE, size);
        assertThatExceptionOfType(MalformedRecordException.class).isThrownBy(record::decode);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, RecordLayout.Type.COUNT, 99, 0x8001, 0xffff})
    void shouldRefuseAnUnknownType(int type) {
        RecordWriter record = start().u16(RecordLayout.Header.TYPE, type);
        assertThatExceptionOfType(MalformedRecordException.class)
                .isThrownBy(record::decode)
                .withMessageContaining("unknown record type");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                ProcessExec.PATHS_FILENAME_LEN,
                ProcessExec.PATHS_PATH_LEN,
                ProcessExec.DATA_LEN,
                ProcessExec.ARGS_LEN,
                ProcessExec.ENV_LEN,
            })
    void shouldRefuseLengthsThatCannotBe(int field) {
        RecordWriter negative = RecordWriter.exec(1, 1, new byte[2]).u32(field, -1);
        assertThatExceptionOfType(MalformedRecordException.class).isThrownBy(negative::decode);
        if (field != ProcessExec.ARGS_LEN && field != ProcessExec.ENV_LEN) {
            RecordWriter huge = RecordWriter.exec(1, 1, new byte[2]).u32(field, Integer.MAX_VALUE);
            assertThatExceptionOfType(MalformedRecordException.class).isThrownBy(huge::decode);
        }
    }

    @Test
    void shouldNeverFailInAnotherWay() {
        Random random = new Random(20260101);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            List<RecordWriter> all = everyType();
            byte[] record = all.get(random.nextInt(all.size())).bytes();
            for (int n = random.nextInt(8); n >= 0; n--) {
                record[random.nextInt(Math.min(record.length, 160))] = (byte) random.nextInt();
            }
            try {
                if (RecordWriter.decode(record) instanceof TraceRecord.Executed exec) {
                    ExecBlock block = new ExecBlock(exec, 4096);
                    assertThat(block.arguments().size() + block.environment().size())
                            .isLessThanOrEqualTo(2 * record.length);
                }
            } catch (MalformedRecordException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 199_000);
    }
}
