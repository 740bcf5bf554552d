package io.schedtrace.bpf;

import java.nio.ByteBuffer;

/** Takes records out of the ring. */
@FunctionalInterface
public interface RecordConsumer {
    /**
     * Takes one record.
     *
     * @param ring the memory of the ring in native byte order; read it by absolute index, and only during the call
     * @param offset where the record begins, see {@link RecordLayout}
     * @param length the number of bytes from there on
     */
    void accept(ByteBuffer ring, int offset, int length);
}
