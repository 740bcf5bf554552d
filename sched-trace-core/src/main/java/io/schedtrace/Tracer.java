package io.schedtrace;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceTimeoutException;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.TreeStillRunningException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/**
 * A tracing session: it follows the processes that are started in it, and all their descendants.
 *
 * <p>All methods may be called from any thread.
 */
public interface Tracer extends AutoCloseable {
    /**
     * Starts a command and traces it and all its descendants.
     *
     * @param command the program and its arguments
     * @throws IOException if the command cannot be started
     * @throws IllegalArgumentException if there is no program
     * @throws TracingUnavailableException if this system, kernel or user cannot trace; nothing has been started then
     */
    static TracedCommand launch(String... command) throws IOException {
        if (command.length == 0) {
            throw new IllegalArgumentException("no command to launch: the first argument is the program");
        }
        return launch(new ProcessBuilder(command));
    }

    /**
     * Starts a command as {@code builder} describes it, and traces it and all its descendants. {@code TRACEPARENT} is
     * added to the environment of the builder unless it is there.
     *
     * @throws IOException if the command cannot be started
     * @throws TracingUnavailableException if this system, kernel or user cannot trace; nothing has been started then
     */
    static TracedCommand launch(ProcessBuilder builder) throws IOException {
        return TracedCommand.launch(ProcessTreeTracer.builder().open(), builder);
    }

    /** The id that all spans of the session carry. */
    TraceId traceId();

    /**
     * Starts a process in this session. {@code TRACEPARENT} is added to the environment of the builder unless it is
     * there.
     *
     * @throws IOException if it cannot be started
     * @throws IllegalStateException if the session is closed
     */
    Process start(ProcessBuilder builder) throws IOException;

    /**
     * Makes the calling thread part of the session until the scope is closed: the processes that it starts by whatever
     * API, the threads that it makes, and its own TCP connections are traced.
     *
     * @throws IllegalStateException on a virtual thread, or if the session is closed
     */
    ThreadScope enter();

    /**
     * A task that runs {@code task} in a {@linkplain #enter() scope} of this session, on whatever thread. A task that runs
     * after the session was closed runs as if it was not wrapped. On a virtual thread the task throws an {@link
     * IllegalStateException}: start processes with {@link #start} there.
     *
     * @throws IllegalStateException if the session is closed now
     */
    Runnable wrap(Runnable task);

    /**
     * The same for a {@link Callable}.
     *
     * @throws IllegalStateException if the session is closed now
     */
    <T> Callable<T> wrap(Callable<T> task);

    /**
     * An executor that has {@code executor} run each task {@linkplain #wrap(Runnable) in this session}. Threads that
     * {@code executor} makes while a task is submitted are not part of the session because of that.
     *
     * @throws IllegalStateException if the session is closed now
     */
    Executor wrap(Executor executor);

    /**
     * The same for an {@link ExecutorService}. What shuts it down shuts {@code executor} down.
     *
     * @throws IllegalStateException if the session is closed now
     */
    ExecutorService wrap(ExecutorService executor);

    /** Everything up to this moment: events that happened before the call are in it. */
    Trace trace();

    /** The processes of {@link #trace()}. */
    default List<ProcessSpan> processes() {
        return trace().processes();
    }

    /**
     * Waits until every process of the session has ended, and, for at most the session's linger time more, until its
     * connections have.
     *
     * @param timeout how long to wait for the processes
     * @return the whole trace
     * @throws TreeStillRunningException if a process is still running after {@code timeout}; it names them
     * @throws InterruptedException if the thread is interrupted
     */
    Trace awaitTree(Duration timeout) throws InterruptedException;

    /**
     * Waits until {@code condition} holds for the trace. It is tested at once, and again, on the calling thread, within a few
     * milliseconds of new events. Virtual threads may wait too.
     *
     * <pre>{@code
     * Trace trace = tracer.await(t -> t.processes().size() >= 4, Duration.ofSeconds(10));
     * }</pre>
     *
     * @param condition what it throws is thrown by this method
     * @param timeout how long to wait; the condition is tested once if this is zero or negative
     * @return the trace for which it holds
     * @throws TraceTimeoutException if it does not hold in time; the message has the tree
     * @throws IllegalStateException if the session is closed, or is closed meanwhile
     * @throws InterruptedException if the thread is interrupted
     */
    Trace await(Predicate<? super Trace> condition, Duration timeout) throws InterruptedException;

