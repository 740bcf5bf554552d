package io.schedtrace.decode;

import java.util.Arrays;
import java.util.List;

/** The arguments and environment of an exec, put together from its records. */
public final class ExecBlock {
    private final int argsLength;
    private final byte[] bytes;
    private int filled;

    /** Begins with the data of the exec record. */
    public ExecBlock(KernelRecord.Exec exec, int limit) {
        this.argsLength = exec.argsLength();
        int length = (int) Math.min(limit, (long) exec.argsLength() + exec.envLength());
        this.filled = exec.data().length;
        this.bytes = filled >= length ? exec.data() : Arrays.copyOf(exec.data(), length);
    }

    /** Adds the next part; one that does not follow is ignored, since something between is lost. */
    public void add(KernelRecord.ExecData part) {
        if (part.offset() == filled && part.offset() + part.data().length <= bytes.length) {
            System.arraycopy(part.data(), 0, bytes, filled, part.data().length);
            filled += part.data().length;
        }
    }

    /** Whether all that the kernel takes has arrived. */
    public boolean full() {
        return filled == bytes.length;
    }

    /** Whether the arguments are whole. */
    public boolean argumentsWhole() {
        return filled >= argsLength;
    }

    /** The arguments, as far as they have arrived. */
    public List<String> arguments() {
        return RawText.split(bytes, 0, Math.min(argsLength, filled));
    }

    /** The environment as {@code NAME=VALUE}, as far as it has arrived. */
    public List<String> environment() {
        return argumentsWhole() ? RawText.split(bytes, argsLength, filled) : List.of();
    }
}
