package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.schedtrace.hosts.HostSink;
import io.schedtrace.internal.text.HostText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the network sends, reading it throws nothing and makes up no more facts than the message has room for. The
 * build runs the seeds; {@code JAZZER_FUZZ=1 mvn test -Dtest=DnsMessagesFuzzTest} makes more of them for five
 * minutes.
 */
class DnsMessagesFuzzTest {
    private static final int SMALLEST_RECORD = 11;
    private static final String QUESTION = "0162047465737400";
    private static final String TERMINAL = "061b5b33316d0a0474657374 00";
    private static final String ADDRESS = "0001 0001 0000003c 0004 7f000101";

    /** Answers, good and bad. */
    static Stream<Arguments> seeds() {
        String one = "1234 8180 0001 0001 0000 0000" + QUESTION + "0001 0001";
        return Stream.of(
                        one + "c00c" + ADDRESS,
                        "1234 8180 0001 0002 0000 0000" + QUESTION
                                + "0001 0001 c00c 0005 0001 0000003c 0004 0161 c00e 0161 c00e" + ADDRESS,
                        "1234 8180 0001 0002 0000 0001" + QUESTION + "0001 0001 c00c" + ADDRESS + "c00c" + ADDRESS
                                + "00 0029 04d0 00000000 0000",
                        one + "c019" + ADDRESS,
                        one + "c00c 0005 0001 0000003c 0002 c00c",
                        one + "c00c 0001 0001 0000003c ffff 7f",
                        "1234 8183 0001 0000 0000 0000" + QUESTION + "0001 0001",
                        "1234 8380 0001 ffff ffff ffff" + QUESTION + "0001 0001",
                        "")
                .map(DnsMessagesFuzzTest::seed);
    }

    /** A name that would turn a terminal red is asked for, and answered. */
    static Stream<Arguments> terminal() {
        return Stream.of(seed("1234 8180 0001 0001 0000 0000" + TERMINAL + "0001 0001 c00c" + ADDRESS));
    }

    private static Arguments seed(String hex) {
        return Arguments.of((Object) HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @MethodSource({"seeds", "terminal"})
    @FuzzTest(maxDuration = "5m")
    void readsAnything(byte[] answer) {
        List<InetAddress> facts = new ArrayList<>();
        DnsMessages.read(answer, new HostSink() {
            @Override
            public void candidate(String name) {
                throw new AssertionError("DNS answers are facts");
            }

            @Override
            public void fact(String name, InetAddress address) {
                String shown = HostText.normalize(name);
                assertThat(shown == null || shown.codePoints().noneMatch(Character::isISOControl))
                        .isTrue();
                assertThat(address).isNotNull();
                facts.add(address);
            }
        });
        assertThat(facts.size()).isLessThanOrEqualTo(answer.length / SMALLEST_RECORD);
    }
}
