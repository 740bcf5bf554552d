package io.schedtrace.internal.assemble;

import io.schedtrace.model.TraceListener;
import java.util.function.Consumer;

/** Takes what the assembler has to tell, and passes it to the listeners on threads of their own. */
public interface SpanEvents {
    /** Whether anybody listens. */
    boolean wanted();

    /**
     * Passes an event on; returns at once.
     *
     * @param event calls one method of each listener; runs on the listener's thread
     */
    void publish(Consumer<TraceListener> event);

    /**
     * Passes an event on if every listener has room for it, and otherwise to none; returns whether it did. Nobody else
     * publishes events meanwhile.
     */
    boolean publishToAll(Consumer<TraceListener> event);
}
