package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.export.JsonLines;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Snippet;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The zones of link-local addresses, in the network namespace of the JVM and in another. */
@KernelTest
class ZonesIT {
    private static final String NETWORK = "ip link set lo up; ip link add here type veth peer name there;"
            + " ip link set here up; ip link set there up; ip addr add fe80::77/64 dev here nodad; exec \"$0\" \"$@\"";

    private static final String TALK = """
            zone = socket.if_nametoindex('here')
            ls = socket.socket(socket.AF_INET6); ls.bind(('fe80::77', 0, 0, zone)); ls.listen()
            c = socket.socket(socket.AF_INET6); c.connect(ls.getsockname()); s = ls.accept()[0]
            c.close(); s.recv(1); s.close()
            """;

    private static List<String> zones(String... prefix) {
        return new ChildJvm()
                .under("unshare", "-n", "sh", "-c", NETWORK).lines(ZoneReport.class, prefix).stream()
                        .filter(line -> line.startsWith("ends "))
                        .toList();
    }

    @Test
    void shouldNameTheInterface() {
        assertThat(zones()).hasSize(2).containsOnly("ends here here json true");
    }

    @Test
    void shouldKeepTheIndexOfAnotherNamespace() {
        assertThat(zones("unshare", "-n", "sh", "-c", "ip link add x type dummy; " + NETWORK))
                .hasSize(2)
                .allMatch(line -> line.matches("ends (\\d+) \\1 json false"));
    }

    /** Traces connections over a link, behind a prefix of the command, and prints the zones of their ends. */
    static final class ZoneReport {
        public static void main(String[] prefix) throws Exception {
            List<String> command = new ArrayList<>(List.of(prefix));
            command.addAll(Snippet.pythonCommand(TALK));
            Trace trace = Traces.of(command.toArray(String[]::new));
            for (TcpSpan span : trace.connections()) {
                System.out.println("ends " + zone(span.local().toString()) + ' '
                        + zone(span.peer().toString()) + " json "
                        + JsonLines.format(span).contains("\"dest_ip\":\"fe80::77%here\""));
            }
        }

        /** Of {@code /fe80:0:0:0:0:0:0:77%here:port}. */
        private static String zone(String address) {
            String after = address.substring(address.indexOf('%') + 1);
            return after.replaceFirst("]?:\\d+$", "");
        }
    }
}
