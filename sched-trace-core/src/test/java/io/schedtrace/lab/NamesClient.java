package io.schedtrace.lab;

import java.net.InetAddress;
import java.net.Socket;

/** A program that connects to a name. */
public final class NamesClient {
    private NamesClient() {}

    /** Takes a host and a port. */
    public static void main(String[] args) throws Exception {
        try (Socket socket = new Socket(InetAddress.getByName(args[0]), Integer.parseInt(args[1]))) {
            socket.getOutputStream().write('x');
        }
    }
}
