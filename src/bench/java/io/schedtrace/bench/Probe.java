package io.schedtrace.bench;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Unloads the probe, which the product keeps in the kernel for the life of the JVM: untraced shall mean without it. */
final class Probe {
    private Probe() {}

    /** Work whose time is returned. */
    interface Work {
        double run() throws IOException, InterruptedException;
    }

    static double loaded(Work work) throws IOException, InterruptedException {
        try {
            return work.run();
        } finally {
            unload();
        }
    }

    static void unload() throws IOException {
        try {
            Class<?> type = Class.forName("io.schedtrace.internal.backend.bpf.SharedProbe");
            Field field = type.getDeclaredField("current");
            field.setAccessible(true);
            Object probe = field.get(null);
            if (probe != null) {
                Method unload = type.getDeclaredMethod("unload", int.class);
                unload.setAccessible(true);
                unload.invoke(probe, 0);
            }
        } catch (ReflectiveOperationException e) {
            throw new IOException("the probe cannot be unloaded", e);
        }
    }
}
