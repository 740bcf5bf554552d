package io.schedtrace.hosts;

import java.time.Duration;
import java.util.function.Consumer;

/** What name resolution of a session may do, and how much of it. Immutable; each {@code with} method makes a copy. */
public final class HostOptions {
    private static final HostOptions DEFAULTS = new HostOptions();

    private boolean resolveCandidates = true;
    private HostLookup lookup = HostLookup.system();
    private int namesPerProcess = 256;
    private int namesPerSession = 8_192;
    private int parallelLookups = 4;
    private Duration lookupTimeout = Duration.ofSeconds(5);
    private Duration cacheExpiry = Duration.ofMinutes(1);
    private Duration negativeCacheExpiry = Duration.ofSeconds(10);
    private int queueCapacity = 16_384;

    private HostOptions() {}

    /** The defaults, as the methods of this class state them. */
    public static HostOptions defaults() {
        return DEFAULTS;
    }

    /** Whether names whose address is not known are looked up at all. True by default. */
    public boolean resolveCandidates() {
        return resolveCandidates;
    }

    /** How they are looked up; {@link HostLookup#system()} by default. */
    public HostLookup lookup() {
        return lookup;
    }

    /**
     * How many candidates, and how many addresses with names, are kept of one process; 256 by default. Of candidates
     * the first stay, of addresses the last.
     */
    public int namesPerProcess() {
        return namesPerProcess;
    }

    /** How many different names a session looks up, and how many addresses it keeps names of; 8,192 by default. */
    public int namesPerSession() {
        return namesPerSession;
    }

    /** How many lookups run at the same time, those that were given up not counted; 4 by default. */
    public int parallelLookups() {
        return parallelLookups;
    }

    /** After what time a lookup counts as failed; 5 s by default. */
    public Duration lookupTimeout() {
        return lookupTimeout;
    }

    /** After what time a name is looked up again if a process that knows it connects; 1 min by default. */
    public Duration cacheExpiry() {
        return cacheExpiry;
    }

    /** The same for a name that had no address; 10 s by default. */
    public Duration negativeCacheExpiry() {
        return negativeCacheExpiry;
    }

    /** How many events wait for the resolver thread before further ones are dropped and counted; 16,384 by default. */
    public int queueCapacity() {
        return queueCapacity;
    }

    /** A copy with that {@link #resolveCandidates()}. */
    public HostOptions withResolveCandidates(boolean value) {
        return copy(options -> options.resolveCandidates = value);
    }

    /** A copy with that {@link #lookup()}. */
    public HostOptions withLookup(HostLookup value) {
        return copy(options -> options.lookup = value);
    }

    /**
     * A copy with that {@link #namesPerProcess()}.
     *
     * @throws IllegalArgumentException if {@code value} is less than 1
     */
    public HostOptions withNamesPerProcess(int value) {
        return copy(options -> options.namesPerProcess = positive("namesPerProcess", value));
    }

    /**
     * A copy with that {@link #namesPerSession()}.
     *
     * @throws IllegalArgumentException if {@code value} is less than 1
     */
    public HostOptions withNamesPerSession(int value) {
        return copy(options -> options.namesPerSession = positive("namesPerSession", value));
    }

    /**
     * A copy with that {@link #parallelLookups()}.
     *
     * @throws IllegalArgumentException if {@code value} is less than 1
     */
    public HostOptions withParallelLookups(int value) {
        return copy(options -> options.parallelLookups = positive("parallelLookups", value));
    }

    /**
     * A copy with that {@link #lookupTimeout()}.
     *
     * @throws IllegalArgumentException if {@code value} is not positive
     */
    public HostOptions withLookupTimeout(Duration value) {
        return copy(options -> options.lookupTimeout = positive("lookupTimeout", value));
    }

    /**
     * A copy with that {@link #cacheExpiry()}.
     *
     * @throws IllegalArgumentException if {@code value} is not positive
     */
    public HostOptions withCacheExpiry(Duration value) {
        return copy(options -> options.cacheExpiry = positive("cacheExpiry", value));
    }

    /**
     * A copy with that {@link #negativeCacheExpiry()}.
     *
     * @throws IllegalArgumentException if {@code value} is not positive
     */
    public HostOptions withNegativeCacheExpiry(Duration value) {
        return copy(options -> options.negativeCacheExpiry = positive("negativeCacheExpiry", value));
    }

    /**
     * A copy with that {@link #queueCapacity()}.
     *
     * @throws IllegalArgumentException if {@code value} is less than 1
     */
    public HostOptions withQueueCapacity(int value) {
        return copy(options -> options.queueCapacity = positive("queueCapacity", value));
    }

    private HostOptions copy(Consumer<HostOptions> change) {
        HostOptions copy = new HostOptions();
        copy.resolveCandidates = resolveCandidates;
        copy.lookup = lookup;
        copy.namesPerProcess = namesPerProcess;
        copy.namesPerSession = namesPerSession;
        copy.parallelLookups = parallelLookups;
        copy.lookupTimeout = lookupTimeout;
        copy.cacheExpiry = cacheExpiry;
        copy.negativeCacheExpiry = negativeCacheExpiry;
        copy.queueCapacity = queueCapacity;
        change.accept(copy);
        return copy;
    }

    private static int positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, is " + value);
        }
        return value;
    }

    private static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be positive, is " + value);
        }
        return value;
    }
}
