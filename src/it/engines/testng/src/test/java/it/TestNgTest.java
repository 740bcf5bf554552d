package it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class TestNgTest {
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

    @BeforeMethod
    public void connectsBefore() {
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
