package io.schedtrace.internal.names.find;

import io.schedtrace.hosts.HostSink;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds hosts that stand anywhere in a text, since their place is unmistakable: the authorities of URLs, {@code
 * /dev/tcp/host/port}, and the address forms of Oracle and MySQL drivers, of restic and of Java's debugger.
 */
final class TextHosts {
    /** Schemes with something else than a host after the slashes. */
    private static final Set<String> WITHOUT_HOST = Words.of("""
        file unix unixs s3 s3a s3n gs gcs az docker docker-image docker-daemon docker-pullable docker-archive
        containerd cri-o containers-storage oci-archive inproc ipc npipe fd mem memory mock sqlite
        sqlite3 duckdb h2 chrome chrome-extension moz-extension resource res classpath jar bundle
        bundleresource vscode vscode-remote vscode-file content app asset env secret secrets vault ssm awssm
        op spiffe k8s data about arn urn pkg null doctrine native sendmail
        sync in-memory flock semaphore docker-container podman-container nerdctl-container kube-pod
        ipfs ipns oss cos b2 hf phar php zip tar ref awskms gcpkms azurekms hashivault keychain keyring
        intent market tel
        """);

    /** Schemes whose URLs have one host; what follows a comma is another URL or no host. */
    private static final Set<String> WITH_ONE_HOST = Set.of("http", "https", "ftp", "ftps", "ws", "wss", "ssh", "git");

    /** gRPC's way: the host comes as the path. */
    private static final Set<String> HOST_AS_PATH = Set.of("dns", "passthrough");

    private static final Pattern DEV_TCP = Pattern.compile("/dev/(?:tcp|udp)/([^/\\s\"']{1,255})/[0-9]");
    private static final Pattern HOST_IN_PARENTHESES =
            Pattern.compile("\\(\\s{0,9}host\\s{0,9}=\\s{0,9}([^),\\s]{1,255})", Pattern.CASE_INSENSITIVE);
    private static final Pattern TCP_CALL = Pattern.compile("(?:^|@)tcp[46]?\\(([^()\\s]{1,255})\\)");
    private static final Pattern ORACLE =
            Pattern.compile("(?:jdbc:oracle:[a-z0-9]{1,9}:[^@\\s]{0,255}@(?://)?|@//)([^:/?@,\\s()]{1,255})[:/](?!//)");

    /** Where PostgreSQL and SQL Server take the host from if it does not stand in the authority. */
    private static final Pattern HOST_AS_PARAMETER =
            Pattern.compile("[/?&;\\w=%.-]{0,255}[?&;](?:host|serverName)=([^&;\\s\"'#]{1,255})");

    /** What a JVM connects to or listens on for a debugger: {@code jdwp=transport=dt_socket,address=host:port}. */
    private static final Pattern DEBUGGER = Pattern.compile("(?:^(?:address=)?|[,=:]address=)([^,:=\\s]{1,255}):[0-9]");

    /** restic's {@code sftp:user@host:/path}; not {@code sftp:x:33:33} of a list of users. */
    private static final Pattern SFTP_REPOSITORY =
            Pattern.compile("^sftp:(?:[^\\s:/@]{1,64}@(?=[^:]{1,255}:[^0-9])|(?=[^:]{1,255}:/))([^\\s:/@]{1,255}):");

    /** restic's {@code s3:s3.example.com/bucket} and {@code s3:host:port/bucket}; not {@code s3:bucket/path}. */
    private static final Pattern S3_REPOSITORY =
            Pattern.compile("^s3:((?=s3[.-])[\\w-]{1,63}(?:\\.[\\w-]{1,63}){2,9}|[\\w.-]{1,253}(?=:[0-9]{1,5}/))[:/]");

    private static final int MAX_PASSWORD = 1_024;

    private final String text;
    private final HostSink sink;

    private TextHosts(String text, HostSink sink) {
        this.text = text;
        this.sink = sink;
    }

