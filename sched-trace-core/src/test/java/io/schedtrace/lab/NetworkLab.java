package io.schedtrace.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Network namespaces of this test alone, with links between them. They are gone when it is closed. */
public final class NetworkLab {
    private final String prefix = "st" + ProcessHandle.current().pid() + '-';
    private final List<String> namespaces = new ArrayList<>();

    /** Makes none yet; skips the test where the user may not make any, unless kernel tests are required. */
    public static NetworkLab open() throws IOException, InterruptedException {
        NetworkLab lab = new NetworkLab();
        try {
            lab.add("probe");
        } catch (IOException e) {
            if ("1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
                throw e;
            }
            Assumptions.abort("no network namespace: " + e.getMessage());
        }
        return lab;
    }

    /** Makes a namespace with a loopback. */
    public void add(String name) throws IOException, InterruptedException {
        run("ip", "netns", "add", prefix + name);
        namespaces.add(name);
        in(name, "ip link set lo up");
    }

    /** Links two namespaces by a pair of devices named like the other side. */
    public void link(String one, String oneAddress, String other, String otherAddress)
            throws IOException, InterruptedException {
        run(
                "ip",
                "link",
                "add",
                other,
                "netns",
                prefix + one,
                "type",
                "veth",
                "peer",
                "name",
                one,
                "netns",
                prefix + other);
        in(one, "ip addr add " + oneAddress + " dev " + other + " nodad");
        in(other, "ip addr add " + otherAddress + " dev " + one + " nodad");
        in(one, "ip link set " + other + " up");
        in(other, "ip link set " + one + " up");
    }

    /** Runs a shell command in a namespace. */
    public void in(String name, String command) throws IOException, InterruptedException {
        run(wrap(name, "sh", "-ec", command).toArray(String[]::new));
    }

    /** Drops what an nftables match names when it arrives. */
    public void drop(String name, String match) throws IOException, InterruptedException {
        in(
                name,
                "nft add table inet t; nft add chain inet t in '{ type filter hook input priority 0; }';"
                        + " nft add rule inet t in '" + match + " counter drop'");
    }

    /** How many packets have been dropped. */
    public int dropped(String name) throws IOException, InterruptedException {
        String rules = run(wrap(name, "nft", "list", "chain", "inet", "t", "in").toArray(String[]::new));
        Matcher counter = Pattern.compile("counter packets (\\d+)").matcher(rules);
        if (!counter.find()) {
            throw new IOException(rules);
        }
        return Integer.parseInt(counter.group(1));
    }

    /** The command line that runs {@code command} in a namespace. */
    public List<String> wrap(String name, String... command) {
        return wrap(name, Arrays.asList(command));
    }

    /** The command line that runs {@code command} in a namespace. */
    public List<String> wrap(String name, List<String> command) {
        List<String> wrapped = new ArrayList<>(List.of("ip", "netns", "exec", prefix + name));
        wrapped.addAll(command);
        return wrapped;
    }

    /** The full name of a namespace, for {@code ip netns}. */
    public String name(String name) {
        return prefix + name;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    public void close() throws IOException, InterruptedException {
        for (String name : namespaces) {
            run("ip", "netns", "del", prefix + name);
        }
    }
}
