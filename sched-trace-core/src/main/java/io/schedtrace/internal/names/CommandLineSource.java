package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.names.find.Arguments;
import io.schedtrace.internal.names.find.Programs;
import io.schedtrace.internal.names.find.Programs.Program;
import io.schedtrace.internal.names.find.Settings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names in the arguments of a process, origin {@code cmdline}: URLs, {@code host:port} and values of options for hosts
 * ({@code --host}, {@code --bootstrap-servers=}, ...) of any program; for some dozens of well-known programs also what
 * only they take for a host ({@code curl name/path}, {@code ssh user@name}, {@code psql -h name}).
 */
public final class CommandLineSource implements StaticSource {
    private static final Set<String> MULTI_CALL = Set.of("busybox", "toybox");

    /** Further ones are not looked at. */
    private static final int MAX_ARGUMENTS = 8_192;

    /** Makes the source; it has no state. */
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
        Program program = program(name, image.exe());
        Arguments hosts = new Arguments(new Settings(sink));
        if (program == null) {
            hosts.generic(rest);
        } else {
            hosts.of(program, rest);
        }
    }

    private static @Nullable Program program(String name, String exe) {
        Program program = Programs.named(name);
        return program != null ? program : Programs.named(baseName(exe));
    }

    private static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
