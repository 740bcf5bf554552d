package it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.BeforeClass;
import org.junit.Test;

public class VintageTest {
    @Test
    public void leaks() throws Exception {
        new ProcessBuilder("sleep", "5").start();
    }

    @Test
    public void connects() throws Exception {
        connect();
    }

    @Test
    public void harmless() throws Exception {
        new ProcessBuilder("true").start().waitFor();
    }

    @BeforeClass
    public static void connectsInTheClass() {
        connect();
    }

    private static void connect() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        } catch (IOException e) {
            // Nobody listens there.
        }
    }
}
