package io.schedtrace.internal.names;

import static io.schedtrace.internal.names.FakeLookup.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostEvent.DnsAnswer;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.model.HostName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

@Timeout(30)
class DnsSourceTest {
    private static final int MUTATIONS = 10_000;

    private final DnsSource source = new DnsSource();

    private static Name name(String text) throws IOException {
        return Name.fromString(text + ".");
    }

    private static Record a(String name, String address) throws IOException {
        return new ARecord(name(name), DClass.IN, 60, address(address));
    }

    private static Record alias(String name, String target) throws IOException {
        return new CNAMERecord(name(name), DClass.IN, 60, name(target));
    }

    private static Message query(String name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name(name), type, DClass.IN));
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query;
    }

    private static Message answer(Message query, Record... records) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        List.of(records).forEach(record -> answer.addRecord(record, Section.ANSWER));
        answer.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return answer;
    }

    private List<String> facts(byte[] answer) {
        SourceSink sink = new SourceSink(1_000);
        sink.open(source.origin());
        source.observe(new DnsAnswer(answer), sink);
        assertThat(sink.candidates()).isEmpty();
        return sink.facts().stream()
                .map(fact -> fact.name().name() + " " + fact.address().getHostAddress())
                .toList();
    }

    private List<String> facts(Message answer) {
        return facts(answer.toWire());
    }

    @Test
    void readsAddressesOfBothFamilies() throws Exception {
        assertThat(DnsSource.available()).isTrue();
        Message query = query("Web.Example", Type.A);
        assertThat(facts(answer(query, a("web.example", "10.0.0.1"), a("WEB.example", "10.0.0.2"))))
                .containsExactly("web.example 10.0.0.1", "web.example 10.0.0.2");
        Message six = query("web.example", Type.AAAA);
        Record record = new AAAARecord(name("web.example"), DClass.IN, 60, address("2001:db8::1"));
        assertThat(facts(answer(six, record))).containsExactly("web.example 2001:db8:0:0:0:0:0:1");
    }

    @Test
    void followsAliasesInAnyOrder() throws Exception {
        Message query = query("www.example", Type.A);
        Message answer = answer(
                query,
                a("edge.cdn.example", "10.0.0.1"),
                alias("cdn.example", "edge.cdn.example"),
                alias("www.example", "cdn.example"),
                a("other.example", "10.0.0.9"));
        assertThat(facts(answer)).containsExactly("www.example 10.0.0.1");
    }

    @Test
    void endsInLoopsAndLongChains() throws Exception {
        Message query = query("a.example", Type.A);
        assertThat(facts(answer(query, alias("a.example", "b.example"), alias("b.example", "a.example"))))
                .isEmpty();
        List<Record> chain = new ArrayList<>(List.of(alias("a.example", "n0.example")));
        for (int i = 0; i < 100; i++) {
            chain.add(alias("n" + i + ".example", "n" + (i + 1) + ".example"));
        }
        chain.add(a("n100.example", "10.0.0.1"));
        assertThat(facts(answer(query, chain.toArray(Record[]::new)))).isEmpty();
    }

    @Test
    void ignoresWhatIsNoAnswerAboutAddresses() throws Exception {
        Message query = query("web.example", Type.A);
        Record record = a("web.example", "10.0.0.1");
        assertThat(facts(answer(query, record))).hasSize(1);

        assertThat(facts(answer(query("other.example", Type.A), record))).isEmpty();

        Message failure = answer(query, record);
        failure.getHeader().setRcode(Rcode.NXDOMAIN);
        assertThat(facts(failure)).isEmpty();
        assertThat(facts(query)).isEmpty();
        Message two = answer(query, record);
        two.addRecord(query("other.example", Type.A).getQuestion(), Section.QUESTION);
        assertThat(facts(two)).isEmpty();
        Message update = answer(query, record);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(facts(update)).isEmpty();

        Message text = query("web.example", Type.TXT);
        assertThat(facts(answer(text, record, new TXTRecord(name("web.example"), DClass.IN, 1, "x"))))
                .isEmpty();
        Message service = query("_http._tcp.web example", Type.A);
        assertThat(facts(answer(service, a("_http._tcp.web example", "10.0.0.1"))))
                .as("no host name")
                .isEmpty();
    }

    @Test
    void ignoresWhatIsNoMessage() throws Exception {
        byte[] pointerToItself = answer(query("web.example", Type.A), a("web.example", "10.0.0.1"))
                .toWire();
        assertThat(facts(pointerToItself)).hasSize(1);
        assertThat(facts(new byte[0])).isEmpty();
        assertThat(facts(new byte[12])).isEmpty();
        assertThat(facts(new byte[70_000])).isEmpty();
        pointerToItself[12] = (byte) 0xc0;
        pointerToItself[13] = 12;
        assertThat(facts(pointerToItself)).isEmpty();
    }

    @Test
    void survivesDamagedMessages() throws Exception {
        Message query = query("www.example", Type.A);
        Message answer = answer(
                query,
                alias("www.example", "cdn.example"),
                a("cdn.example", "10.0.0.1"),
                new AAAARecord(name("cdn.example"), DClass.IN, 60, address("::1")),
                new TXTRecord(name("cdn.example"), DClass.IN, 60, "some text"));
        Random random = new Random(42);
        int understood = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            List<String> facts = facts(mutated(answer.toWire(), random));
            assertThat(facts).hasSizeLessThanOrEqualTo(16);
            understood += facts.isEmpty() ? 0 : 1;
        }
        assertThat(understood)
                .as("most damage is to be noticed, some does no harm")
                .isBetween(1, MUTATIONS / 2);
    }

    @Test
    void readsAnAnswerAsFarAsItGoes() throws Exception {
        byte[] whole = answer(
                        query("web.example", Type.A),
                        a("web.example", "10.0.0.1"),
                        a("web.example", "10.0.0.2"),
                        a("web.example", "10.0.0.3"))
                .toWire();
        int address = 16;
        int options = 11;
        int before = whole.length - options - 3 * address;
        for (int length = 0; length < whole.length; length++) {
            int there = Math.max(0, Math.min(3, (length - before) / address));
            assertThat(facts(Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .hasSize(there);
        }
    }

    private static byte[] mutated(byte[] message, Random random) {
        byte[] bytes = message;
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            switch (random.nextInt(4)) {
                case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 40));
                default ->
                    bytes[random.nextInt(Math.min(12, bytes.length))] = (byte) (random.nextBoolean() ? 0xff : 0xc0);
            }
        }
        return bytes;
    }

    @Test
    void namesWhatTheProcessAskedFor() throws Exception {
        Message query = query("xn--bcher-kva.example", Type.A);
        Message answer = answer(query, a("xn--bcher-kva.example", "10.0.0.1"));
        try (HostNames names = HostNames.open(
                HostOptions.defaults(), List.of(), HostSources.dynamicSources(), DaemonThreads.FACTORY)) {
            names.observed(7, new DnsAnswer(answer.toWire()));
            assertThat(names.awaitSettled(7, Duration.ofSeconds(10))).isTrue();
            assertThat(names.names(7, address("10.0.0.1"))).containsExactly(new HostName("bücher.example", "dns"));
        }
    }
}
