package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the hosts file that a process sees: {@code /etc/hosts} in its mount namespace and root directory. The origin is
 * {@code hosts}. Its entries are facts.
 *
 * <p>A file is read once for all processes that see it, and again when its time or size has changed. Only the first MiB
 * and the first 16,384 entries are read. A symbolic link is followed only for processes that have the same root as this
 * JVM. The source finds nothing for a process that has ended or that this JVM may not inspect.
 */
public final class HostsFileSource implements StaticSource {
    static final String ORIGIN = "hosts";

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_FILES = 64;
    private static final Path OWN_MOUNTS = Path.of("/proc/self/ns/mnt");

    private final Function<ProcessImage, Path> root;
    private final Map<Version, HostsFile> files = new LinkedHashMap<>();

    /** A version of a file: device and inode, time, size. */
    private record Version(Object file, FileTime modified, long size) {}

    /** Creates the source with an empty cache. */
    public HostsFileSource() {
        this(image -> image.proc().resolve("root"));
    }

    HostsFileSource(Function<ProcessImage, Path> root) {
        this.root = root;
    }

    @Override
    public String origin() {
        return ORIGIN;
    }

    @Override
    public void inspect(ProcessImage image, HostSink sink) {
        HostsFile file = file(image);
        if (file != null) {
            file.report(sink);
        }
    }

    /** Returns the file that the process sees, the same object for the same file; null if it cannot be read. */
    @Nullable
    HostsFile file(ProcessImage image) {
        try {
            Path path = root.apply(image).resolve("etc/hosts");
            BasicFileAttributes attributes = attributes(path, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink() && seesOurRoot(image)) {
                attributes = attributes(path);
            }
            return attributes.isRegularFile() ? read(path, attributes) : null;
        } catch (IOException | SecurityException e) {
            return null;
        }
    }

    private synchronized HostsFile read(Path path, BasicFileAttributes attributes) throws IOException {
        Object file = attributes.fileKey() == null ? path : attributes.fileKey();
        Version version = new Version(file, attributes.lastModifiedTime(), attributes.size());
        HostsFile known = files.get(version);
        if (known == null) {
            known = parse(path);
            files.keySet().removeIf(old -> old.file().equals(version.file()));
            if (files.size() >= MAX_FILES) {
                files.remove(files.keySet().iterator().next());
            }
            files.put(version, known);
        }
        return known;
    }

    private static HostsFile parse(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return HostsFile.parse(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        }
    }

    private static BasicFileAttributes attributes(Path path, LinkOption... options) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, options);
    }

    private static boolean seesOurRoot(ProcessImage image) throws IOException {
        Path theirs = Files.readSymbolicLink(image.proc().resolve("ns/mnt"));
        return theirs.equals(Files.readSymbolicLink(OWN_MOUNTS))
                && Files.readSymbolicLink(image.proc().resolve("root")).equals(Path.of("/"));
    }
}
