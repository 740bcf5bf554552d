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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The names of addresses in one tracing session.
 *
 * <p>It receives the events of processes and runs the sources on its own daemon thread. When a process connects, it
 * looks up the candidates of that process and of its ancestors on a few further threads. Processes are identified by
 * the numbers that the kernel side assigns and never reuses; 0 is this JVM. The names of a process are kept for the
 * last 16,384 processes that have ended, and as long as its descendants are kept.
 *
 * <p>All methods are thread-safe. All except {@link #awaitSettled} return at once, and none throws because of a source
 * or a lookup. A {@link ProcessImage} is released as soon as the sources have inspected it.
 */
public final class HostNames implements AutoCloseable {
    private static final Duration LONGEST_BETWEEN_REQUESTS = Duration.ofSeconds(1);

    private final HostOptions options;
    private final SourceRunner sources;
    private final KnownProcesses processes;
    private final AtomicLong namesDropped = new AtomicLong();
    private final AddressNames askedByAny;
    private final AddressNames resolvedForAny;
    private final CandidateResolver resolver;
    private final EventThread events;
    private final long nanosBetweenRequests;

    /** Whether this JVM is traced. */
    private boolean selfEntered;

    /** Whether the sources get to see this JVM: its hosts file, and its image if it is traced. */
    private volatile boolean selfRead;

    private boolean selfInspected;

    private HostNames(
            HostOptions options,
            Collection<? extends StaticSource> staticSources,
            Collection<? extends DynamicSource> dynamicSources,
            ThreadFactory threads) {
        this.options = options;
        this.processes = new KnownProcesses(options.namesPerProcess());
        this.sources = new SourceRunner(staticSources, dynamicSources, options.namesPerProcess());
        this.nanosBetweenRequests = timeBetweenRequests(options).toNanos();
        this.askedByAny = new AddressNames(options.namesPerSession());
        this.resolvedForAny = new AddressNames(options.namesPerSession());
        this.resolver = new CandidateResolver(options, resolvedForAny, threads);
        this.events = new EventThread(options.queueCapacity(), threads, sources);
    }

    /** Returns the shortest time between two requests for the candidates of one process. */
    private static Duration timeBetweenRequests(HostOptions options) {
        return Collections.min(List.of(LONGEST_BETWEEN_REQUESTS, options.cacheExpiry(), options.negativeCacheExpiry()));
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
        return new HostNames(options, staticSources, dynamicSources, threads);
    }

    /** Records that {@code parent} forked {@code process}, which inherits its names, present and future. */
    public void forked(long process, long parent) {
        processes.forked(process, parent);
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
                if (!selfRead && events.begin()) {
                    readSelf();
                    selfRead = true;
                }
            }
        }
    }

    private void readSelf() {
        ProcessNames self = processes.get(KnownProcesses.SELF);
        if (selfEntered) {
            selfInspected = true;
            events.offer(() -> inspect(self, OwnImage.get()));
        } else {
            events.offer(() -> readHosts(self, OwnImage.get()));
        }
    }

    /** Records an exec of {@code process}. The image is made on the thread of the sources. */
    public void executed(long process, Supplier<ProcessImage> image) {
        ProcessNames names = processes.get(process);
        events.offer(() -> inspect(names, image.get()));
    }

    /** Records an event of {@code process} for the dynamic sources. */
    public void observed(long process, HostEvent event) {
        ProcessNames names = processes.get(process);
        events.offer(() -> observe(names, event));
    }

    /** Records that {@code process} has ended. Its names are kept for a while. */
    public void ended(long process) {
        processes.ended(process);
    }

    /**
     * Records that {@code process} has connected. Its candidates and those of its ancestors are looked up, unless it
     * has itself asked for a name of {@code peer}. Candidates whose address is already known are not looked up.
     */
    public void connecting(long process, InetAddress peer) {
        wantNames();
        ProcessNames names = processes.get(process);
        if (names.connects(System.nanoTime(), nanosBetweenRequests)) {
            events.offer(() -> connect(names, peer));
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
        ProcessNames own = processes.find(process);
        FoundNames found = new FoundNames();
        for (ProcessNames names = own; names != null; names = names.parent()) {
            found.addAll(names.asked().get(address));
            found.addAll(names.told().get(address));
            found.addAll(names.usedHosts(address));
            for (HostName candidate : names.candidates()) {
                if (resolver.addresses(candidate.name()).contains(address)) {
                    found.add(candidate);
                }
            }
        }
        found.addAll(askedByAny.get(address));
        found.addAll(resolvedForAny.get(address));
        HostsFile hosts = found.isEmpty() && own != null ? own.hosts() : null;
        if (hosts != null) {
            hosts.names(address).forEach(name -> found.add(new HostName(name, HostsFileSource.ORIGIN)));
        }
        return found.toList();
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
        if (!events.awaitHandled(nanos)) {
            return false;
        }
        Set<String> candidates = new HashSet<>();
        for (long process : of) {
            for (ProcessNames names = processes.find(process); names != null; names = names.parent()) {
                names.candidates().forEach(candidate -> candidates.add(candidate.name()));
            }
        }
        return resolver.awaitDone(candidates, Inbox.deadline(nanos));
    }

    /** Returns a number that grows whenever {@link #names} may have another answer than before. */
    public long changes() {
        return events.handledSoFar() + resolver.settled();
    }

    /** Returns the current counts. */
    public HostCounts counts() {
        return resolver.counts(events.dropped(), namesDropped.get() + events.failed());
    }

    /**
     * Closes the session at once. Pending events and lookups are dropped; running lookups are interrupted and not
     * waited for. Names that are known remain available. Closing twice has no effect.
     */
    @Override
    public void close() {
        events.close();
        resolver.close();
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
