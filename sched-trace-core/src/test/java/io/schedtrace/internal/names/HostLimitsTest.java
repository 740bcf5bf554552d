package io.schedtrace.internal.names;

import static io.schedtrace.internal.names.FakeLookup.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens beyond the limits, and with sources that do not behave. */
class HostLimitsTest extends HostNamesLab {
    @Test
    void keepsOnlySoManyNamesOfAProcess() throws Exception {
        HostNames session = open(HostOptions.defaults().withLookup(lookup).withNamesPerProcess(2));
        session.executed(7, () -> image("A=http://env,a,b,c/", "curl", "x1", "arg", "x3"));
        session.connecting(7, PEER);
        IntStream.range(0, 5).forEach(i -> session.observed(7, resolved("n" + i + ".example", address("10.1.0." + i))));
        assertThat(settled(session, 7, PEER)).containsExactly("arg cmdline");
        assertThat(lookup.asked).containsExactlyInAnyOrder("x1", "arg");
        assertThat(session.counts().namesDropped()).isEqualTo(2 + 3);
        assertThat(settled(session, 7, address("10.1.0.4"))).containsExactly("n4.example getaddrinfo");
    }

    @Test
    void countsWhatItDropsOfOneAnswer() throws Exception {
        HostNames session = open(HostOptions.defaults().withLookup(lookup).withNamesPerProcess(2));
        InetAddress[] five =
                IntStream.range(0, 5).mapToObj(i -> address("10.1.0." + i)).toArray(InetAddress[]::new);
        session.observed(7, resolved("many.example", five));
        assertThat(settled(session, 7, five[1])).containsExactly("many.example getaddrinfo");
        assertThat(session.counts().namesDropped()).isEqualTo(3);
    }

    @Test
    void keepsOnlySoManyNamesOfASession() throws Exception {
        HostNames session = open(HostOptions.defaults().withLookup(lookup).withNamesPerSession(3));
        for (int process = 1; process <= 5; process++) {
            ProcessImage image = image("A=http://unknown" + process + "/", "app");
            session.executed(process, () -> image);
            session.connecting(process, PEER);
            assertThat(session.awaitSettled(process, LONG)).isTrue();
        }
        assertThat(lookup.asked).containsExactly("unknown1", "unknown2", "unknown3");
        assertThat(session.counts().namesDropped()).isEqualTo(2);
    }

    @Test
    void countsWhatTheSessionForgetsForOtherProcesses() throws Exception {
        HostNames session = open(HostOptions.defaults().withLookup(lookup).withNamesPerSession(2));
        for (int process = 1; process <= 3; process++) {
            session.observed(process, resolved("n" + process + ".example", address("10.1.0." + process)));
        }
        assertThat(settled(session, 9, address("10.1.0.3"))).containsExactly("n3.example getaddrinfo");
        assertThat(settled(session, 9, address("10.1.0.1"))).isEmpty();
        assertThat(settled(session, 1, address("10.1.0.1"))).containsExactly("n1.example getaddrinfo");
        assertThat(session.counts().namesDropped()).isEqualTo(1);
    }

    @Test
    void countsAddressesOfLookupsBeyondTheSession() throws Exception {
        lookup.with("many", "10.1.0.1", "10.1.0.2", "10.1.0.3");
        HostNames session = open(HostOptions.defaults().withLookup(lookup).withNamesPerSession(2));
        session.executed(7, () -> image("A=http://many/", "app"));
        session.connecting(7, PEER);
        assertThat(session.awaitSettled(7, LONG)).isTrue();
        assertThat(session.counts().namesDropped()).isEqualTo(1);
    }

    @Test
    void survivesSourcesThatFail() throws Exception {
        HostNames session = open(
                HostOptions.defaults().withLookup(lookup),
                source("broken", (image, sink) -> {
                    sink.candidate("half");
                    throw new AssertionError("not logged");
                }),
                source("mine", (image, sink) -> sink.candidate("own")));
        session.executed(7, () -> image("A=http://env/", "curl", "arg"));
        session.connecting(7, PEER);
        assertThat(settled(session, 7, PEER)).containsExactly("arg cmdline", "env environ", "own mine");
        assertThat(lookup.asked).contains("half");
    }

    @Test
    void ignoresWhatASourceTellsTooLateOrWrongly() throws Exception {
        List<HostSink> kept = new ArrayList<>();
        HostNames session = open(HostOptions.defaults().withLookup(lookup), source("mine", (image, sink) -> {
            kept.add(sink);
            sink.candidate("no host!");
            sink.candidate("10.0.0.1");
            sink.fact("::1", PEER);
        }));
        session.executed(7, () -> image("A=1", "app"));
        assertThat(session.awaitSettled(7, LONG)).isTrue();
        kept.get(0).candidate("own");
        kept.get(0).fact("own", PEER);
        session.connecting(7, PEER);
        assertThat(settled(session, 7, PEER)).isEmpty();
        assertThat(lookup.asked).isEmpty();
    }

    @Test
    void waitsForASlowSourceLongerThanForLookups() throws Exception {
        HostNames session = open(HostOptions.defaults().withLookup(lookup), source("slow", (image, sink) -> {
            Thread.sleep(300);
            sink.fact("own", PEER);
        }));
        session.executed(7, () -> image("A=1", "app"));
        assertThat(session.awaitSettled(7, Duration.ofMillis(1))).isTrue();
        assertThat(session.names(7, PEER)).extracting(HostName::name).containsExactly("own");
    }

    @Test
    void neverBlocksWhenItsQueueIsFull() throws Exception {
        HostNames session = open(
                HostOptions.defaults().withQueueCapacity(4), source("slow", (image, sink) -> lookup.released.await()));
        for (int i = 0; i < 100; i++) {
            session.executed(7, () -> image("A=1", "app"));
        }
        assertThat(session.counts().eventsDropped()).isGreaterThanOrEqualTo(100 - 6);
        assertThat(session.awaitSettled(7, Duration.ofMillis(20))).isFalse();
        lookup.released.countDown();
        assertThat(session.awaitSettled(7, LONG)).isTrue();
    }

    @Test
    void forgetsTheOldestOfManyEndedProcesses() throws Exception {
        names.observed(1, resolved("asked.example", PEER));
        assertThat(names.awaitSettled(1, LONG)).isTrue();
        names.forked(2, 1);
        names.ended(1);
        for (long process = 10; process < 10 + 16_384; process++) {
            names.forked(process, 2);
            names.ended(process);
        }
        assertThat(names.names(2, PEER)).containsExactly(new HostName("asked.example", "getaddrinfo"));
        assertThat(names.names(1, PEER)).as("as a stranger").hasSize(1);
    }

    @Test
    void holdsOnToALimitedNumberOfAncestors() {
        ProcessNames process = new ProcessNames(null, 1);
        for (int i = 0; i < 10_000; i++) {
            process = new ProcessNames(process, 1);
        }
        int ancestors = 0;
        for (ProcessNames above = process.parent(); above != null; above = above.parent()) {
            ancestors++;
        }
        assertThat(ancestors).isBetween(64, 128);
    }

    private interface Inspection {
        void inspect(ProcessImage image, HostSink sink) throws Exception;
    }

    private static StaticSource source(String origin, Inspection inspection) {
        return new StaticSource() {
            @Override
            public String origin() {
                return origin;
            }

            @Override
            public void inspect(ProcessImage image, HostSink sink) {
                try {
                    inspection.inspect(image, sink);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }
}
