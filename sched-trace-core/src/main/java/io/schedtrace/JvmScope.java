package io.schedtrace;

import java.util.ArrayList;
import java.util.List;

/**
 * A time during which a tracer has the whole JVM: it traces what any thread starts or connects to, also a thread that was
 * there before, a thread of a pool or of a server, the carrier of a virtual thread, and a thread that native code has
 * made. {@link ProcessTreeTracer#enterJvm()} opens one:
 *
 * <pre>
 * try (JvmScope scope = tracer.enterJvm()) {
 *     application.handle(request);   // on whatever threads
 * }
 * </pre>
 *
 * <p>A thread's own {@link ThreadScope} comes first, and so does the one that its creator was in, as long as that tracer is
 * open. With several scopes, the one that was opened last and is still open has the JVM. Any thread may open and close
 * them, in any order.
 */
public final class JvmScope implements AutoCloseable {
    private static final List<JvmScope> OPEN = new ArrayList<>();

    private final ProcessTreeTracer tracer;

    private JvmScope(ProcessTreeTracer tracer) {
        this.tracer = tracer;
    }

    static JvmScope enter(ProcessTreeTracer tracer) {
        JvmScope scope = new JvmScope(tracer);
        synchronized (OPEN) {
            if (!tracer.session().enterJvm()) {
                throw new IllegalStateException("the tracer is closed; open a new one");
            }
            OPEN.add(scope);
        }
        return scope;
    }

    /** Ends the scope. Closing it twice does nothing. */
    @Override
    public void close() {
        synchronized (OPEN) {
            boolean had = !OPEN.isEmpty() && OPEN.get(OPEN.size() - 1) == this;
            if (OPEN.remove(this) && had) {
                resume();
            }
        }
    }

    /** Gives the JVM to the tracer that is open and opened its scope last. */
    private void resume() {
        for (int i = OPEN.size() - 1; i >= 0; i--) {
            if (OPEN.get(i).tracer.session().enterJvm()) {
                return;
            }
        }
        tracer.session().leaveJvm();
    }
}
