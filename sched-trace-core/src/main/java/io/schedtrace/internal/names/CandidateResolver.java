package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.internal.text.HostText;
import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up on a few daemon threads and caches the addresses. A lookup cannot be stopped: one that times out is
 * abandoned together with its thread, and another thread replaces it, up to a limit.
 */
final class CandidateResolver {
    /** The most threads stuck in abandoned lookups. At this limit lookups are refused until one of them returns. */
    static final int MAX_STUCK = 16;

    private static final int MAX_ADDRESSES = 64;

    private final HostOptions options;
    private final AddressNames resolved;
    private final ThreadFactory threads;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private final Set<Attempt> attempts = new HashSet<>();
    private int active;
    private int stuck;
    private boolean closed;
    private long refusedNames;
    private long lookups;
    private volatile long settled;
    private long failed;
    private long timedOut;
    private long refused;

    /** A requested name. Guarded by the resolver, except for {@code addresses}. */
    private static final class Entry {
        final HostName name;
        volatile Set<InetAddress> addresses = Set.of();
        boolean pending;
        long freshUntil;

        Entry(HostName name) {
            this.name = name;
        }
    }

    /** A running lookup. It is over when it has returned or timed out. */
    private static final class Attempt {
        final Entry entry;
        final Thread thread = Thread.currentThread();
        final CompletableFuture<Void> timer = new CompletableFuture<>();
        boolean over;

        Attempt(Entry entry) {
            this.entry = entry;
        }
    }

    /** @param resolved receives each name with its addresses */
    CandidateResolver(HostOptions options, AddressNames resolved, ThreadFactory threads) {
        this.threads = threads;
        this.options = options;
        this.resolved = resolved;
    }

    /** Queues a lookup of {@code name}, unless one is pending or its result is still fresh. */
    synchronized void request(HostName name) {
        Entry entry = entries.get(name.name());
        if (closed || (entry != null && (entry.pending || entry.freshUntil - System.nanoTime() > 0))) {
            return;
        }
        if (entry == null) {
            if (entries.size() >= options.namesPerSession()) {
                refusedNames++;
                return;
            }
            entry = new Entry(name);
            entries.put(name.name(), entry);
        }
        entry.pending = true;
        queue.add(entry);
        startWorkers();
    }

    /** Returns the addresses found for {@code name} so far. */
    Set<InetAddress> addresses(String name) {
        Entry entry = entries.get(name);
        return entry == null ? Set.of() : entry.addresses;
    }

    /** Waits until no lookup of {@code names} is pending; returns false at {@code deadline} or when closed. */
    synchronized boolean awaitDone(Collection<String> names, long deadline) throws InterruptedException {
        while (!closed && names.stream().anyMatch(this::isPending)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !closed;
    }

    /** Returns how many lookups have had a result, or none. */
    long settled() {
        return settled;
    }

    /** Returns all counts: its own, and those of dropped events and names from elsewhere. */
    synchronized HostCounts counts(long eventsDropped, long namesDropped) {
        return new HostCounts(eventsDropped, namesDropped + refusedNames, lookups, failed, timedOut, refused);
    }

    /** Drops the queue and interrupts running lookups without waiting for them. */
    synchronized void close() {
        closed = true;
        queue.clear();
        for (Attempt attempt : attempts) {
            attempt.timer.complete(null);
            attempt.thread.interrupt();
        }
        notifyAll();
    }

    private boolean isPending(String name) {
        Entry entry = entries.get(name);
        return entry != null && entry.pending;
    }

    private void startWorkers() {
        if (stuck >= MAX_STUCK) {
            refuseQueue();
        }
        for (int i = queue.size(); i > 0 && active < options.parallelLookups(); i--) {
            Thread thread = threads.newThread(this::work);
            thread.setName("sched-trace-lookup");
            thread.start();
            active++;
        }
    }

    private void refuseQueue() {
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            refused++;
            entry.freshUntil = System.nanoTime();
            entry.pending = false;
        }
        notifyAll();
    }

    private void work() {
        boolean mayGoOn = true;
        for (Attempt attempt = next(); attempt != null; attempt = mayGoOn ? next() : null) {
            mayGoOn = finish(attempt, lookup(attempt.entry.name.name()));
        }
    }

    private List<InetAddress> lookup(String name) {
        try {
            List<InetAddress> found = options.lookup().lookup(HostText.ascii(name));
            return List.copyOf(found.subList(0, Math.min(found.size(), MAX_ADDRESSES)));
        } catch (Throwable e) {
            // A lookup is foreign code. If it throws, the name has no address.
            return List.of();
        }
    }

    /** Starts the next lookup; returns null if there is none, which ends the thread. */
    private @Nullable Attempt next() {
        Attempt attempt;
        synchronized (this) {
            Entry entry = queue.poll();
            if (entry == null || closed) {
                active--;
                return null;
            }
            lookups++;
            attempt = new Attempt(entry);
            attempts.add(attempt);
        }
        CompletableFuture<?> unused = attempt.timer
                .orTimeout(nanos(options.lookupTimeout()), TimeUnit.NANOSECONDS)
                .whenComplete((nothing, timeout) -> {
                    if (timeout != null) {
                        abandon(attempt);
                    }
                });
        return attempt;
    }

    /** Records the result of a lookup; returns whether its thread may start another one. */
    private boolean finish(Attempt attempt, List<InetAddress> found) {
        attempt.timer.complete(null);
        synchronized (this) {
            attempts.remove(attempt);
            if (!attempt.over) {
                attempt.over = true;
                failed += found.isEmpty() ? 1 : 0;
                settle(attempt.entry, found);
                return true;
            }
            stuck--;
            if (!found.isEmpty()) {
                settle(attempt.entry, found);
            }
            startWorkers();
            return false;
        }
    }

    private synchronized void abandon(Attempt attempt) {
        if (!attempt.over && !closed) {
            attempt.over = true;
            active--;
            stuck++;
            failed++;
            timedOut++;
            settle(attempt.entry, List.of());
            startWorkers();
        }
    }

    /** Converts to nanoseconds and limits the result so that deadlines do not overflow. */
    private static long nanos(Duration time) {
        return Math.min(TimeUnit.NANOSECONDS.convert(time), Long.MAX_VALUE / 2);
    }

    private void settle(Entry entry, List<InetAddress> found) {
        boolean none = found.isEmpty();
        entry.freshUntil = System.nanoTime() + nanos(none ? options.negativeCacheExpiry() : options.cacheExpiry());
        if (!none && !entry.addresses.containsAll(found)) {
            Set<InetAddress> all = new HashSet<>(found);
            entry.addresses.stream().limit(MAX_ADDRESSES).forEach(all::add);
            entry.addresses = Set.copyOf(all);
            for (InetAddress address : found) {
                refusedNames += resolved.add(address, entry.name) ? 0 : 1;
            }
        }
        entry.pending = false;
        settled++;
        notifyAll();
    }
}
