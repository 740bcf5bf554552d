package io.schedtrace.internal.record;

import io.schedtrace.internal.text.RawText;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The arguments and environment of an exec, put together from its records. */
public final class ExecBlock {
    private final boolean cut;
    private final byte[] arguments;
    private final byte[] environment;
    private int filled;

    /** Begins with the data of the exec record. */
    public ExecBlock(TraceRecord.Executed exec, int limit) {
        cut = exec.argsLength() > limit;
        arguments = withLength(exec.arguments(), Math.min(limit, exec.argsLength()));
        environment = withLength(exec.environment(), Math.min(limit - arguments.length, exec.envLength()));
        filled = Math.min(exec.arguments().length + exec.environment().length, length());
    }

    private static byte[] withLength(byte[] bytes, int length) {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    private int length() {
        return arguments.length + environment.length;
    }

    /** Adds the next part; one that does not follow is ignored, since something between is lost. */
    public void add(TraceRecord.ExecData part) {
        byte[] data = part.data();
        if (part.offset() == filled && filled + data.length <= length()) {
            int split = Math.max(0, Math.min(arguments.length - filled, data.length));
            if (split > 0) {
                System.arraycopy(data, 0, arguments, filled, split);
            }
            if (split < data.length) {
                int at = filled + split - arguments.length;
                System.arraycopy(data, split, environment, at, data.length - split);
            }
            filled += data.length;
        }
    }

    /** Whether all that the kernel takes has arrived. */
    public boolean full() {
        return filled == length();
    }

    /** Whether the arguments are whole. */
    public boolean argumentsWhole() {
        return !cut && filled >= arguments.length;
    }

    /** The arguments, as far as they have arrived. */
    public List<String> arguments() {
        return RawText.split(arguments, 0, Math.min(arguments.length, filled));
    }

    /** The environment as {@code NAME=VALUE}, as far as it has arrived. */
    public List<String> environment() {
        return environmentLater().get();
    }

    /** The same, read when it is asked for. It does not hold the arguments in memory. */
    public Supplier<List<String>> environmentLater() {
        byte[] bytes = environment;
        int length = argumentsWhole() ? filled - arguments.length : 0;
        return () -> RawText.split(bytes, 0, length);
    }
}
