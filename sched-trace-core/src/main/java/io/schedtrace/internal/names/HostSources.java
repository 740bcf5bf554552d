package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.StaticSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The default sources of a session. */
public final class HostSources {
    private static final int MAX_FAILURES = 64;

    private HostSources() {}

    /**
     * Creates the static sources: {@link CommandLineSource}, {@link EnvironmentSource}, {@link HostsFileSource}, then
     * those that {@link ServiceLoader} finds. A provider that cannot be loaded is logged and skipped.
     */
    public static List<StaticSource> staticSources() {
        List<StaticSource> sources = new ArrayList<>();
        sources.add(new CommandLineSource());
        sources.add(new EnvironmentSource());
        sources.add(new HostsFileSource());
        addProviders(ServiceLoader.load(StaticSource.class), StaticSource.class, sources);
        return List.copyOf(sources);
    }

    /**
     * Creates the dynamic sources: {@link DnsSource}, {@link GetAddrInfoSource}, then those that {@link ServiceLoader}
     * finds. A provider that cannot be loaded is logged and skipped.
     */
    public static List<DynamicSource> dynamicSources() {
        List<DynamicSource> sources = new ArrayList<>();
        sources.add(new DnsSource());
        sources.add(new GetAddrInfoSource());
        addProviders(ServiceLoader.load(DynamicSource.class), DynamicSource.class, sources);
        return List.copyOf(sources);
    }

    private static <S> void addProviders(ServiceLoader<S> loader, Class<S> service, List<S> sources) {
        Iterator<ServiceLoader.Provider<S>> providers = loader.stream().iterator();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                sources.add(providers.next().get());
            } catch (ServiceConfigurationError e) {
                failures++;
                SourceLog.failed("provider of " + service.getSimpleName(), e);
            }
        }
    }
}
