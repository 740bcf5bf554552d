package io.schedtrace.internal.names.find;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds hosts anywhere in a text by unmistakable forms around them: URLs, {@code /dev/tcp/host/port}, and the address
 * forms of Oracle and MySQL drivers, restic, and Java's debugger.
 */
final class EmbeddedHosts {
    /** Schemes that are followed by something other than a host. */
    private static final Set<String> WITHOUT_HOST = WordSet.of("""
        file unix unixs s3 s3a s3n gs gcs az docker docker-image docker-daemon docker-pullable docker-archive
        containerd cri-o containers-storage oci-archive inproc ipc npipe fd mem memory mock sqlite
        sqlite3 duckdb h2 chrome chrome-extension moz-extension resource res classpath jar bundle
        bundleresource vscode vscode-remote vscode-file content app asset env secret secrets vault ssm awssm
        op spiffe k8s data about arn urn pkg null doctrine native sendmail
        sync in-memory flock semaphore docker-container podman-container nerdctl-container kube-pod
        ipfs ipns oss cos b2 hf phar php zip tar ref awskms gcpkms azurekms hashivault keychain keyring
        intent market tel
        """);

    /** Schemes whose URLs have one host. After a comma, only {@code host:port} counts as another one. */
    private static final Set<String> WITH_ONE_HOST = Set.of("http", "https", "ftp", "ftps", "ws", "wss", "ssh", "git");

    /** Schemes of gRPC, whose URLs may have the host as the path. */
    private static final Set<String> HOST_AS_PATH = Set.of("dns", "passthrough");

    private static final Pattern DEV_TCP = Pattern.compile("/dev/(?:tcp|udp)/([^/\\s\"']{1,255})/[0-9]");
    private static final Pattern HOST_IN_PARENTHESES =
            Pattern.compile("\\(\\s{0,9}host\\s{0,9}=\\s{0,9}([^),\\s]{1,255})", Pattern.CASE_INSENSITIVE);
    private static final Pattern TCP_CALL = Pattern.compile("(?:^|@)tcp[46]?\\(([^()\\s]{1,255})\\)");
    private static final Pattern ORACLE =
            Pattern.compile("(?:jdbc:oracle:[a-z0-9]{1,9}:[^@\\s]{0,255}@(?://)?|@//)([^:/?@,\\s()]{1,255})[:/](?!//)");

    /** The parameter that PostgreSQL and SQL Server take the host from if the authority has none. */
    private static final Pattern HOST_AS_PARAMETER =
            Pattern.compile("[/?&;\\w=%.-]{0,255}[?&;](?:host|serverName)=([^&;\\s\"'#]{1,255})");

    /** The address of a debugger for Java: {@code jdwp=transport=dt_socket,address=host:port}. */
    private static final Pattern DEBUGGER = Pattern.compile("(?:^(?:address=)?|[,=:]address=)([^,:=\\s]{1,255}):[0-9]");

    /** restic's {@code sftp:user@host:/path}, but not an entry {@code sftp:x:33:33} of a password file. */
    private static final Pattern SFTP_REPOSITORY =
            Pattern.compile("^sftp:(?:[^\\s:/@]{1,64}@(?=[^:]{1,255}:[^0-9])|(?=[^:]{1,255}:/))([^\\s:/@]{1,255}):");

    /** restic's {@code s3:s3.example.com/bucket} and {@code s3:host:port/bucket}, but not {@code s3:bucket/path}. */
    private static final Pattern S3_REPOSITORY =
            Pattern.compile("^s3:((?=s3[.-])[\\w-]{1,63}(?:\\.[\\w-]{1,63}){2,9}|[\\w.-]{1,253}(?=:[0-9]{1,5}/))[:/]");

    /** How far a password with a slash is looked for. */
    private static final int MAX_PASSWORD = 1_024;

    private final String text;
    private final List<String> hosts = new ArrayList<>();
    private final boolean present;

    private EmbeddedHosts(String text) {
        this.text = text;
        this.present = find();
    }

    /** Finds the hosts in {@code text}. */
    static EmbeddedHosts in(String text) {
        return new EmbeddedHosts(text);
    }

    /** Whether the text has one of the forms, even if without a valid host. */
    boolean present() {
        return present;
    }

    /** The hosts that were found, in the order of the forms. */
    List<String> hosts() {
        return hosts;
    }

    private boolean find() {
        boolean found = urls();
        found |= text.contains("/dev/") && matches(DEV_TCP);
        if (text.indexOf('(') >= 0) {
            found |= matches(HOST_IN_PARENTHESES);
            found |= matches(TCP_CALL);
        }
        found |= text.indexOf('@') >= 0 && matches(ORACLE);
        found |= text.startsWith("sftp:") && matches(SFTP_REPOSITORY);
        found |= text.startsWith("s3:") && matches(S3_REPOSITORY);
        boolean debugger = text.contains("dt_socket");
        if (debugger) {
            matches(DEBUGGER);
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

    /** False for the schemes of apps, {@code com.example.app://}, and for combinations such as {@code http+unix}. */
    private static boolean mayHaveHost(String scheme) {
        return !scheme.isEmpty()
                && scheme.indexOf('.') < 0
                && !WITHOUT_HOST.contains(scheme)
                && (scheme.indexOf('+') < 0 || Collections.disjoint(WITHOUT_HOST, List.of(scheme.split("\\+"))));
    }

    /** Returns the scheme that ends at {@code end}, in lower case; empty if there is none. */
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
        int count = parts.length - (nextUrlFollows ? 1 : 0);
        int first = firstAfterUserInfo(parts);
        if (!oneHost && (authority.isEmpty() || authority.endsWith("@"))) {
            hostsAsParameter(end);
        }
        for (int i = first; i < count; i++) {
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

    /** Whether an at sign follows, so that the text before it may be a password with a slash in it. */
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

    /** Returns the index of the first host: the part with the at sign, since a password may contain commas. */
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
            String host = Confidence.AUTHORITY.host(endpoint);
            if (host != null) {
                hosts.add(host);
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
