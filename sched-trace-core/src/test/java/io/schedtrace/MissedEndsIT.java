package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NetworkLab;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Patience;
import io.schedtrace.lab.Snippet;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Processes and connections whose ends the kernel side does not see, as where the kernel leaves its program out: meanwhile
 * their session has no id, or the slots of the connections say that they belong to no session.
 */
@KernelTest
class MissedEndsIT {
    /** The size of struct owner in sockets.bpf.h. */
    private static final int OWNER_BYTES = 96;

    private static final String SLOTS = array(4 * (8 + OWNER_BYTES), 4096);
    private static final String SESSIONS = array(RecordLayout.Session.SIZEOF, RecordLayout.Limit.SESSIONS);
    private static final Pattern PROGRAM_ID = Pattern.compile("prog_id:\\t(\\d+)");

    /** The sets of slots that are in use, as arguments for bpftool; with and without their sessions. */
    private static final String IN_USE = """
            .[] | select(any(.value[:32][]; . != "0x00")) | "key \\(.key | join(" ")) value \\(.value | join(" "))\"""";

    /** A session, as an argument for bpftool: its id and then its other bytes. */
    private static final String SESSION = """
            .[] | select(.value[:8] == %s) | "key \\(.key | join(" ")) value \\(%s + .value[8:] | join(" "))\"""";

    private static final String WITHOUT_SESSIONS = "map(.value |= reduce (range(4) * " + OWNER_BYTES
            + " + 32) as $at (.; .[$at:$at + 8] = [range(8) | \"0x00\"])) | " + IN_USE;

    /** Sockets stay open, so that no other can have their memory. */
    private static final String UNSEEN = """
            import errno
            def unrule(name): nft('delete table ' + name)
            def rule(name, hook, what):
                nft('add table %s; add chain %s c { type filter hook %s priority 0; }; add rule %s c %s' % (name, name, hook, name, what))
            def attempt(to):
                c = socket.socket(); c.setblocking(False); c.connect_ex(('127.0.0.1', to)); return c
            def end(s): s.shutdown(socket.SHUT_WR)
            def reset(to, peer, by):
                rule('rst', 'output', 'tcp dport %d reject with tcp reset' % port(peer)); by.send(b'x'); closed(to); unrule('rst')
            def closed(s):
                while s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 7: time.sleep(0.01)
            def tell(name, s, error=0):
                closed(s); say(name, port(s)); assert s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == error

            rule('gone', 'input', 'tcp dport 9 drop'); rule('late', 'input', 'tcp dport 10 drop')
            gone, late = attempt(9), attempt(10)
            c, s = pair(); c.sendall(bytes(100)); s.recv(100, socket.MSG_WAITALL); s.sendall(bytes(30)); c.recv(30)
            end(c); assert drain(s) == 0; rule('closing', 'output', 'tcp sport %d tcp flags & fin == fin drop' % port(s)); end(s)
            open_c, open_s = pair()
            told_c, told_s = pair(); end(told_s); assert drain(told_c) == 0
            half_c, half_s = pair(); end(half_c)
            say('hidden'); wait()
            reset(open_c, open_s, by=open_c); tell('open', open_c, errno.ECONNRESET)
            reset(told_c, told_s, by=told_c); tell('told', told_c, errno.EPIPE)
            reset(half_c, half_s, by=half_s); tell('half', half_c, errno.ECONNRESET)
            unrule('closing'); tell('client', c); tell('server', s)
            unrule('late'); tell('late', late, errno.ECONNREFUSED)
            gone.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1); tell('gone', gone, errno.ETIMEDOUT)
            say('closed'); wait()
            """;

    private @Nullable NetworkLab lab;

