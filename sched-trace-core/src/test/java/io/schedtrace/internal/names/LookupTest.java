package io.schedtrace.internal.names;

import static io.schedtrace.internal.names.FakeLookup.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedtrace.hosts.HostLookup;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lookups that fail, hang or come late, and what is remembered of them. */
@Timeout(20)
class LookupTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final InetAddress PEER = address("10.0.0.1");

    private final FakeLookup lookup = new FakeLookup().with("good", "10.0.0.1").with("slow", "10.0.0.1");
    private final HostOptions options = HostOptions.defaults().withLookup(lookup);
    private final List<HostNames> opened = new ArrayList<>();

    private HostNames connected(HostOptions how, String... hosts) {
        HostNames names = HostNames.open(how, List.of(new CommandLineSource()), List.of(), DaemonThreads.FACTORY);
        opened.add(names);
        List<String> arguments = new ArrayList<>(List.of("ssh-keyscan"));
        arguments.addAll(List.of(hosts));
        names.executed(7, () -> new ProcessImage(1, "/bin/x", arguments, List.of()));
        names.connecting(7, PEER);
        return names;
    }

    private static List<String> names(HostNames names) {
        return names.names(7, PEER).stream().map(HostName::name).toList();
    }

    @AfterEach
    void close() {
        lookup.released.countDown();
        opened.forEach(HostNames::close);
    }

    @Test
    void remembersNamesThatHaveNoAddress() throws Exception {
        HostNames names = connected(options, "absent", "good");
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        names.executed(8, () -> new ProcessImage(1, "/bin/x", List.of("ssh-keyscan", "absent", "good"), List.of()));
        names.connecting(8, PEER);
        assertThat(names.awaitSettled(8, LONG)).isTrue();
        assertThat(lookup.asked).containsExactlyInAnyOrder("absent", "good");
        assertThat(names.counts().lookupsFailed()).isOne();
        assertThat(names(names)).containsExactly("good");
    }

    @Test
    void asksAgainWhenWhatItRemembersIsOld() throws Exception {
        HostNames names = connected(
                options.withCacheExpiry(Duration.ofMillis(1)).withNegativeCacheExpiry(LONG), "absent", "good");
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        Thread.sleep(5);
        names.connecting(7, PEER);
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        assertThat(lookup.asked).containsExactlyInAnyOrder("absent", "good", "good");
    }

    @Test
    void givesUpLookupsThatTakeTooLongAndGoesOn() throws Exception {
        lookup.hangingIn("slow").hangingIn("slow2");
        HostNames names =
                connected(options.withLookupTimeout(SHORT).withParallelLookups(1), "slow", "slow2", "absent", "good");
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        assertThat(names(names)).containsExactly("good");
        assertThat(names.counts().lookupsTimedOut()).isEqualTo(2);
        assertThat(names.counts().lookupsFailed()).isEqualTo(3);
    }

    @Test
    void takesAnswersThatComeLate() throws Exception {
        lookup.hangingIn("slow");
        HostNames names = connected(options.withLookupTimeout(SHORT), "slow");
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        assertThat(names(names)).isEmpty();
        lookup.released.countDown();
        while (names(names).isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(names(names)).containsExactly("slow");
    }

    @Test
    void stopsLookingUpWhenTooManyThreadsHang() throws Exception {
        String[] hosts = IntStream.range(0, 40).mapToObj(i -> "slow" + i).toArray(String[]::new);
        List.of(hosts).forEach(lookup::hangingIn);
        HostNames names = connected(options.withLookupTimeout(Duration.ofMillis(5)), hosts);
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        HostCounts counts = names.counts();
        assertThat(counts.lookups())
                .isEqualTo(counts.lookupsTimedOut())
                .isBetween((long) CandidateResolver.MAX_STUCK, CandidateResolver.MAX_STUCK + 4L);
        assertThat(counts.lookupsRefused()).isEqualTo(40 - counts.lookups());
        lookup.released.countDown();
        names.executed(8, () -> new ProcessImage(1, "/bin/x", List.of("ssh-keyscan", "good"), List.of()));
        while (names(names).isEmpty()) {
            names.connecting(8, PEER);
            assertThat(names.awaitSettled(8, LONG)).isTrue();
            Thread.onSpinWait();
        }
    }

    @Test
    void waitsNoLongerThanItIsTold() throws Exception {
        lookup.hangingIn("slow");
        HostNames names = connected(options, "slow");
        long start = System.nanoTime();
        assertThat(names.awaitSettled(7, SHORT)).isFalse();
        assertThat(names.awaitSettled(7, Duration.ZERO)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, Duration.ofSeconds(3));
        assertThat(names.awaitSettled(99, LONG)).as("another process").isTrue();
    }

    @Test
    void closesAtOnceWhileLookupsHang() throws Exception {
        lookup.hangingIn("slow");
        HostNames names = connected(options.withParallelLookups(1), "slow", "good");
        while (lookup.asked.isEmpty()) {
            Thread.onSpinWait();
        }
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
            try {
                return names.awaitSettled(7, LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long start = System.nanoTime();
        names.close();
        names.close();
        assertThat(waiter.get()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        lookup.released.countDown();
        names.connecting(7, PEER);
        names.executed(7, () -> new ProcessImage(1, "/bin/x", List.of("ssh", "late"), List.of()));
        assertThat(names.awaitSettled(7, LONG)).isFalse();
        assertThat(lookup.asked).containsExactly("slow");
    }

    @Test
    void endsItsThreads() throws Exception {
        HostNames names = connected(options, "good", "absent");
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        names.close();
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(LookupTest::isOurs)) {
            Thread.sleep(1);
        }
        assertThat(names(names)).as("what is known stays known").containsExactly("good");
    }

    private static boolean isOurs(Thread thread) {
        return thread.getName().startsWith("sched-trace-hosts")
                || thread.getName().startsWith("sched-trace-lookup");
    }

    @Test
    void passesNamesInAsciiAndSurvivesAnyResult() throws Exception {
        HostLookup odd = name -> {
            lookup.asked.add(name);
            if (name.equals("error")) {
                throw new StackOverflowError();
            }
            return null;
        };
        HostNames names = connected(options.withLookup(odd), "Bücher.example", "error", "null");
        assertThat(names.awaitSettled(7, LONG)).isTrue();
        assertThat(lookup.asked).containsExactlyInAnyOrder("xn--bcher-kva.example", "error");
        assertThat(names.counts().lookupsFailed()).isEqualTo(2);
    }

    @Test
    void asksTheSystemUnlessToldOtherwise() throws Exception {
        assertThat(HostOptions.defaults().lookup().lookup("localhost"))
                .isNotEmpty()
                .allMatch(InetAddress::isLoopbackAddress);
    }

    @Test
    void refusesSenselessOptions() {
        assertThatThrownBy(() -> options.withLookupTimeout(Duration.ZERO)).hasMessageContaining("lookupTimeout");
        assertThatThrownBy(() -> options.withNamesPerProcess(0)).hasMessageContaining("namesPerProcess");
        assertThat(options.withCacheExpiry(SHORT).cacheExpiry()).isEqualTo(SHORT);
        assertThat(options.cacheExpiry()).isEqualTo(Duration.ofMinutes(1));
    }
}
