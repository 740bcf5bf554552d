package io.schedtrace.spark;

import io.schedtrace.export.TraceFile;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Saves many random traces, and asks Spark the questions of docs/traces.md. */
public final class SparkTraces {
    private static final Pattern BLOCK = Pattern.compile("(?s)```sql\n(.*?)```");
    private static final List<String> PROGRAMS = List.of("make", "cc", "ld", "sh", "git", "javac", "tar", "curl");

    private SparkTraces() {}

    /** Arguments: the document, a directory for traces, how many traces, how many spans in each. */
    public static void main(String[] args) throws IOException {
        Path document = Path.of(args[0]);
        Path directory = Path.of(args[1]);
        int traces = Integer.parseInt(args[2]);
        int spans = Integer.parseInt(args[3]);
        long start = System.nanoTime();
        for (int i = 0; i < traces; i++) {
            TraceFile.write(trace(i, spans), directory.resolve("build" + i + ".trace"));
        }
        System.out.printf("%,d traces with %,d spans each written in %.1f s%n", traces, spans, seconds(start));
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .appName("sched-trace")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "8")
                .getOrCreate()) {
            ask(spark, document, directory, (long) traces * spans);
        }
    }

    private static void ask(SparkSession spark, Path document, Path directory, long expected) throws IOException {
        long start = System.nanoTime();
        spark.read().json(directory.toString()).createOrReplaceTempView("spans");
        spark.sql("CREATE TEMPORARY VIEW processes AS SELECT *, coalesce(try_element_at(execs, -1).name, comm) AS program"
                + " FROM spans WHERE type = 'process'");
        spark.sql("CREATE TEMPORARY VIEW connections AS SELECT *, coalesce(try_element_at(dest_hosts, 1).name, dest_ip) AS peer"
                + " FROM spans WHERE type = 'tcp' AND role = 'client'");
        long found = spark.sql("SELECT * FROM spans WHERE span_id IS NOT NULL").count();
        System.out.printf("%,d spans found in %.1f s%n", found, seconds(start));
        if (found != expected) {
            throw new IllegalStateException("not " + expected);
        }
        List<String> blocks = BLOCK.matcher(Files.readString(document))
                .results()
                .map(block -> block.group(1).strip())
                .filter(sql -> sql.startsWith("SELECT"))
                .toList();
        for (String sql : blocks) {
            start = System.nanoTime();
            Dataset<Row> rows = spark.sql(sql.substring(0, sql.length() - 1));
            rows.show(10, false);
            System.out.printf("answered in %.1f s%n%n", seconds(start));
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static Trace trace(long seed, int spans) throws IOException {
        Random random = new Random(seed);
        TraceId id = new TraceId(1, seed + 1);
        Instant begin = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(600 * seed);
        List<ProcessSpan> processes = new ArrayList<>();
        List<TcpSpan> connections = new ArrayList<>();
        while (processes.size() + connections.size() < spans) {
            ProcessSpan.Builder process = ProcessSpan.builder();
            if (!processes.isEmpty()) {
                process.parent(processes.get(random.nextInt(processes.size())));
            }
            String program = processes.isEmpty() ? "make" : PROGRAMS.get(random.nextInt(PROGRAMS.size()));
            Instant from = begin.plusMillis(random.nextInt(500_000));
            processes.add(process.traceId(id)
                    .pid(1000L + processes.size())
                    .execs(List.of(Exec.builder().time(from).exe("/usr/bin/" + program).arguments(List.of(program, "-x")).build()))
                    .startTime(from)
                    .endTime(from.plusMillis(random.nextInt(2000)))
                    .cpuTime(Duration.ofMillis(random.nextInt(1000)))
                    .maxRssBytes((long) random.nextInt(1 << 30))
                    .exit(new ExitStatus(random.nextInt(50) == 0 ? 0x100 : 0))
                    .build());
            if (program.equals("curl") && processes.size() + connections.size() < spans) {
                connections.add(TcpSpan.builder()
                        .process(processes.get(processes.size() - 1))
                        .peer(new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) random.nextInt(5)}), 443))
                        .peerHosts(List.of(new HostName("mirror" + random.nextInt(3) + ".test", "cmdline")))
                        .startTime(from)
                        .endTime(from.plusMillis(5))
                        .build());
            }
        }
        return Trace.builder().processes(processes).connections(connections).build();
    }
}