    @AfterEach
    void closeLab() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    /** Of a program that cannot be mapped the kernel counts the exec, but tells of none: its process is beyond return and dies. */
    @Test
    @Tag("kernels")
    void shouldCountAnExecThatNoProgramSaw() throws Exception {
        Observed seen = Snippet.observe("""
                machine = 62 if os.uname().machine == 'x86_64' else 183
                elf = struct.pack('<16sHHIQQQIHHHHHH', b'\\x7fELF\\x02\\x01\\x01', 2, machine, 1, 0x400000, 64, 0, 0, 64, 56, 1, 0, 0, 0)
                elf += struct.pack('<IIQQQQQQ', 1, 5, 0, 0xffff800000000000, 0, 120, 120, 4096)
                path = sys.argv[1] + '/beyond'
                with open(path, 'wb') as f: f.write(elf)
                os.chmod(path, 0o755)
                pid = child(lambda: os.execv(path, ['beyond'])); say('signal', os.WTERMSIG(os.waitpid(pid, 0)[1])); say('child', pid)
                """, TestPrograms.directory());

        assertThat(seen.fact("signal")).isEqualTo("11");
        ProcessSpan child = seen.process("child");
        assertThat(child.signal()).isEqualTo("SIGSEGV");
        assertThat(child.execs()).isEmpty();
        boolean preemptible = Integer.parseInt(System.getProperty("os.version").split("[.]")[0]) >= 7;
        assertThat(seen.trace().loss().recordsByType()).isEqualTo(preemptible ? Map.of("process_exec", 1L) : Map.of());
        assertThat(child.complete()).isEqualTo(!preemptible);
    }

    /** The errors themselves are gone when the ends are found: the program has asked for them. */
    @Test
    @Tag("kernels")
    void shouldFindEndsThatNoProgramSawAndTellWhyTheyCame() throws Exception {
        Observed seen = unseen(UNSEEN);

        assertEnd(seen, "gone", Outcome.TIMED_OUT, "ETIMEDOUT");
        assertEnd(seen, "late", Outcome.REFUSED, "ECONNREFUSED");
        assertEnd(seen, "open", Outcome.RESET, "ECONNRESET");
        assertEnd(seen, "told", Outcome.RESET, "EPIPE");
        assertEnd(seen, "half", Outcome.RESET, "ECONNRESET");
        TcpSpan client = assertEnd(seen, "client", Outcome.CLOSED, null);
        TcpSpan server = assertEnd(seen, "server", Outcome.CLOSED, null);
        assertThat(client.counters().bytesSent())
                .isEqualTo(100)
                .isEqualTo(server.counters().bytesReceived());
        assertThat(client.counters().bytesReceived())
                .isEqualTo(30)
                .isEqualTo(server.counters().bytesSent());
        assertPeers(client, server);
    }

    /** The socket stays open. In the first second after listen(2), nobody looks whether it still listens. */
    @Test
    @Tag("kernels")
    void shouldFindTheEndOfAListenerThatNoProgramSaw() throws Exception {
        Observed seen = unseen("""
                ls = listen(); say('port', port(ls)); say('hidden'); wait(); time.sleep(1.1)
                ls.shutdown(socket.SHUT_RD); say('closed'); wait()
                """);

        assertThat(seen.trace().listeners()).singleElement().satisfies(listener -> {
            assertThat(listener.port()).hasToString(seen.fact("port"));
            assertThat(listener.complete()).isTrue();
            assertThat(listener.duration()).isGreaterThan(Duration.ofSeconds(1));
        });
    }