    /**
     * Waits until a process of the session has begun a program of that name, as {@link Exec#name()}. It may have ended since.
     *
     * <pre>{@code
     * ProcessSpan server = tracer.awaitProcess("redis-server", Duration.ofSeconds(10));
     * }</pre>
     *
     * @param timeout as for {@link #await}
     * @return the process; the first of several
     * @throws IllegalArgumentException if the name is empty or has a slash
     * @throws TraceTimeoutException if there is none in time; the message has the tree
     * @throws IllegalStateException if the session is closed, or is closed meanwhile
     * @throws InterruptedException if the thread is interrupted
     */
    default ProcessSpan awaitProcess(String name, Duration timeout) throws InterruptedException {
        return Awaited.process(name).in(this, timeout);
    }

    /**
     * Waits until a socket of the session listens on that TCP port, on any address: a process can be connected to.
     *
     * <pre>{@code
     * tracer.start(new ProcessBuilder("redis-server", "--port", "6379"));
     * tracer.awaitListening(6379, Duration.ofSeconds(10));
     * }</pre>
     *
     * @param timeout as for {@link #await}
     * @return the listener; the first of several
     * @throws IllegalArgumentException if the port is not from 1 to 65535
     * @throws TraceTimeoutException if there is none in time; the message has the tree
     * @throws IllegalStateException if the session is closed, or is closed meanwhile
     * @throws InterruptedException if the thread is interrupted
     */
    default ListenSpan awaitListening(int port, Duration timeout) throws InterruptedException {
        return Awaited.listener(port).in(this, timeout);
    }

    /**
     * Waits until a connection to that peer has been established. It may have ended since.
     *
     * <pre>{@code
     * tracer.awaitConnection("db.test:5432", Duration.ofSeconds(10));
     * tracer.awaitConnection("127.0.0.0/8", Duration.ofSeconds(10));
     * }</pre>
     *
     * @param peer a pattern as in {@link io.schedtrace.junit.TraceProcesses#allowConnections()}. A name is compared with those
     *     that the trace has ({@link TcpSpan#peerHosts()}); it is not looked up
     * @param timeout as for {@link #await}
     * @return the client's end of the connection; the first of several
     * @throws IllegalArgumentException if {@code peer} is no pattern
     * @throws TraceTimeoutException if there is none in time; the message has the tree
     * @throws IllegalStateException if the session is closed, or is closed meanwhile
     * @throws InterruptedException if the thread is interrupted
     */
    default TcpSpan awaitConnection(String peer, Duration timeout) throws InterruptedException {
        return Awaited.connection(peer).in(this, timeout);
    }

    /**
     * Ends every process of the session with SIGKILL, daemons that left the command's process group and session
     * included, and waits, for at most 5 s, until they have ended. Where records have been lost, it asks the kernel which
     * processes those are. Processes that this user may not signal are left, and so are those that the kernel had no
     * memory to follow ({@link Loss#untracked()}).
     *
     * <p>A tree that forks faster than it is killed is stopped with SIGSTOP first, and killed some milliseconds later.
     * An error, an interrupt or {@link #close()} in between leaves nothing stopped. If this JVM itself is killed in
     * between ({@code kill -9}, or the kernel for lack of memory), the processes stay stopped: continue them with
     * {@code kill -CONT}, or kill them.
     *
     * @return how many processes got the signal
     * @throws InterruptedException if the thread is interrupted
     */
    int killTree() throws InterruptedException;

    /**
     * Ends the session: what is still open stays so in the trace, listeners have got all events (or their time is up),
     * and the kernel forgets the tree. Processes run on unless the session was told to end them. Closing twice does
     * nothing; {@link #trace()} still answers.
     */
    @Override
    void close();
}
