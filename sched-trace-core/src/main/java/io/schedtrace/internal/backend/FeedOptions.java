package io.schedtrace.internal.backend;

/**
 * What a session wants of its feed.
 *
 * @param ringBytes the size of the buffer between producer and reader; {@link #ANY_SIZE} for whatever is there
 * @param dns whether DNS answers are reported
 * @param getaddrinfo whether results of getaddrinfo(3) are reported
 */
public record FeedOptions(int ringBytes, boolean dns, boolean getaddrinfo) {
    /** No size is asked for. */
    public static final int ANY_SIZE = 0;
}
