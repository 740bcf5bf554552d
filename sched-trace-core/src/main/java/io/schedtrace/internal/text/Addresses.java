package io.schedtrace.internal.text;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * IP addresses in their canonical text: dotted IPv4, and IPv6 as in RFC 5952. A link-local address is followed by its
 * zone if that is known, as in RFC 4007: {@code fe80::1%eth0}, or {@code fe80::1%2} if the interface has no known name.
 */
public final class Addresses {
    private static final int GROUPS = 8;
    private static final int IPV4_BYTES = 4;
    private static final int MAPPED_PREFIX = 12;
    private static final String ZONE = "%";
    /** The name of an interface has at most 15 bytes; others than these are not shown. */
    private static final Pattern ZONES = Pattern.compile("(%[\\p{Graph}&&[^/%]]{1,15})?");

    private static final Pattern INDEX = Pattern.compile("%[1-9][0-9]{0,8}");

    private Addresses() {}

    /** The address. */
    public static String format(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_BYTES) {
            return dotted(bytes, 0);
        }
        return isMapped(bytes) ? "::ffff:" + dotted(bytes, MAPPED_PREFIX) : groups(bytes) + zone(address);
    }

    private static String zone(InetAddress address) {
        if (!(address instanceof Inet6Address six) || !address.isLinkLocalAddress()) {
            return "";
        }
        NetworkInterface zone = six.getScopedInterface();
        if (zone != null) {
            return "%" + zone.getName();
        }
        return six.getScopeId() == 0 ? foreignZone(six) : "%" + six.getScopeId();
    }

    /** {@link #parse} keeps the name of an interface that this machine may not have as the host name of the address. */
    private static String foreignZone(Inet6Address address) {
        String text = address.toString();
        return text.startsWith(ZONE) ? text.substring(0, text.indexOf('/')) : "";
    }

    /**
     * Returns the address that {@link #format} writes so, with its zone.
     *
     * @throws IllegalArgumentException if it writes no address so
     */
    public static InetAddress parse(String text) {
        int percent = text.indexOf(ZONE);
        String plain = percent < 0 ? text : text.substring(0, percent);
        InetAddress address = HostText.address(plain);
        String zone = text.substring(plain.length());
        if (address == null || !ZONES.matcher(zone).matches() || (!zone.isEmpty() && plain.indexOf(':') < 0)) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IP address");
        }
        try {
            if (plain.indexOf(':') < 0) {
                return address;
            }
            byte[] bytes = address instanceof Inet6Address ? address.getAddress() : mapped(address.getAddress());
            return INDEX.matcher(zone).matches()
                    ? Inet6Address.getByAddress(null, bytes, Integer.parseInt(zone.substring(1)))
                    : Inet6Address.getByAddress(zone.isEmpty() ? null : zone, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] mapped(byte[] ipv4) {
        byte[] bytes = new byte[2 * GROUPS];
        bytes[MAPPED_PREFIX - 2] = (byte) 0xff;
        bytes[MAPPED_PREFIX - 1] = (byte) 0xff;
        System.arraycopy(ipv4, 0, bytes, MAPPED_PREFIX, IPV4_BYTES);
        return bytes;
    }

    /** {@code 127.0.0.1:80} or {@code [::1]:80}. */
    public static String withPort(InetSocketAddress address) {
        String host = format(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static String dotted(byte[] bytes, int from) {
        StringBuilder out = new StringBuilder(15);
        for (int i = from; i < from + IPV4_BYTES; i++) {
            out.append(i == from ? "" : ".").append(bytes[i] & 0xff);
        }
        return out.toString();
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < MAPPED_PREFIX; i++) {
            if (bytes[i] != (i < MAPPED_PREFIX - 2 ? 0 : (byte) 0xff)) {
                return false;
            }
        }
        return true;
    }

    private static String groups(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int gap = longestZeroRun(groups);
        int gapEnd = gap + zeroRun(groups, gap);
        if (gapEnd - gap < 2) {
            return join(groups, 0, GROUPS);
        }
        return join(groups, 0, gap) + "::" + join(groups, gapEnd, GROUPS);
    }

    private static String join(int[] groups, int from, int to) {
        return Arrays.stream(groups, from, to).mapToObj(Integer::toHexString).collect(Collectors.joining(":"));
    }

    /** Where the first of the longest runs of zeros begins. */
    private static int longestZeroRun(int[] groups) {
        int best = 0;
        for (int i = 1; i < GROUPS; i++) {
            if (zeroRun(groups, i) > zeroRun(groups, best)) {
                best = i;
            }
        }
        return best;
    }

    private static int zeroRun(int[] groups, int from) {
        int end = from;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - from;
    }
}
