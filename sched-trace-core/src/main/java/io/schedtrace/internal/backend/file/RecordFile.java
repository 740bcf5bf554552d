package io.schedtrace.internal.backend.file;

import io.schedtrace.internal.decode.MalformedRecordException;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.record.RecordType;
import io.schedtrace.internal.record.TraceRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records of one session as text.
 *
 * <pre>
 * sched-trace records 2
 * # a comment
 * page_size=4096
 * wall_offset=1764230400000000000
 * jspawnhelper=/usr/lib/jvm/java-17/lib/jspawnhelper
 * made=3
 * lost.process_end=1
 *
 * YAAAAAEAAAAB...
 * </pre>
 *
 * <p>The number in the first line is the version, of this format and of the records. Properties follow up to an empty line;
 * unknown ones are ignored. Each line after that is a record in Base64: the bytes that record.h describes, little-endian.
 *
 * @param pageSize the size of a memory page on the machine that made the records
 * @param wallOffsetNanos what to add to the times of records to get nanoseconds since 1970
 * @param jspawnhelper the path under which the traced JVM executed its jspawnhelper
 * @param made how many records were made, lost ones included
 * @param lost how many records were lost, by type
 * @param untracked how many processes and sockets could not be followed
 * @param records the bytes of each record, in their order
 */
public record RecordFile(
        int pageSize,
        long wallOffsetNanos,
        String jspawnhelper,
        long made,
        Map<RecordType, Long> lost,
        long untracked,
        List<byte[]> records) {
    private static final String MAGIC = "sched-trace records ";
    private static final int VERSION = 2;
    private static final String LOST = "lost.";

    /** Copies the collections. */
    public RecordFile {
        lost = Map.copyOf(lost);
        records = List.copyOf(records);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read or is not a file of records; the message names the file and the line
     */
    public static RecordFile read(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            return read(in, file.toString());
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param name what messages call it
     * @throws IOException if it cannot be read or has another form; the message names the line
     */
    public static RecordFile read(Reader in, String name) throws IOException {
        BufferedReader lines = new BufferedReader(in);
        requireVersion(lines.readLine(), name);
        Map<String, String> properties = new TreeMap<>();
        List<byte[]> records = new ArrayList<>();
        boolean inHeader = true;
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isEmpty()) {
                inHeader = false;
            } else if (!inHeader) {
                records.add(bytes(line, name, number));
            } else if (!line.startsWith("#")) {
                int equals = line.indexOf('=');
                if (equals < 0) {
                    throw new IOException(name + " is damaged: line " + number + " is not NAME=VALUE");
                }
                properties.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return of(properties, records, name);
    }

    private static void requireVersion(String first, String name) throws IOException {
        if (first == null || !first.startsWith(MAGIC)) {
            throw new IOException(
                    name + " is not a file of records: it does not begin with \"" + MAGIC + VERSION + '"');
        }
        if (!first.equals(MAGIC + VERSION)) {
            throw new IOException(name + " has version " + first.substring(MAGIC.length())
                    + " of the format, this reads " + VERSION + "; record it again");
        }
    }

    private static byte[] bytes(String line, String name, int number) throws IOException {
        try {
            return Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + " is damaged: line " + number + " is not a record in Base64", e);
        }
    }

    private static RecordFile of(Map<String, String> properties, List<byte[]> records, String name) throws IOException {
        Map<RecordType, Long> lost = new EnumMap<>(RecordType.class);
        for (RecordType type : RecordType.values()) {
            long count = number(properties, LOST + type.label(), 0, name);
            if (count > 0) {
                lost.put(type, count);
            }
        }
        return new RecordFile(
                (int) number(properties, "page_size", 4096, name),
                number(properties, "wall_offset", 0, name),
                properties.getOrDefault("jspawnhelper", ""),
                number(properties, "made", records.size(), name),
                lost,
                number(properties, "untracked", 0, name),
                records);
    }

    private static long number(Map<String, String> properties, String key, long otherwise, String name)
            throws IOException {
        String text = properties.get(key);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(name + " is damaged: " + key + " is not a number: " + text, e);
        }
    }

    /** Writes it in the form that {@link #read} takes. */
    public void write(Appendable out) throws IOException {
        out.append(MAGIC).append(Integer.toString(VERSION)).append('\n');
        out.append("page_size=" + pageSize + "\nwall_offset=" + wallOffsetNanos + '\n');
        out.append("jspawnhelper=" + jspawnhelper + "\nmade=" + made + "\nuntracked=" + untracked + '\n');
        for (Map.Entry<RecordType, Long> entry : new TreeMap<>(lost).entrySet()) {
            out.append(LOST + entry.getKey().label() + '=' + entry.getValue() + '\n');
        }
        out.append('\n');
        for (byte[] bytes : records) {
            out.append(Base64.getEncoder().encodeToString(bytes)).append('\n');
        }
    }

    /**
     * The records.
     *
     * @throws MalformedRecordException if the bytes of one are not a record; the message says which
     */
    public List<TraceRecord> decode() {
        RecordDecoder decoder = new RecordDecoder(pageSize);
        List<TraceRecord> decoded = new ArrayList<>(records.size());
        for (byte[] bytes : records) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            try {
                decoded.add(decoder.decode(buffer, 0, bytes.length));
            } catch (MalformedRecordException e) {
                throw new MalformedRecordException("record " + (decoded.size() + 1) + ": " + e.getMessage());
            }
        }
        return decoded;
    }
}
