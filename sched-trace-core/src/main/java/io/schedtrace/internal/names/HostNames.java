package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.names.SourceSink.Fact;
import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of addresses in one tracing session.
 *
 * <p>It receives the events of processes and runs the sources on its own daemon thread, which the first event starts,
 * so that a session in which nothing happens costs no thread. When a process connects, it
 * looks up the candidates of that process and of its ancestors on a few further threads. Processes are identified by
 * the numbers that the kernel side assigns and never reuses; 0 is this JVM. The names of a process are kept for the
 * last 16,384 processes that have ended, and as long as its descendants are kept.
 *
 * <p>All methods are thread-safe. All except {@link #awaitSettled} return at once, and none throws because of a source
 * or a lookup. A {@link ProcessImage} is released as soon as the sources have inspected it.
 */
public final class HostNames implements AutoCloseable {
    private static final int MAX_ENDED = 16_384;
    private static final long SELF = 0;
    private static final Duration LONGEST_BETWEEN_REQUESTS = Duration.ofSeconds(1);

    private final HostOptions options;
    private final SourceRunner sources;
    private final Map<Long, ProcessNames> processes = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger endedCount = new AtomicInteger();
    private final AtomicLong namesDropped = new AtomicLong();
    private final AddressNames askedByAny;
    private final AddressNames resolvedForAny;
    private final CandidateResolver resolver;
    private final Inbox<Runnable> inbox;
    private final ThreadFactory threads;
    private final long nanosBetweenRequests;

    /** What runs the sources; null until there is an event. */
    private volatile @Nullable Thread thread;

    /** Whether this JVM is traced. */
    private boolean selfEntered;

    /** Whether the inbox has got what is to know of this JVM: its hosts file, and its image if it is traced. */
    private volatile boolean selfRead;

    private boolean selfInspected;
    private boolean closed;

    private HostNames(
            HostOptions options,
            Collection<? extends StaticSource> staticSources,
            Collection<? extends DynamicSource> dynamicSources,
            ThreadFactory threads) {
        this.options = options;
        this.sources = new SourceRunner(staticSources, dynamicSources, options.namesPerProcess());
        this.nanosBetweenRequests = timeBetweenRequests(options).toNanos();
        this.askedByAny = new AddressNames(options.namesPerSession());
        this.resolvedForAny = new AddressNames(options.namesPerSession());
        this.resolver = new CandidateResolver(options, resolvedForAny, threads);
        this.inbox = new Inbox<>(options.queueCapacity());
        this.threads = threads;
    }

    /** Returns the shortest time between two requests for the candidates of one process. */
    private static Duration timeBetweenRequests(HostOptions options) {
        return Stream.of(LONGEST_BETWEEN_REQUESTS, options.cacheExpiry(), options.negativeCacheExpiry())
                .min(Comparator.naturalOrder())
                .orElse(LONGEST_BETWEEN_REQUESTS);
    }

    /**
     * Opens a session.
     *
     * @param staticSources run in this order at each exec, which is also the order of candidates
     * @param dynamicSources run in this order at each event
     * @param threads makes the daemon threads
     * @see HostSources
     */
    public static HostNames open(
            HostOptions options,
            Collection<? extends StaticSource> staticSources,
            Collection<? extends DynamicSource> dynamicSources,
            ThreadFactory threads) {
        HostNames names = new HostNames(options, staticSources, dynamicSources, threads);
        names.process(SELF);
        return names;
    }

    /** Records that {@code parent} forked {@code process}, which inherits its names, present and future. */
    public void forked(long process, long parent) {
        ProcessNames above = process(parent);
        processes.computeIfAbsent(process, key -> new ProcessNames(above, options.namesPerProcess()));
    }

    /** Records that this JVM is traced. It is inspected like any other process, once a connection needs names. */
    public synchronized void enteredSelf() {
        selfEntered = true;
        if (selfRead && !selfInspected) {
            readSelf();
        }
    }

    /** Has the sources read this JVM, unless they have. A connection is about to be named. */
    private void wantNames() {
        if (!selfRead) {
            synchronized (this) {
                if (!selfRead && begin()) {
                    readSelf();
                    selfRead = true;
                }
            }
        }
    }

    private void readSelf() {
        ProcessNames self = process(SELF);
        if (selfEntered) {
            selfInspected = true;
            inbox.offer(() -> inspect(self, OwnImage.get()));
        } else {
            inbox.offer(() -> readHosts(self, OwnImage.get()));
        }
    }

    private void offer(Runnable event) {
        begin();
        inbox.offer(event);
    }

    /** Starts the thread unless it runs; returns whether it does. Without memory for it the next event tries again. */
    private boolean begin() {
        return thread != null || start();
    }

    private synchronized boolean start() {
        if (thread == null && !closed) {
            try {
                Thread made = threads.newThread(this::work);
                made.setName("sched-trace-hosts");
                made.start();
                thread = made;
            } catch (OutOfMemoryError e) {
                namesDropped.incrementAndGet();
            }
        }
        return thread != null;
    }

    /** Records an exec of {@code process}. The image is made on the thread of the sources. */
    public void executed(long process, Supplier<ProcessImage> image) {
        ProcessNames names = process(process);
        offer(() -> inspect(names, image.get()));
    }

    /** Records an event of {@code process} for the dynamic sources. */
    public void observed(long process, HostEvent event) {
        ProcessNames names = process(process);
        offer(() -> observe(names, event));
    }

    /** Records that {@code process} has ended. Its names are kept for a while. */
    public void ended(long process) {
        if (process == SELF || !processes.containsKey(process)) {
            return;
        }
        ended.add(process);
        if (endedCount.incrementAndGet() > MAX_ENDED) {
            Long oldest = ended.poll();
            endedCount.decrementAndGet();
            if (oldest != null) {
                processes.remove(oldest);
            }
        }
    }

    /**
     * Records that {@code process} has connected. Its candidates and those of its ancestors are looked up, unless it
     * has itself asked for a name of {@code peer}. Candidates whose address is already known are not looked up.
     */
    public void connecting(long process, InetAddress peer) {
        wantNames();
        ProcessNames names = process(process);
        if (names.connects(System.nanoTime(), nanosBetweenRequests)) {
            offer(() -> connect(names, peer));
        }
    }

    /**
     * Returns the names of {@code address} as {@code process} sees it, best first, at most 16, without duplicates.
     *
     * <ol>
     *   <li>Names that the process passed to getaddrinfo(3), in order, then names in its DNS queries; names that it was
     *       given with this address; candidates that have this address in its hosts file; candidates for which a lookup
     *       found this address, in the order of the sources.
     *   <li>The same for its ancestors, the nearest first.
     *   <li>Names that other processes asked for, then their candidates.
     *   <li>If there are none of these, all names in its hosts file.
     * </ol>
     *
     * <p>Internationalised names are in Unicode, even if they were learned in their ASCII form.
     */
    public List<HostName> names(long process, InetAddress address) {
        ProcessNames own = processes.get(process);
        Map<String, HostName> found = new LinkedHashMap<>();
        for (ProcessNames names = own; names != null; names = names.parent()) {
            collect(names.asked().get(address), found);
            collect(names.told().get(address), found);
            collect(names.usedHosts(address), found);
            for (HostName candidate : names.candidates()) {
                if (resolver.addresses(candidate.name()).contains(address)) {
                    found.putIfAbsent(candidate.name(), candidate);
                }
            }
        }
        collect(askedByAny.get(address), found);
        collect(resolvedForAny.get(address), found);
        HostsFile hosts = found.isEmpty() && own != null ? own.hosts() : null;
        if (hosts != null) {
            hosts.names(address).stream()
                    .limit(AddressNames.MAX_NAMES)
                    .forEach(name -> found.put(name, new HostName(name, HostsFileSource.ORIGIN)));
        }
        return found.values().stream().limit(AddressNames.MAX_NAMES).toList();
    }

    /**
     * Waits until all events recorded so far have been handled, and then until the lookups for {@code process} and its
     * ancestors are done. Do not call it on the thread that records events: that would stall the session.
     *
     * @param atMost the longest time to wait for lookups. The wait for sources, which need no network, may take up to
     *     5 s even if this is shorter, unless such a wait has failed before
     * @return whether all is done; false if the time is up or the session is closed
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitSettled(long process, Duration atMost) throws InterruptedException {
        return awaitSettled(Set.of(process), atMost);
    }

    /** Like {@link #awaitSettled(long, Duration)}, for several processes. */
    public boolean awaitSettled(Collection<Long> of, Duration atMost) throws InterruptedException {
        long nanos = atMost.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : atMost.toNanos();
        wantNames();
        if (Thread.currentThread() == thread || thread == null || !inbox.awaitHandledPatiently(nanos)) {
            return false;
        }
        Set<String> candidates = new HashSet<>();
        for (long process : of) {
            for (ProcessNames names = processes.get(process); names != null; names = names.parent()) {
                names.candidates().forEach(candidate -> candidates.add(candidate.name()));
            }
        }
        return resolver.awaitDone(candidates, Inbox.deadline(nanos));
    }

    /** Returns the current counts. */
    public HostCounts counts() {
        return resolver.counts(inbox.dropped(), namesDropped.get());
    }

    /**
     * Closes the session at once. Pending events and lookups are dropped; running lookups are interrupted and not
     * waited for. Names that are known remain available. Closing twice has no effect.
     */
    @Override
    public void close() {
        inbox.close();
        resolver.close();
        synchronized (this) {
            closed = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    private static void collect(List<HostName> names, Map<String, HostName> found) {
        names.forEach(name -> found.putIfAbsent(name.name(), name));
    }

    private ProcessNames process(long process) {
        ProcessNames known = processes.get(process);
        return known != null
                ? known
                : processes.computeIfAbsent(process, key -> new ProcessNames(null, options.namesPerProcess()));
    }

    /** Nothing ends the thread before the session is closed, not even a lack of memory. */
    private void work() {
        boolean more = true;
        while (more) {
            try {
                more = workOnce();
            } catch (Throwable e) {
                namesDropped.incrementAndGet();
            }
            Thread.interrupted();
        }
    }

    /** Handles one event, in its own stack frame so that no reference to its image remains while the thread waits. */
    private boolean workOnce() {
        Runnable event = inbox.take();
        if (event == null) {
            return false;
        }
        try {
            sources.guard(this, event);
        } finally {
            inbox.handled();
        }
        return true;
    }

    private void readHosts(ProcessNames names, ProcessImage image) {
        HostsFile file = sources.hosts(image);
        if (file != null) {
            names.hosts(file);
        }
    }

    private void inspect(ProcessNames names, ProcessImage image) {
        readHosts(names, image);
        SourceSink sink = sources.inspect(image);
        for (Fact fact : sink.facts()) {
            count(names.told().add(fact.address(), fact.name()));
        }
        addCandidates(names, sink);
    }

    private void observe(ProcessNames names, HostEvent event) {
        SourceSink sink = sources.observe(event);
        boolean ofProgram = !(event instanceof HostEvent.DnsAnswer);
        for (Fact fact : sink.facts()) {
            count(names.asked().add(fact.address(), fact.name(), ofProgram)
                    & askedByAny.add(fact.address(), fact.name(), ofProgram));
        }
        addCandidates(names, sink);
    }

    private void addCandidates(ProcessNames names, SourceSink sink) {
        namesDropped.addAndGet(sink.dropped());
        if (!sink.candidates().isEmpty()) {
            namesDropped.addAndGet(names.addCandidates(sink.candidates()));
            if (names.wanted()) {
                resolve(names);
            }
        }
    }

    private void count(boolean kept) {
        if (!kept) {
            namesDropped.incrementAndGet();
        }
    }

    private void connect(ProcessNames process, InetAddress peer) {
        if (!process.asked().get(peer).isEmpty()) {
            return;
        }
        for (ProcessNames names = process; names != null; names = names.parent()) {
            names.want();
            resolve(names);
        }
    }

    private void resolve(ProcessNames names) {
        if (options.resolveCandidates()) {
            for (HostName candidate : names.candidates()) {
                if (!names.knowsAddressOf(candidate.name())) {
                    resolver.request(candidate);
                }
            }
        }
    }
}