    /**
     * Tells {@code sink} the hosts in {@code text}.
     *
     * @return whether anything had the form that was looked for, with a host or not
     */
    static boolean scan(String text, HostSink sink) {
        TextHosts hosts = new TextHosts(text, sink);
        boolean found = hosts.urls();
        found |= text.contains("/dev/") && hosts.matches(DEV_TCP);
        if (text.indexOf('(') >= 0) {
            found |= hosts.matches(HOST_IN_PARENTHESES);
            found |= hosts.matches(TCP_CALL);
        }
        found |= text.indexOf('@') >= 0 && hosts.matches(ORACLE);
        found |= text.startsWith("sftp:") && hosts.matches(SFTP_REPOSITORY);
        found |= text.startsWith("s3:") && hosts.matches(S3_REPOSITORY);
        boolean debugger = text.contains("dt_socket");
        if (debugger) {
            hosts.matches(DEBUGGER);
        }
        return found || debugger || text.startsWith("jdbc:");
    }

    private boolean matches(Pattern pattern) {
        Matcher matcher = pattern.matcher(text);
        boolean found = false;
        while (matcher.find()) {
            found = true;
            accept(matcher.group(1), false);
        }
        return found;
    }

    private boolean urls() {
        int first = text.indexOf("://");
        for (int at = first; at >= 0; at = text.indexOf("://", at + 3)) {
            String scheme = schemeBefore(at);
            if (mayHaveHost(scheme)) {
                url(scheme, at + 3);
            }
        }
        return first >= 0;
    }

    /** Not so those of apps, {@code com.example.app://}, and combinations like {@code http+unix}. */
    private static boolean mayHaveHost(String scheme) {
        return !scheme.isEmpty()
                && scheme.indexOf('.') < 0
                && !WITHOUT_HOST.contains(scheme)
                && (scheme.indexOf('+') < 0 || Collections.disjoint(WITHOUT_HOST, List.of(scheme.split("\\+"))));
    }

    private String schemeBefore(int end) {
        int start = end;
        while (start > 0 && isSchemeCharacter(text.charAt(start - 1))) {
            start--;
        }
        boolean real = end - start > 1 && Character.isLetter(text.charAt(start));
        return real ? text.substring(start, end).toLowerCase(Locale.ROOT) : "";
    }

    private void url(String scheme, int start) {
        int from = HOST_AS_PATH.contains(scheme) && text.startsWith("/", start) ? start + 1 : start;
        int end = endOfAuthority(from);
        boolean oneHost = WITH_ONE_HOST.contains(scheme);
        String authority = text.substring(from, end);
        if (!oneHost && authority.indexOf(':') >= 0 && authority.indexOf('@') < 0 && atSignFollows(end)) {
            return;
        }
        String[] parts = authority.split(",");
        boolean nextUrlFollows = text.startsWith("//", end) && authority.endsWith(":");
        int hosts = parts.length - (nextUrlFollows ? 1 : 0);
        int first = firstAfterUserInfo(parts);
        if (!oneHost && (authority.isEmpty() || authority.endsWith("@"))) {
            hostsAsParameter(end);
        }
        for (int i = first; i < hosts; i++) {
            accept(parts[i], oneHost && i > first);
        }
    }

    private void hostsAsParameter(int end) {
        Matcher parameter = HOST_AS_PARAMETER.matcher(text).region(end, text.length());
        if (parameter.lookingAt()) {
            for (String host : parameter.group(1).split(",", -1)) {
                accept(host, false);
            }
        }
    }

    /** Whether the authority may have been the beginning of a password with a slash in it. */
    private boolean atSignFollows(int from) {
        int to = Math.min(text.length(), from + MAX_PASSWORD);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '@') {
                return true;
            }
            if (Character.isWhitespace(c) || c == '"' || c == ',' || c == '&' || c == '<') {
                return false;
            }
        }
        return false;
    }

    /** A comma may stand in a password: hosts begin with the part that has the at sign. */
    private static int firstAfterUserInfo(String[] parts) {
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].indexOf('@') >= 0) {
                return i;
            }
        }
        return 0;
    }

    private void accept(String part, boolean onlyWithPort) {
        Endpoint endpoint = Endpoint.parse(part.substring(part.lastIndexOf('@') + 1));
        if (endpoint != null && !(onlyWithPort && endpoint.port() < 0)) {
            String host = Standing.AUTHORITY.host(endpoint);
            if (host != null) {
                sink.candidate(host);
            }
        }
    }

    private int endOfAuthority(int start) {
        boolean bracket = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            bracket |= c == '[';
            if (c == ']' && bracket) {
                bracket = false;
            } else if (Character.isWhitespace(c) || "/?#\"'<>`|)];&\\".indexOf(c) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isSchemeCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '.'
                || c == '-';
    }
}
