package io.schedtrace.junit;

import com.sun.net.httpserver.HttpServer;
import io.schedtrace.lab.DaemonThreads;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.http.HttpClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What earlier tests have made and others use, as a cached application server or a static pool is. */
final class Older {
    static ExecutorService traced;
    static ExecutorService untraced;
    static HttpClient client;
    private static HttpServer server;

    private Older() {}

    /** Called by a traced test. */
    static void makeByTraced() throws Exception {
        traced = pool();
        client = HttpClient.newBuilder().executor(traced).build();
        Way.get(client, 0);
    }

    /** Called by an untraced test. */
    static void makeByUntraced() throws Exception {
        untraced = pool();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(untraced);
        server.createContext("/", exchange -> {
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            Deed.valueOf(path[1]).here(Integer.parseInt(path[2]));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    private static ExecutorService pool() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2, DaemonThreads.FACTORY);
        pool.submit(() -> {}).get();
        pool.submit(() -> {}).get();
        return pool;
    }

    static void askServer(Deed deed, int number) throws Exception {
        URL url = new URL("http://127.0.0.1:" + server.getAddress().getPort() + "/" + deed + "/" + number);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        if (connection.getResponseCode() != 204) {
            throw new AssertionError(connection.getResponseMessage());
        }
        connection.disconnect();
    }

    static void end() {
        server.stop(0);
        traced.shutdownNow();
        untraced.shutdownNow();
    }
}
