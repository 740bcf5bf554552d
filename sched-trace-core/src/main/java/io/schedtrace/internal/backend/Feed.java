package io.schedtrace.internal.backend;

import io.schedtrace.internal.record.RecordType;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of one session: of the processes that are started in it, of all their descendants, and of the threads
 * that have entered it. Any thread may use it.
 *
 * <p>After {@link #close()} nothing belongs to the feed any more: {@link #processes()}, {@link #connections()} and
 * {@link #listeners()} are 0, the other counts stay as they were, nothing more is delivered, and {@link #start} and
 * {@link #enter} refuse.
 */
public interface Feed extends AutoCloseable {
    /** How the records are made. */
    Via via();

    /** What the system tells beside the records. */
    SystemFacts system();

    /** Begins to deliver records to {@code sink}. Called once, before anything is started. */
    void deliverTo(RecordSink sink);

    /**
     * Starts a process that belongs to the feed from its first instruction.
     *
     * @param spanId the span id that its start record shall carry
     * @throws IOException if it cannot be started
     * @throws IllegalStateException if the feed is closed or cannot start processes
     */
    Process start(ProcessBuilder builder, long spanId) throws IOException;

    /**
     * Makes the calling thread part of the feed: what it starts, the threads that it makes, and its TCP connections. It
     * leaves the feed that it has entered before.
     *
     * @return whether the feed was open
     * @throws IllegalStateException if threads cannot enter, or if this is a virtual thread
     */
    boolean enter();

    /** Takes the calling thread out of the feed. */
    void leave();

    /**
     * Makes all threads of this JVM part of the feed, now and in the future, as long as they belong to no other open
     * feed and are not {@linkplain Exclusion excluded}. It takes over from the feed that had them before.
     *
     * @return whether the feed was open
     * @throws IllegalStateException if threads cannot enter
     */
    boolean enterJvm();

    /** Excludes the calling thread from all feeds as long as this one is open. For threads of the session itself. */
    void exclude();

    /** Ends {@link #enterJvm()} of whatever feed. */
    void leaveJvm();

    /** Delivers every record that was made before this call. Nothing after {@link #close()}. */
    void drain();

    /** How many processes have not ended. */
    long processes();

    /** How many connections have not ended. */
    long connections();

    /** How many sockets listen that processes of the feed have opened, not threads of the traced JVM. */
    long listeners();

    /**
     * Has records delivered within a few milliseconds, also after a time without any, until {@link #relax()} is called
     * as often as this.
     */
    void hurry();

    /** Ends one {@link #hurry()}. */
    void relax();

    /** How many records were lost, by type; only types with losses. */
    Map<RecordType, Long> lost();

    /** How many processes, threads and sockets could not be followed. */
    long untracked();

    /** How many execs have arguments or environment that are not whole. */
    long truncated();

    /**
     * The processes that have not ended, as the producer of the records knows them.
     *
     * @return their ids in the pid namespace of this JVM
     * @throws BackendException if they cannot be listed, as for want of a file descriptor
     */
    Set<Long> members();

    /**
     * Whether a process exists, or is a zombie, on the system that makes the records.
     *
     * @param pid its id in the pid namespace of the traced JVM
     */
    boolean exists(long pid);

    /** Looks for connections and listeners whose end the producer has not seen, and makes their end records. */
    void findMissedEnds();

    /**
     * Why nothing more is recorded although the feed is open: the producer has stopped, and the counts are the last
     * ones. Null while it has not.
     */
    default @Nullable String cut() {
        return null;
    }

    /**
     * Ends recording: what happens from now on does not belong to the feed. {@link #drain()} still delivers what was
     * recorded before, and the counts are the last ones.
     */
    void end();

    /** Ends the feed; nothing more belongs to it. Closing twice does nothing. */
    @Override
    void close();
}
