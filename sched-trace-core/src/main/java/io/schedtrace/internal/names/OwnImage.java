package io.schedtrace.internal.names;

import io.schedtrace.hosts.ProcessImage;
import java.util.ArrayList;
import java.util.List;

/** Makes a {@link ProcessImage} of this JVM. */
final class OwnImage {
    private OwnImage() {}

    static ProcessImage get() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> arguments = new ArrayList<>(List.of("java"));
        arguments.addAll(List.of(info.arguments().orElse(new String[0])));
        List<String> environment = new ArrayList<>();
        System.getenv().forEach((name, value) -> environment.add(name + '=' + value));
        return new ProcessImage(ProcessHandle.current().pid(), info.command().orElse(""), arguments, environment);
    }
}
