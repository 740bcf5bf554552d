package io.schedtrace.internal.decode;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.text.RawText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the names of programs, which repeat: recent ones are not made again. */
final class ProgramNames {
    /** Where the paths begin in the bytes that {@link #programs} takes: behind the two lengths. */
    private static final int PATHS = RecordLayout.ProcessExec.PATHS_BYTES - RecordLayout.ProcessExec.PATHS_FILENAME_LEN;

    private final Recent<String> comms = new Recent<>(ProgramNames::readComm);
    private final Recent<Program> programs = new Recent<>(ProgramNames::readProgram);

    /**
     * The names of a program.
     *
     * @param filename the path that was given to execve(2)
     * @param path the absolute path of the program file
     */
    record Program(String filename, String path) {}

    /** The kernel's name of a process, which stands at {@code at}. */
    String comm(ByteBuffer ring, int at) {
        return comms.read(ring, at, RecordLayout.ProcessStart.COMM_LENGTH);
    }

    /** The program of the exec record at {@code at}, which has {@code size} bytes. */
    Program program(ByteBuffer ring, int at, int size) {
        int filename = ring.getInt(at + RecordLayout.ProcessExec.PATHS_FILENAME_LEN);
        int path = ring.getInt(at + RecordLayout.ProcessExec.PATHS_PATH_LEN);
        boolean inside = filename >= 0
                && path >= 0
                && (long) filename + path <= RecordLayout.ProcessExec.DATA - RecordLayout.ProcessExec.PATHS_BYTES;
        RecordDecoder.require(inside, "an exec record longer than itself", size);
        return programs.read(ring, at + RecordLayout.ProcessExec.PATHS_FILENAME_LEN, PATHS + filename + path);
    }

    private static String readComm(byte[] bytes) {
        int length = 0;
        while (length < RecordLayout.ProcessStart.COMM_LENGTH && bytes[length] != 0) {
            length++;
        }
        return RawText.decode(bytes, 0, length);
    }

    /** The bytes are the length of the filename, that of the path, and both. */
    private static Program readProgram(byte[] bytes) {
        int filename = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(0);
        return new Program(
                RawText.decode(bytes, PATHS, PATHS + Math.max(0, filename - 1)), RawText.path(bytes, PATHS + filename));
    }
}
