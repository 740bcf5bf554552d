package io.schedtrace.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Root as the owner of files. */
final class RootUser {
    private RootUser() {}

    /**
     * Whether root owns a file. In a user namespace that does not have root, as of {@code unshare -U}, its files seem
     * to belong to the same user as the root directory. Whoever owns that could replace all files anyway.
     */
    static boolean owns(Path file) throws IOException {
        int owner = owner(file);
        return owner == 0 || owner == owner(Path.of("/"));
    }

    private static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
