package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Feed;
import java.util.concurrent.ThreadFactory;

/**
 * Makes the threads of a session: daemons that belong to no feed, whatever thread makes them and whatever feed has the whole
 * JVM. A session must not trace its own lookups of names.
 */
final class OwnThreads implements ThreadFactory {
    private final Feed feed;

    OwnThreads(Feed feed) {
        this.feed = feed;
    }

    @Override
    public Thread newThread(Runnable body) {
        Thread thread = new Thread(
                null,
                () -> {
                    feed.exclude();
                    body.run();
                },
                "sched-trace",
                0,
                false);
        thread.setDaemon(true);
        return thread;
    }
}
