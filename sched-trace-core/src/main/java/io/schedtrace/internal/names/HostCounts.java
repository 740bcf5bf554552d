package io.schedtrace.internal.names;

/**
 * Counts of the name resolution of a session. They never decrease.
 *
 * @param eventsDropped events that {@link HostNames} dropped because its queue was full
 * @param namesDropped names dropped because of the limits per process and per session
 * @param lookups lookups that were started
 * @param lookupsFailed lookups among these that found no address
 * @param lookupsTimedOut failed lookups that timed out
 * @param lookupsRefused lookups not started because too many threads are stuck in earlier ones
 */
public record HostCounts(
        long eventsDropped,
        long namesDropped,
        long lookups,
        long lookupsFailed,
        long lookupsTimedOut,
        long lookupsRefused) {}
