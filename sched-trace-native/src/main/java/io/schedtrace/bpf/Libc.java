package io.schedtrace.bpf;

import java.util.HashMap;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.types.pid_t;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the C library that no session needs. This is the only user of jnr-ffi, which takes some 100 ms to load and
 * which may fail to load where the JNI shim does not. What a session needs is in {@link Processes}.
 */
public final class Libc {
    private Libc() {}

    /** The functions that jnr-ffi binds; public, because it implements them in another module. */
    public interface Functions {
        /** kill(2). */
        int kill(@pid_t long pid, int signal);
    }

    /**
     * Sends a signal: kill(2).
     *
     * @return whether it was sent
     * @throws LinkageError if jnr-ffi cannot be loaded
     */
    public static boolean kill(long pid, int signal) {
        return Binding.LIBC.kill(pid, signal) == 0;
    }

    private static final class Binding {
        static final Functions LIBC = load();

        /**
         * Loads jnr-ffi. Its own library, jffi, is unpacked into a private directory, unless other code of this JVM has
         * loaded it before. On its own jffi uses the temporary or the current directory, and checks neither.
         */
        private static Functions load() {
            try (PrivateDirectory directory = PrivateDirectory.create()) {
                String path = directory.path().toString();
                Map<String, @Nullable String> before = new HashMap<>();
                before.put("jffi.extract.dir", set("jffi.extract.dir", path));
                before.put("jffi.extract.name", set("jffi.extract.name", null));
                before.put("java.library.path", set("java.library.path", path));
                try {
                    return LibraryLoader.create(Functions.class).load("c");
                } finally {
                    before.forEach(Binding::set);
                }
            }
        }

        private static @Nullable String set(String property, @Nullable String value) {
            return value == null ? System.clearProperty(property) : System.setProperty(property, value);
        }
    }
}