    private static TcpSpan assertEnd(Observed seen, String name, Outcome outcome, @Nullable String error) {
        int port = Integer.parseInt(seen.fact(name));
        List<TcpSpan> ends = name.equals("server") ? seen.servers() : seen.clients();
        TcpSpan end = ends.stream()
                .filter(span -> span.local().getPort() == port)
                .filter(span -> !name.equals("server") || span.counters().bytesSent() == 30)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + seen.trace()));
        assertThat(end.outcome()).as(name).isEqualTo(outcome);
        assertThat(end.error()).as(name).isEqualTo(error);
        assertThat(end.complete()).as(name).isTrue();
        return end;
    }

    /** Runs a program in a network of its own, of whose connections the kernel side sees nothing for a while. */
    private Observed unseen(String program) throws Exception {
        lab = NetworkLab.open();
        lab.add("here");
        // In a guest, bpftool may take longer than a probe without a session stays loaded.
        ProbeInternals.unloadAfterMillis(600_000);
        ProbeInternals.load(0);
        String map = map(SLOTS);
        List<String> others = dump(map, IN_USE);
        try (Snippet snippet = Snippet.command(lab.wrap("here", Snippet.pythonCommand(program)))) {
            snippet.fact("hidden");
            List<String> open = new ArrayList<>(dump(map, IN_USE));
            open.removeAll(others);
            assertThat(open).as("sets of the connections").isNotEmpty();
            restore(map, dump(map, WITHOUT_SESSIONS));
            snippet.proceed();
            snippet.fact("closed");
            restore(map, open);
            ProbeInternals.findMissedEnds(snippet.tracer().session());
            snippet.proceed();

            long begin = System.nanoTime();
            Observed seen = snippet.finish();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Patience.seconds(10));
            assertThat(seen.trace().isComplete()).isTrue();
            return seen;
        }
    }

    @Test
    @Tag("kernels")
    void shouldLeaveAloneWhatIsOpen() throws Exception {
        try (Snippet snippet = Snippet.python("ls = listen(); c, s = pair(); say('open'); wait()")) {
            snippet.fact("open");
            TimeUnit.MILLISECONDS.sleep(1100);
            ProbeInternals.findMissedEnds(snippet.tracer().session());
            assertThat(snippet.trace().connections())
                    .hasSize(2)
                    .allSatisfy(end -> assertThat(end.outcome()).isEqualTo(Outcome.OPEN));
            assertThat(snippet.trace().listeners().get(0).listening()).isTrue();
            snippet.proceed();
            assertThat(snippet.finish().trace().isComplete()).isTrue();
        }
    }

    @Test
    @Tag("kernels")
    void shouldWaitForNoProcessWhoseEndNoProgramSaw() throws Exception {
        try (Snippet snippet =
                Snippet.python("pid = child(wait); say('forked', pid); os.waitpid(pid, 0); say('reaped'); wait()")) {
            long pid = Long.parseLong(snippet.fact("forked"));
            String map = map(SESSIONS);
            String id = json(ProbeInternals.id(snippet.tracer().session()));
            List<String> open = dump(map, SESSION.formatted(id, id));
            assertThat(open).hasSize(1);
            restore(map, dump(map, SESSION.formatted(id, json(0))));
            snippet.proceed();
            snippet.fact("reaped");
            restore(map, open);
            snippet.proceed();

            long begin = System.nanoTime();
            Trace trace = snippet.finish().trace();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Patience.seconds(10));
            assertThat(trace.loss().recordsByType()).containsOnly(Map.entry("process_end", 1L));
            assertThat(trace.isComplete()).isFalse();
            assertThat(trace.processes())
                    .hasSize(2)
                    .filteredOn(ProcessSpan::running)
                    .singleElement()
                    .returns(pid, ProcessSpan::pid);
        }
    }

    /** A filter for jq: the id of an array of that form. */
    private static String array(int valueSize, int entries) {
        return "select(.type == \"array\" and .bytes_value == %d and .max_entries == %d) | .id"
                .formatted(valueSize, entries);
    }

    /** The bytes of a number as bpftool writes them. */
    private static String json(long number) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(number)
                .array();
        return IntStream.range(0, 8)
                .mapToObj(i -> "\"0x%02x\"".formatted(bytes[i]))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** The id of the map that matches the filter, among those that this JVM's BPF programs use. */
    private static String map(String filter) throws IOException {
        List<String> programs = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path file : files.toList()) {
                Matcher id = PROGRAM_ID.matcher(Files.exists(file) ? Files.readString(file) : "");
                if (id.find()) {
                    programs.add(id.group(1));
                }
            }
        }
        String maps = run(
                "bpftool -j prog show | jq -c \"[.[] | select(.id | IN($1)) | .map_ids[]?]\"",
                String.join(",", programs));
        return run("bpftool -j map show | jq \"$1[] as \\$id | .[] | select(.id == \\$id) | $2\"", maps.strip(), filter)
                .lines()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no map " + filter));
    }

    private static List<String> dump(String map, String filter) {
        return run("bpftool -j map dump id \"$1\" | jq -r \"$2\"", map, filter)
                .lines()
                .toList();
    }

    private static void restore(String map, List<String> entries) {
        entries.forEach(entry -> run("bpftool map update id \"$1\" $2", map, entry));
    }

    private static String run(String script, String... arguments) {
        List<String> command = Stream.concat(Stream.of("sh", "-ec", script, "sh"), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ':' + more);
        TestPrograms.Result result = TestPrograms.run(builder);
        assertThat(result.status()).as(result.text()).isZero();
        return result.text();
    }
}
