package it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class JupiterTest {
    @Test
    void leaks() throws Exception {
        new ProcessBuilder("sleep", "5").start();
    }

    @Test
    void connects() throws Exception {
        connect();
    }

    @Test
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
