package io.schedtrace.hosts;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The sources that a session has unless it is told otherwise. */
public final class HostSources {
    private static final int MAX_FAILURES = 64;

    private HostSources() {}

    /**
     * New static sources: {@link CommandLineSource}, {@link EnvironmentSource}, {@link HostsFileSource}, then those that
     * {@link ServiceLoader} finds. A provider that cannot be loaded is logged and left out.
     */
    public static List<StaticSource> staticSources() {
        List<StaticSource> sources = new ArrayList<>();
        sources.add(new CommandLineSource());
        sources.add(new EnvironmentSource());
        sources.add(new HostsFileSource());
        Iterator<ServiceLoader.Provider<StaticSource>> providers =
                ServiceLoader.load(StaticSource.class).stream().iterator();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                sources.add(providers.next().get());
            } catch (ServiceConfigurationError e) {
                failures++;
                SourceLog.failed("provider of StaticSource", e);
            }
        }
        return List.copyOf(sources);
    }

    /** New dynamic sources: {@link DnsSource}, {@link GetAddrInfoSource}. */
    public static List<DynamicSource> dynamicSources() {
        return List.of(new DnsSource(), new GetAddrInfoSource());
    }
}
