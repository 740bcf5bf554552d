package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.names.find.HostFinder;
import io.schedtrace.internal.names.find.Programs;
import io.schedtrace.internal.names.find.Programs.Program;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds host names in the arguments of a process. The origin is {@code cmdline}.
 *
 * <p>For any program it finds URLs, {@code host:port} and the values of options for hosts ({@code --host}, {@code
 * --bootstrap-servers=}). For about a hundred well-known programs it also finds hosts whose form does not show it
 * ({@code curl name/path}, {@code ssh user@name}, {@code psql -h name}).
 */
public final class CommandLineSource implements StaticSource {
    private static final Set<String> MULTI_CALL = Set.of("busybox", "toybox");

    /** Further arguments are ignored. */
    private static final int MAX_ARGUMENTS = 8_192;

    /** Creates the source. It has no state. */
    public CommandLineSource() {}

    @Override
    public String origin() {
        return "cmdline";
    }

    @Override
    public void inspect(ProcessImage image, HostSink sink) {
        List<String> arguments = image.arguments();
        if (arguments.size() < 2) {
            return;
        }
        String name = baseName(arguments.get(0));
        List<String> rest = arguments.subList(1, Math.min(arguments.size(), MAX_ARGUMENTS));
        if (MULTI_CALL.contains(name)) {
            name = rest.get(0);
            rest = rest.subList(1, rest.size());
        }
        new HostFinder(sink).inArguments(program(name, image.exe()), rest);
    }

    private static @Nullable Program program(String name, String exe) {
        Program program = Programs.named(name);
        return program != null ? program : Programs.named(baseName(exe));
    }

    private static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
