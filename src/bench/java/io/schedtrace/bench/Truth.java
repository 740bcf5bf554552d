package io.schedtrace.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a grown tree wrote down of itself: {@code truth.h} in Java. */
record Truth(int failures, List<Facts> processes, List<Facts> ends) {
    private static final int HEADER = 16;
    private static final int MAX_PROCESSES = 4096;
    private static final int ARGS_LENGTH = 192;
    private static final int PROCESS_SIZE = 28 + ARGS_LENGTH;
    private static final int END_SIZE = 32;
    private static final int LEADER_OR_LAST = -1;
    private static final String[] OUTCOMES = {"CLOSED", "REFUSED", "RESET"};

    /**
     * Something that has to be there exactly once.
     *
     * @param text all that must agree
     * @param made how it came about, for the report
     */
    record Facts(String text, int made) {}

    static Truth read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int count = Math.min(in.getInt(0), in.getInt(4));
        List<Facts> processes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            processes.add(process(in, HEADER + i * PROCESS_SIZE));
        }
        List<Facts> ends = new ArrayList<>();
        for (int i = 0; i < in.getInt(8); i++) {
            ends.add(end(in, HEADER + MAX_PROCESSES * PROCESS_SIZE + i * END_SIZE));
        }
        return new Truth(in.getInt(12), processes, ends);
    }

    private static Facts process(ByteBuffer in, int at) {
        int status = in.getInt(at + 16);
        byte[] args = new byte[in.getInt(at + 24)];
        in.get(at + 28, args);
        String end = status == LEADER_OR_LAST ? "leader or last" : Integer.toHexString(status);
        return new Facts(
                process(in.getInt(at), in.getInt(at + 4), in.getInt(at + 8), in.getInt(at + 12), end, hex(args)),
                in.getInt(at + 20));
    }

    static String process(long pid, long parent, int execs, int threads, String status, String arguments) {
        return "pid " + pid + ", parent " + parent + ", execs " + execs + ", threads " + threads + ", status " + status
                + ", arguments " + arguments;
    }

    private static Facts end(ByteBuffer in, int at) {
        String role = in.getInt(at + 4) == 0 ? "CLIENT" : "SERVER";
        return new Facts(
                end(
                        in.getInt(at),
                        role,
                        in.getInt(at + 8),
                        in.getInt(at + 12),
                        in.getInt(at + 16),
                        in.getInt(at + 20),
                        OUTCOMES[in.getInt(at + 24)],
                        in.getInt(at + 28) == 2 ? "IPV4" : "IPV6"),
                0);
    }

    static String end(
            long pid, String role, int local, int peer, long sent, long received, String outcome, String family) {
        return "pid " + pid + ", " + role + ", " + local + " -> " + peer + ", sent " + sent + ", received " + received
                + ", " + outcome + ", " + family;
    }

    /** Arguments as their bytes: readable where they are, exact where they are not. */
    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            if (b > ' ' && b < 0x7f && b != '\\') {
                text.append((char) b);
            } else {
                text.append(String.format("\\%02x", b & 0xff));
            }
        }
        return text.toString();
    }
}
