package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.TraceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL of docs/traces.md, run by DuckDB. */
class TraceSqlTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", ""), "../docs/traces.md");
    private static final Pattern BLOCK = Pattern.compile("(?s)```sql\n(.*?)```");

    @TempDir
    private Path directory;

    private List<String> statements;

    @BeforeEach
    void readTheDocument() throws IOException {
        statements = BLOCK.matcher(Files.readString(DOCUMENT))
                .results()
                .flatMap(block -> List.of(block.group(1).split(";\\s*")).stream())
                .map(statement -> statement.replace("traces/*", directory + "/*"))
                .toList();
        TraceFile.write(SampleTraces.failedBuild(), directory.resolve("failed.trace"));
        TraceFile.write(
                Spans.trace(
                        Spans.process(1, "make", "\udc80").build(),
                        Spans.process(2, "ls").build()),
                directory.resolve("other.trace"));
        Path other = directory.resolve("other.trace");
        Files.writeString(other, Files.readString(other).replace(Spans.TRACE.toString(), new TraceId(1, 2).toString()));
    }

    private List<List<List<Object>>> run() throws SQLException {
        List<List<List<Object>>> results = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                if (statement.execute(sql)) {
                    results.add(rows(statement.getResultSet()));
                }
            }
        }
        return results;
    }

    private static List<List<Object>> rows(ResultSet set) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        while (set.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
                row.add(set.getObject(i));
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void shouldAnswerTheQuestionsOfTheDocument() throws SQLException {
        List<List<List<Object>>> results = run();

        assertThat(results).hasSize(3);
        assertThat(results.get(0))
                .contains(List.of("make", 1L, 1.84, 23_456_789L, 1L))
                .extracting(row -> row.get(0))
                .contains("redis-server", "python3", "ls");
        assertThat(results.get(1)).contains(List.of("mirror.example.org", 6379L, 1L, 1L));
        assertThat(results.get(2)).contains(List.of("python3", 5L), List.of("ls", 1L));
    }
}
