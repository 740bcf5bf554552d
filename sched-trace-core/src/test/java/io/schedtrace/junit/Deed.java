package io.schedtrace.junit;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a guard of {@link MatrixTests.Guarded} forbids. A number tells the deeds of one test apart. */
enum Deed {
    /** A process that runs on. It ends half a minute later. */
    LEAK {
        @Override
        String commandLine(int number) {
            return String.format(Locale.ROOT, "sleep 30.%03d", number);
        }

        @Override
        Pattern mark(int number) {
            return Pattern.compile(String.format(Locale.ROOT, "\\bsleep 30\\.%03d\\b", number));
        }
    },
    /** A connection, which is refused. */
    CONNECTION {
        @Override
        String commandLine(int number) {
            return "exec 3<>/dev/tcp/127.0.0.1/" + port(number);
        }

        @Override
        void here(int number) throws IOException {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(number)));
                throw new IOException("port " + port(number) + " is in use");
            } catch (ConnectException e) {
                return;
            }
        }

        @Override
        Pattern mark(int number) {
            return Pattern.compile(":" + port(number) + "\\b");
        }
    },
    /** A program that must not run. It ends before it counts as left behind. */
    PROGRAM {
        @Override
        String commandLine(int number) {
            return String.format(Locale.ROOT, "perl -e select+undef,undef,undef,.2 %03d", number);
        }

        @Override
        Pattern mark(int number) {
            return Pattern.compile(String.format(Locale.ROOT, "\\bperl -e .*undef,\\.2.* %03d\\b", number));
        }
    };

    /** What a shell runs to do it. */
    abstract String commandLine(int number);

    /** What a message about it contains. */
    abstract Pattern mark(int number);

    /** A process that does it. */
    List<String> command(int number) {
        return this == CONNECTION
                ? List.of("bash", "-c", commandLine(number))
                : List.of(commandLine(number).split(" ", -1));
    }

    /** Does it on this thread. */
    void here(int number) throws IOException {
        new ProcessBuilder(command(number))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    static int port(int number) {
        return 100 + number;
    }
}
