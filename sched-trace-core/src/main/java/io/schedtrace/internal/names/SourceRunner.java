package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs the sources of a session. They are foreign code: the first exception of each class of source is logged. */
final class SourceRunner {
    private final List<StaticSource> staticSources;
    private final List<DynamicSource> dynamicSources;
    private final int limit;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /** @param limit the most candidates, and the most facts, of one call */
    SourceRunner(
            Collection<? extends StaticSource> staticSources,
            Collection<? extends DynamicSource> dynamicSources,
            int limit) {
        this.staticSources = List.copyOf(staticSources);
        this.dynamicSources = List.copyOf(dynamicSources);
        this.limit = limit;
    }

    /** Returns what the static sources report, except {@link HostsFileSource}. */
    SourceSink inspect(ProcessImage image) {
        SourceSink sink = new SourceSink(limit);
        for (StaticSource source : staticSources) {
            if (!(source instanceof HostsFileSource)) {
                guard(source, () -> {
                    sink.open(source.origin());
                    source.inspect(image, sink);
                });
                sink.close();
            }
        }
        return sink;
    }

    /** Returns the hosts file that the process sees, shared by all that see it; null if none is known. */
    @Nullable
    HostsFile hosts(ProcessImage image) {
        for (StaticSource source : staticSources) {
            HostsFile file = source instanceof HostsFileSource hosts ? hosts.file(image) : null;
            if (file != null) {
                return file;
            }
        }
        return null;
    }

    /** Returns what the dynamic sources report. */
    SourceSink observe(HostEvent event) {
        SourceSink sink = new SourceSink(limit);
        for (DynamicSource source : dynamicSources) {
            guard(source, () -> {
                sink.open(source.origin());
                source.observe(event, sink);
            });
            sink.close();
        }
        return sink;
    }

    /** Runs {@code action} on behalf of {@code source}; logs what it throws, once for each class of source. */
    void guard(Object source, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            String name = source.getClass().getName();
            if (failed.add(name)) {
                SourceLog.failed(name, e);
            }
        }
    }
}
