package it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import net.jqwik.api.Example;

class JqwikTest {
    @Example
    void leaks() throws Exception {
        new ProcessBuilder("sleep", "5").start();
    }

    @Example
    void connects() throws Exception {
        connect();
    }

    @Example
    void harmless() throws Exception {
        new ProcessBuilder("true").start().waitFor();
    }

    private static void connect() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        } catch (IOException e) {
            // Nobody listens there.
        }
    }
}
