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

/** Asks the sources of a session. They are foreign code: what they throw is logged once for each, and goes no further. */
final class SourceRunner {
    private final List<StaticSource> staticSources;
    private final List<DynamicSource> dynamicSources;
    private final int limit;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /** @param limit how many candidates, and how many facts, count of one call */
    SourceRunner(
            Collection<? extends StaticSource> staticSources,
            Collection<? extends DynamicSource> dynamicSources,
            int limit) {
        this.staticSources = List.copyOf(staticSources);
        this.dynamicSources = List.copyOf(dynamicSources);
        this.limit = limit;
    }

    /** What the static sources tell, hosts files excepted. */
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

    /** The hosts file that the process sees, shared by all that see it; null if none is known. */
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

    /** What the dynamic sources tell. */
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

    /** Runs {@code question} for {@code asked}. */
    void guard(Object asked, Runnable question) {
        try {
            question.run();
        } catch (Throwable e) {
            String name = asked.getClass().getName();
            if (failed.add(name)) {
                SourceLog.failed(name, e);
            }
        }
    }
}
