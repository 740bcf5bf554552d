package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.StaticSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/** The default sources of a session. */
public final class HostSources {
    private static final int MAX_FAILURES = 64;

    /** The services of which a class loader has no provider: a search reads each entry of the class path. */
    private static final Map<ClassLoader, Set<Class<?>>> WITHOUT_PROVIDERS =
            Collections.synchronizedMap(new WeakHashMap<>());

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
        addProviders(StaticSource.class, sources);
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
        addProviders(DynamicSource.class, sources);
        return List.copyOf(sources);
    }

    private static <S> void addProviders(Class<S> service, List<S> sources) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Set<Class<?>> without = WITHOUT_PROVIDERS.computeIfAbsent(loader, key -> ConcurrentHashMap.newKeySet());
        if (!without.contains(service)) {
            int before = sources.size();
            addProviders(ServiceLoader.load(service, loader), service, sources);
            if (sources.size() == before) {
                without.add(service);
            }
        }
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
