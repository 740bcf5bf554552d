package io.schedtrace.internal.names.find;

import io.schedtrace.internal.text.HostText;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How likely a text is a host, judged by where it was found. The less likely, the more texts that look like hosts are
 * refused.
 */
enum Confidence {
    /** The authority of a URL: a host by definition. */
    AUTHORITY,
    /** The value of an option or variable for a host, the operand of a program that connects to it. */
    HOST,
    /** The value of an option or variable for a server, an address, an endpoint. */
    SERVER,
    /** Like {@link #SERVER}, but a path is as likely: a single label needs a port. */
    LOCATION,
    /** Any text. Only {@code name:port} counts, where the port does not look like a count, a size or a year. */
    LOOSE;

    /** After a single label, smaller numbers count as versions or line numbers, except {@link #LOW_LOOSE_PORTS}. */
    private static final int LEAST_LOOSE_PORT = 1_024;

    private static final Set<Integer> LOW_LOOSE_PORTS =
            Set.of(80, 110, 143, 389, 443, 445, 465, 514, 554, 587, 631, 636, 873, 993, 995);

    private static final int FIRST_YEAR = 2_010;
    private static final int LAST_YEAR = 2_040;

    /** Values of settings that are no hosts. */
    private static final Set<String> WORDS = WordSet.of("""
        true false yes no on off none null nil undefined default auto any all unix socket stdin stdout
        stderr direct disabled enabled static dynamic unknown unset empty not set changeme system inherit
        self me file
        """);

    /** Words before a colon and a number that are no hosts. */
    private static final Set<String> LABELS = WordSet.of("""
        tcp udp tcp4 tcp6 udp4 udp6 http https ftp ws wss rsa dsa ecdsa aes sha sha1 sha256 sha512 md5 crc32
        uid gid pid user group nobody port line size timeout retries retry level width height count limit id
        max min ttl age time step page offset version v build cpu mem memory year scale depth threads
        workers batch pod job task pr issue rev status code error warn info debug trace name index total
        seed test shard rate delay interval www-data
        """);

    private static final Set<String> FILE_ENDINGS = WordSet.of("""
        jar war ear class java kt kts scala groovy gradle clj pyc pyi ipynb rb go js mjs cjs ts tsx jsx vue
        css scss json jsonl yaml yml xml xsd html htm xhtml jsp php asp aspx txt log conf config cfg cnf ini
        properties toml lock sock pid tmp temp bak map old orig swp gz tgz bz2 xz zst tar rar 7z rpm deb apk msi
        dmg exe dll dylib bin elf img iso pdf png jpg jpeg gif svg ico csv tsv sql db sqlite sqlite3 mdb pem
        crt cer key csr p12 pfx jks cpp cxx hpp asm bat cmd ps1 bash zsh fish proto tf tfvars env service
        socket target timer mount whl egg gem lua wasm dat out err patch diff tmpl tpl j2 hcl avro parquet
        mp3 mp4 wav doc docx xls xlsx ppt pptx utf-8 utf8 d c h o a m s x r
        """);

    /** File endings that are also top-level domains. They are refused in a name of two labels. */
    private static final Set<String> FILE_OR_DOMAIN = WordSet.of("""
        py sh pl rs so md cc zip ps mk hs vb cs mod
        """);

    /** First labels of Java packages. */
    private static final Set<String> PACKAGE_ROOTS = WordSet.of("""
        com org net io edu java javax jakarta kotlin scala groovy sun jdk android androidx
        """);

    /** Last labels that show that a name is no package although it begins like one. */
    private static final Set<String> DOMAINS = WordSet.of("""
        com org net edu gov mil int info biz name arpa app dev cloud tech local localdomain localhost lan
        home corp internal intranet private test example invalid onion svc consul docker site online xyz
        aero museum mesh
        """);

    /** {@code 6.1.4.Final}. */
    private static final Pattern VERSION =
            Pattern.compile("v?\\d+(\\.\\d+)*\\.(ga|final|release|snapshot|rc\\d*|m\\d+|sp\\d*|alpha|beta)");

    /** {@code com.example.Main.run}. */
    private static final Pattern CLASS_AND_MEMBER =
            Pattern.compile("[a-z].*\\.[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*\\..*");

    /** A GNU machine triplet: {@code x86_64-pc-linux-gnu}. */
    private static final Pattern MACHINE = Pattern.compile(
            "(x86_64|i[3-6]86|aarch64|arm[a-z0-9]*|riscv64|powerpc[a-z0-9]*|s390x|mips[a-z0-9]*|wasm32)-.*-.*");

    /** Returns the normalized host of {@code endpoint}; null if it is invalid or more likely something else. */
    @Nullable
    String host(Endpoint endpoint) {
        String name = HostText.normalize(endpoint.host());
        if (name == null || this == AUTHORITY) {
            return name;
        }
        boolean single = name.indexOf('.') < 0;
        boolean refused = WORDS.contains(name)
                || (single && looksLikePath(endpoint))
                || (!single && looksLikeFile(name))
                || looksLikeVersion(name)
                || MACHINE.matcher(name).matches()
                || (!single && this != HOST && (looksLikeFileOrDomain(name) || looksLikeCode(endpoint.host())))
                || (this == LOOSE && CLASS_AND_MEMBER.matcher(endpoint.host()).matches())
                || (this == LOOSE && !isNameAndPort(name, single, endpoint));
        return refused ? null : name;
    }

    private boolean looksLikePath(Endpoint endpoint) {
        return endpoint.port() < 0
                && (this == LOCATION || (this == SERVER && endpoint.hasPath()))
                && !endpoint.host().equals("localhost");
    }

    /** Whether {@code endpoint} counts as {@code name:port} in any text. */
    private static boolean isNameAndPort(String name, boolean single, Endpoint endpoint) {
        String path = endpoint.path();
        return endpoint.port() > 0
                && !(single && (LABELS.contains(name) || !looksLikePort(endpoint.port())))
                && !("/tcp".equals(path) || "/udp".equals(path));
    }

    /** Whether {@code number} does not look like a count, a size or a year. */
    private static boolean looksLikePort(int number) {
        boolean high = number >= LEAST_LOOSE_PORT || LOW_LOOSE_PORTS.contains(number);
        boolean size = Integer.bitCount(number) == 1;
        boolean year = number >= FIRST_YEAR && number <= LAST_YEAR;
        return high && !size && !year;
    }

    private static boolean looksLikeFile(String name) {
        return FILE_ENDINGS.contains(lastLabel(name));
    }

    private static boolean looksLikeFileOrDomain(String name) {
        return FILE_OR_DOMAIN.contains(lastLabel(name)) && name.indexOf('.') == name.lastIndexOf('.');
    }

    private static boolean looksLikeVersion(String name) {
        int dot = name.lastIndexOf('.');
        return (dot >= 0 && Character.isDigit(name.charAt(dot + 1)))
                || VERSION.matcher(name).matches();
    }

    /** Recognises {@code com.example.Main} by its capital, {@code com.example.util} by its first and last label. */
    private static boolean looksLikeCode(String written) {
        String last = written.substring(written.lastIndexOf('.') + 1);
        if (!last.isEmpty()
                && Character.isUpperCase(last.charAt(0))
                && !written.equals(written.toUpperCase(Locale.ROOT))) {
            return true;
        }
        String first = written.substring(0, Math.max(0, written.indexOf('.')));
        return PACKAGE_ROOTS.contains(first) && last.length() > 2 && !DOMAINS.contains(last);
    }

    private static String lastLabel(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
