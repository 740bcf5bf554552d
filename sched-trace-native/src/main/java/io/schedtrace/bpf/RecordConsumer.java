package io.schedtrace.bpf;

import java.nio.ByteBuffer;

/** Takes records out of the ring. */
@FunctionalInterface
public interface RecordConsumer {
    /**
     * Takes one record.
     *
     * @param ring memory of the ring in native byte order, to be read by absolute index during the call only
     * @param offset where the record begins; see {@link RecordLayout}
     * @param length how many bytes from there on belong to it
     */
    void accept(ByteBuffer ring, int offset, int length);
}
