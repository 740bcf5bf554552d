package io.schedtrace.internal.names;

/**
 * What name resolution of a session has done, and what it could not do. Each number only grows.
 *
 * @param eventsDropped calls of {@link HostNames} that found its queue full
 * @param namesDropped names beyond the limits per process and per session
 * @param lookups lookups that were started
 * @param lookupsFailed of these, those that ended without an address
 * @param lookupsTimedOut of these, those that took too long
 * @param lookupsRefused lookups that were not started, since too many threads hang in lookups that were given up
 */
public record HostCounts(
        long eventsDropped,
        long namesDropped,
        long lookups,
        long lookupsFailed,
        long lookupsTimedOut,
        long lookupsRefused) {}
