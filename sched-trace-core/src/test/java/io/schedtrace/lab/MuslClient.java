package io.schedtrace.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A static program with musl's resolver: connects to the host and port of its arguments. */
public final class MuslClient {
    private static final String SOURCE = """
            #include <netdb.h>
            #include <sys/socket.h>
            #include <unistd.h>
            int main(int argc, char **argv)
            {
                struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *one;
                if (argc < 3 || getaddrinfo(argv[1], argv[2], &hints, &all))
                    return 1;
                for (one = all; one; one = one->ai_next) {
                    int fd = socket(one->ai_family, SOCK_STREAM, 0);
                    if (!connect(fd, one->ai_addr, one->ai_addrlen))
                        return close(fd);
                    close(fd);
                }
                return 2;
            }
            """;

    private MuslClient() {}

    public static Path compile(Path directory) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("client.c"), SOURCE);
        Path program = directory.resolve("client");
        int code = new ProcessBuilder("musl-gcc", "-static", "-o", program.toString(), source.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("musl-gcc: exit status " + code);
        }
        return program;
    }
}
