package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.ProcessImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostNamesTest extends HostNamesLab {
    @Test
    void looksNothingUpWithoutAConnection() throws Exception {
        names.forked(7, 0);
        names.executed(7, () -> image("A=http://env/", "curl", "arg"));
        assertThat(settled(names, 7, PEER)).isEmpty();
        assertThat(lookup.asked).isEmpty();
    }

    @Test
    void resolvesCandidatesOnceTheProcessConnects() throws Exception {
        names.forked(7, 0);
        names.executed(7, () -> image("A=http://env/", "curl", "arg"));
        names.connecting(7, PEER);
        assertThat(settled(names, 7, PEER)).containsExactly("arg cmdline", "env environ");
        assertThat(settled(names, 7, OTHER)).containsExactly("env environ");
    }

    @Test
    void resolvesWhatIsLearnedAfterTheConnection() throws Exception {
        names.connecting(7, PEER);
        names.executed(7, () -> image("A=http://env/", "curl", "arg"));
        assertThat(settled(names, 7, PEER)).containsExactly("arg cmdline", "env environ");
    }

    @Test
    void putsWhatTheProcessAskedForFirst() throws Exception {
        names.executed(7, () -> image("A=http://env/", "curl", "arg"));
        names.connecting(7, OTHER);
        names.observed(7, resolved("first.example", PEER));
        names.observed(7, resolved("Second.Example.", PEER, PEER));
        assertThat(settled(names, 7, PEER))
                .containsExactly(
                        "first.example getaddrinfo", "second.example getaddrinfo", "arg cmdline", "env environ");
    }

    @Test
    void looksNothingUpIfTheProcessAskedForThePeer() throws Exception {
        names.executed(7, () -> image("A=http://env/", "curl", "arg"));
        names.observed(7, resolved("peer.example", PEER));
        names.connecting(7, PEER);
        assertThat(settled(names, 7, PEER)).containsExactly("peer.example getaddrinfo");
        assertThat(lookup.asked).isEmpty();
        names.connecting(7, OTHER);
        assertThat(settled(names, 7, OTHER)).containsExactly("env environ");
    }

    @Test
    void prefersOwnNamesToThoseOfAncestorsAndThoseToNamesOfStrangers() throws Exception {
        names.forked(1, 0);
        names.forked(2, 1);
        names.forked(3, 2);
        names.observed(99, resolved("stranger.example", PEER));
        names.observed(1, resolved("grandparent.example", PEER));
        names.executed(2, () -> image("A=http://env/", "sh"));
        names.executed(3, () -> image("A=http://own/", "curl"));
        names.connecting(3, PEER);
        assertThat(settled(names, 3, PEER))
                .containsExactly(
                        "own environ",
                        "env environ",
                        "grandparent.example getaddrinfo",
                        "stranger.example getaddrinfo");
        assertThat(settled(names, 99, PEER)).startsWith("stranger.example getaddrinfo");
    }

    @Test
    void letsForkedChildrenKnowWhatTheParentKnows() throws Exception {
        names.forked(1, 0);
        names.executed(1, () -> image("A=http://env/", "sh"));
        names.observed(1, resolved("asked.example", OTHER));
        names.forked(2, 1);
        names.ended(1);
        names.connecting(2, PEER);
        assertThat(settled(names, 2, PEER)).containsExactly("env environ");
        assertThat(settled(names, 2, OTHER)).containsExactly("asked.example getaddrinfo", "env environ");
    }

    @Test
    void putsTheNamesOfTheLatestProgramFirst() throws Exception {
        names.executed(7, () -> image("A=http://env/", "curl", "own"));
        names.executed(7, () -> image("A=http://env/", "curl", "arg"));
        names.connecting(7, PEER);
        assertThat(settled(names, 7, PEER)).containsExactly("arg cmdline", "env environ", "own cmdline");
    }

    @Test
    void showsOneNameOfOneHostHoweverItIsWritten() throws Exception {
        names.executed(7, () -> image("A=http://BÜCHER.example/", "curl"));
        names.observed(7, resolved("xn--bcher-kva.example", OTHER));
        names.executed(8, () -> image("A=http://bücher.example/", "curl"));
        names.connecting(8, PEER);
        assertThat(settled(names, 7, OTHER)).containsExactly("bücher.example getaddrinfo");
        assertThat(settled(names, 8, PEER)).containsExactly("bücher.example environ");
        assertThat(lookup.asked).containsExactly("xn--bcher-kva.example");
    }

    @Test
    void takesServiceVariablesForFacts() throws Exception {
        names.executed(7, () -> image("DB_PORT_5432_TCP_ADDR=10.0.0.1", "app"));
        names.connecting(7, PEER);
        assertThat(settled(names, 7, PEER)).containsExactly("db environ");
        assertThat(lookup.asked).isEmpty();
    }

    @Test
    void looksNothingUpForFilesAndClasses() throws Exception {
        List<String> environment = RecognisedTest.rows()
                .filter(row -> row.negative() && row.kind().equals("env"))
                .map(RecognisedTest.Row::input)
                .toList();
        names.executed(7, () -> new ProcessImage(1, "/bin/java", List.of("java", "-jar", "foo.jar"), environment));
        names.connecting(7, PEER);
        assertThat(settled(names, 7, PEER)).isEmpty();
        assertThat(lookup.asked).isEmpty();
        assertThat(names.counts().lookups()).isZero();
    }

    @Test
    void looksNothingUpIfItMayNot() throws Exception {
        HostNames session = open(HostOptions.defaults().withLookup(lookup).withResolveCandidates(false));
        session.executed(7, () -> image("A=http://env/", "curl", "arg"));
        session.observed(7, resolved("asked.example", OTHER));
        session.connecting(7, PEER);
        assertThat(settled(session, 7, PEER)).isEmpty();
        assertThat(settled(session, 7, OTHER)).containsExactly("asked.example getaddrinfo");
        assertThat(lookup.asked).isEmpty();
    }
}
