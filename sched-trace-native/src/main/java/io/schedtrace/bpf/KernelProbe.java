package io.schedtrace.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What makes the records, with their ring buffer: the loaded and attached BPF programs, or the tracer.
 *
 * <p>One thread reads the ring and waits for it. Any thread may call {@link #wake()}, {@link #findMissed},
 * {@link #members}, tag itself, and use the {@link #sessions()}. Nothing may be called after {@link #close()}, not even
 * on the ring and the sessions, whose memory is then unmapped.
 */
public final class KernelProbe implements AutoCloseable {
    private static final int ESRCH = 3;
    private static final Pattern LIBC = Pattern.compile("/libc(\\.so\\.6|-2\\.\\d+\\.so)$");

    private static @Nullable String libc;

    private final long handle;
    private final RingReader ring;
    private final SessionTable sessions;
    private final int pageSize;

    private KernelProbe(long handle) {
        this.handle = handle;
        ByteBuffer mapped = producer(handle);
        ByteBuffer page = consumer(handle);
        this.ring = new RingReader(
                page,
                mapped.slice(0, page.capacity()),
                mapped.slice(page.capacity(), mapped.capacity() - page.capacity()));
        this.sessions = new SessionTable(sessions(handle));
        this.pageSize = page.capacity();
    }

    /**
     * Loads the BPF programs into the kernel and attaches them.
     *
     * @param ringBytes the size of the ring buffer: a power of two, and a multiple of the page size
     * @throws MissingLibraryException if the JNI shim cannot be loaded
     * @throws ProbeException if the kernel refuses
     */
    public static KernelProbe load(int ringBytes) {
        NativeLibrary.require();
        return new KernelProbe(open(ringBytes));
    }

    /**
     * Has the installed helper load the BPF programs, see {@link Helper}.
     *
     * @param ringBytes as of {@link #load}
     * @throws MissingLibraryException if the JNI shim cannot be loaded
     * @throws HelperException if the helper does not bring them
     */
    public static KernelProbe loadThroughHelper(int ringBytes) {
        NativeLibrary.require();
        return new KernelProbe(Helper.open(ringBytes));
    }

    /**
     * Has the daemon load the BPF programs, see {@link Daemon}.
     *
     * @param ringBytes as of {@link #load}
     * @throws MissingLibraryException if the JNI shim cannot be loaded
     * @throws HelperException if the daemon does not bring them
     */
    public static KernelProbe loadByDaemon(int ringBytes) {
        NativeLibrary.require();
        return new KernelProbe(Daemon.open(ringBytes));
    }

    /**
     * Starts the tracer, a program that makes the records with ptrace(2), see {@link Ptracer}.
     *
     * @param ringBytes as of {@link #load}
     * @throws MissingLibraryException if the JNI shim or the tracer cannot be loaded
     * @throws ProbeException if the tracer cannot be started or may not trace this JVM
     */
    public static KernelProbe startTracer(int ringBytes) {
        NativeLibrary.require();
        return new KernelProbe(Ptracer.open(ringBytes));
    }

    /** A probe that the native methods have opened, with an open session. */
    static KernelProbe of(long handle, long session) {
        KernelProbe probe = new KernelProbe(handle);
        probe.sessions.adopt(session);
        return probe;
    }

    /** What the native methods know this probe by. */
    long handle() {
        return handle;
    }

    /** The ring buffer. */
    public RingReader ring() {
        return ring;
    }

    /** The sessions. */
    public SessionTable sessions() {
        return sessions;
    }

    /** The size of a memory page in bytes. */
    public int pageSize() {
        return pageSize;
    }

    /**
     * Waits until the BPF program or {@link #wake()} wakes the reader, or the time is up. Records may arrive without a
     * wake-up: the BPF program forces one only when the ring fills up or a session has gone quiet.
     *
     * @param timeoutMillis the longest time to wait; -1 waits indefinitely
     */
    public void await(int timeoutMillis) {
        check("epoll_wait", await(handle, timeoutMillis));
    }

    /** Ends the {@link #await} of another thread, or the next one. */
    public void wake() {
        check("eventfd", wake(handle));
    }

    /** Whether no more records are made: the daemon has gone, and the programs with it, or the tracer was killed. */
    public boolean isLost() {
        return isLost(handle);
    }

    /** Tags the calling platform thread: its children, new threads and own sockets belong to the session. */
    public void tagThread(long session) {
        check("bpf(BPF_PROG_TEST_RUN)", tagThread(handle, session));
    }

    /**
     * Tags this JVM: its threads belong to the session if they have no tag or that of a closed session. Meanwhile the
     * threads that the JDK or JUnit starts for all code, such as workers of the common pool, inherit no tag, as far as
     * this JVM has JVMTI.
     *
     * @param session the session; 0 for none
     */
    public void tagJvm(long session) {
        check("bpf(BPF_PROG_TEST_RUN)", tagJvm(handle, session));
    }

    /**
     * Tags the calling platform thread for a launch: its children belong to the session, even within
     * {@link #tagThread}.
     *
     * @param span the span id that the start record of the child carries; 0 for none
     */
    public void tagLaunch(long session, long span) {
        check("bpf(BPF_PROG_TEST_RUN)", tagLaunch(handle, session, span));
    }

    /** Ends the launch of the calling platform thread, or removes its tag if it has no launch. */
    public void untag() {
        check("bpf(BPF_PROG_TEST_RUN)", untag(handle));
    }

    /**
     * Records the ends of the session's connections whose sockets have closed without a program having seen it. Their
     * counters and addresses are the last ones of the sockets. Does nothing if the helper or the daemon has loaded the
     * programs.
     */
    public void findMissed(long session) {
        check("bpf(BPF_PROG_TEST_RUN)", findMissed(handle, session));
    }

    /**
     * Overwrites the ring, which otherwise holds the records that have been read until others take their place. Takes
     * some milliseconds. Records of open sessions are lost meanwhile if the ring is full.
     *
     * @param target takes the records that are found
     */
    public void wipe(RecordConsumer target) {
        long end = ring.producerPosition() + ring.size();
        long before;
        do {
            ring.drain(target, ring.size());
            before = ring.producerPosition();
            check("bpf(BPF_PROG_TEST_RUN)", wipe(handle));
        } while (ring.producerPosition() < end && ring.producerPosition() > before);
        ring.drain(target, ring.size());
    }

    /**
     * The processes of a session that have not ended, from the kernel's list of tasks. A process that could not be
     * followed, because there was no memory, is not among them.
     *
     * @return their ids in the pid namespace of this JVM
     * @throws ProbeException if they cannot be listed, for example because there is no free file descriptor
     */
    public Set<Long> members(long session) {
        return LongStream.of(members(handle, session)).boxed().collect(Collectors.toSet());
    }

    /**
     * Attaches the programs that only some sessions need, for DNS answers and for getaddrinfo(3) in the C library of
     * this JVM, and detaches those that no session needs. At most one thread may call this at a time.
     *
     * @param settings the settings of all open sessions, see {@link RecordLayout.Setting}
     * @throws ProbeException if the kernel refuses
     */
    public void watchNames(long settings) {
        boolean lookups = (settings & RecordLayout.Setting.WANT_GETADDRINFO) != 0;
        watch(handle, settings, lookups ? libc() : "");
    }

    /**
     * The file of the C library that is mapped into this JVM, which must have the name of glibc's. Before glibc 2.34
     * libc.so.6 is a link to libc-2.N.so.
     */
    private static synchronized String libc() {
        if (libc == null) {
            libc = findLibc();
        }
        return libc;
    }

    private static String findLibc() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.substring(Math.max(0, line.indexOf('/'))))
                    .filter(file -> LIBC.matcher(file).find())
                    .findFirst()
                    .orElseThrow(() -> new ProbeException("this JVM has no C library with the name of glibc's", 0));
        } catch (IOException e) {
            throw new ProbeException("cannot read /proc/self/maps: " + e.getMessage(), 0);
        }
    }

    /** What to add to CLOCK_MONOTONIC to get CLOCK_REALTIME, in nanoseconds, as measured now. */
    public static long wallOffsetNanos() {
        NativeLibrary.require();
        return wallOffset();
    }

    /** Detaches and unloads the BPF programs and unmaps their memory. */
    @Override
    public void close() {
        close(handle);
    }

    /** Only a request to a tracer that has ended fails with ESRCH. */
    private static void check(String what, int result) {
        if (result == -ESRCH) {
            throw new ProbeException(
                    "the tracer's process has been killed; close all tracers, and open a new one", ESRCH);
        }
        if (result < 0) {
            throw new ProbeException(what + " failed with errno " + -result, -result);
        }
    }

    /**
     * Compares the record layout of the shim with that of this jar.
     *
     * @throws ProbeException if they differ
     */
    static void requireSameLayout(long fingerprint) {
        if (fingerprint != RecordLayout.FINGERPRINT) {
            throw new ProbeException(
                    "the native library and this jar of sched-trace are of different versions: their record layouts"
                            + " differ; use the library of this jar",
                    0);
        }
    }

    /** The record layout of the shim that has been loaded. */
    static long fingerprintOfShim() {
        try {
            return fingerprint();
        } catch (UnsatisfiedLinkError e) {
            throw new MissingLibraryException("the library that was loaded is not sched-trace's: " + e.getMessage());
        }
    }

    private static native long open(int ringBytes);

    static native long openTracer(@Nullable String file, byte[] program, int ringBytes);

    private static native ByteBuffer consumer(long handle);

    private static native ByteBuffer producer(long handle);

    private static native ByteBuffer sessions(long handle);

    private static native int await(long handle, int timeoutMillis);

    private static native int wake(long handle);

    private static native boolean isLost(long handle);

    private static native int tagThread(long handle, long session);

    private static native int tagJvm(long handle, long session);

    private static native int tagLaunch(long handle, long session, long span);

    private static native int untag(long handle);

    private static native int findMissed(long handle, long session);

    private static native int wipe(long handle);

    private static native long[] members(long handle, long session);

    private static native void watch(long handle, long settings, String libc);

    private static native long wallOffset();

    private static native void close(long handle);

    private static native long fingerprint();
}
