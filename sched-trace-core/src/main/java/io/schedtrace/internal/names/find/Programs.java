package io.schedtrace.internal.names.find;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Known programs: which of their arguments are hosts although their form does not show it, and which are values of
 * options and no hosts.
 */
public final class Programs {
    /** How to read operands: the arguments that are neither options nor values of options. */
    public enum Operands {
        /** As for an unknown program. */
        TEXT,
        /** They are ignored. */
        IGNORED,
        /** No hosts, except in URLs. */
        URLS,
        /** URLs, with or without a scheme: {@code name/path}. */
        WEB,
        /** The first one is a host. */
        FIRST,
        /** All are hosts. */
        EACH,
        /** The first one is {@code [user@]host}; the arguments after it are for the remote machine. */
        LOGIN,
        /** {@code [user@]host:path}, or a file. */
        COPY,
        /** {@code user@host:path}, or something else. */
        REPOSITORY,
        /** {@code host[:port]/database}, or as for an unknown program. */
        DATABASE,
        /** {@code TYPE:host:port,options}. */
        SOCAT,
        /** {@code [METHOD] url item...}; the URL may lack a scheme. */
        REQUEST,
        /** {@code @host}, or no host except in a URL. */
        AT_SIGN;

        /** Whether any operand may be a host. All long options of such a program that take a value must be listed. */
        boolean areHosts() {
            return this == WEB || this == FIRST || this == EACH || this == LOGIN || this == DATABASE || this == REQUEST;
        }
    }

    /**
     * How to read the arguments of a program.
     *
     * @param operands how to read its operands
     * @param hosts short options whose value is a host
     * @param texts short options whose value may contain hosts: a URL, {@code HostName=db}, {@code host=db}
     * @param skipped short options with any other value
     * @param attached short options whose value, if they have one, is in the same argument
     * @param longOptions long options whose value is no host
     */
    public record Program(
            Operands operands, String hosts, String texts, String skipped, String attached, Set<String> longOptions) {}

    private static final int COLUMNS = 7;

    /** Columns: names | operands | hosts | texts | skipped | attached | long options. A hyphen stands for none. */
    private static final String TABLE = """
        curl | WEB | x | - | AbcCdDeEFHhKmoPQrtTuUwXyYz | - | data data-raw data-binary data-ascii data-urlencode \
        json header user user-agent output output-dir request form form-string cookie cookie-jar referer cert key \
        cacert capath max-time connect-timeout write-out upload-file config range retry retry-delay retry-max-time \
        limit-rate max-filesize interface dns-servers local-port unix-socket abstract-unix-socket proxy-user \
        proxy-header ciphers tls-max pinnedpubkey stderr trace trace-ascii netrc-file variable aws-sigv4 \
        oauth2-bearer time-cond speed-limit speed-time keepalive-time max-redirs noproxy proto proto-redir \
        proto-default parallel-max rate mail-from mail-rcpt mail-auth login-options service-name url-query engine \
        cert-type key-type pass curves crlfile quote alt-svc continue-at create-file-mode delegation dns-interface \
        dns-ipv4-addr dns-ipv6-addr dump-header ech egd-file etag-compare etag-save expect100-timeout ftp-account \
        ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip help \
        hostpubmd5 hostpubsha256 hsts ip-tos keepalive-cnt krb libcurl proxy-cacert proxy-capath proxy-cert \
        proxy-cert-type proxy-ciphers proxy-crlfile proxy-key proxy-key-type proxy-pinnedpubkey proxy-service-name \
        proxy-tls13-ciphers proxy-tlsauthtype proxy-tlsuser pubkey random-file request-target sasl-authzid sigalgs \
        socks5-gssapi-service ssl-sessions telnet-option tftp-blksize tls13-ciphers tlsauthtype tlsuser trace-config \
        upload-flags vlan-priority proxy-pass tlspassword proxy-tlspassword
        wget wget2 | WEB | - | - | OoaeitTwQPUDARIXlB | - | output-document output-file append-output header \
        post-data post-file body-data body-file method user password http-user http-password ftp-user ftp-password \
        proxy-user proxy-password user-agent referer tries timeout dns-timeout connect-timeout read-timeout wait \
        waitretry directory-prefix input-file limit-rate level accept reject domains exclude-domains \
        include-directories exclude-directories ca-certificate ca-directory certificate certificate-type private-key \
        private-key-type crl-file pinnedpubkey ciphers secure-protocol load-cookies save-cookies execute \
        bind-address quota report-speed config rejected-log retry-on-http-error start-pos progress \
        restrict-file-names prefer-family use-askpass local-encoding remote-encoding cut-dirs default-page \
        compression warc-file warc-header warc-max-size warc-dedup warc-tempdir backups accept-regex reject-regex \
        http-passwd proxy-passwd regex-type follow-tags ignore-tags
        http https xh xhs | REQUEST | - | - | aApos | - | auth auth-type output print style session \
        session-read-only timeout verify cert cert-key format-options pretty max-redirects max-headers ssl ciphers \
        boundary default-scheme response-charset response-mime history-print
        aria2c lynx w3m links elinks | WEB | - | - | doijxkst | - | dir out input-file user-agent header
        ssh slogin mosh ssh-copy-id | LOGIN | J | o | BbcDEeFIiLlmOPpQRSWw | - | ssh port predict family server
        autossh | LOGIN | J | o | BbcDEeFIiLlmMOPpQRSWw | - | -
        sftp | LOGIN | J | o | BbcDFilPRSsX | - | -
        scp | COPY | J | o | cDFilPSX | - | -
        sshfs | COPY | - | o | pFS | - | -
        rsync | COPY | - | - | efBTM | - | rsh exclude include filter port password-file log-file bwlimit timeout \
        contimeout files-from exclude-from include-from chmod chown usermap groupmap block-size max-size min-size \
        partial-dir temp-dir backup-dir suffix compare-dest copy-dest link-dest rsync-path out-format info debug
        ssh-keyscan | EACH | - | - | fptTO | - | -
        mount mount.nfs mount.nfs4 | COPY | - | - | toLNUT | - | types options
        git hg svn | REPOSITORY | - | c | Cm | - | message author date git-dir work-tree branch
        nc netcat nc.openbsd nc.traditional | FIRST | x | - | psqwiIOoecTXVmgGPMW | - | -
        ncat | FIRST | - | - | psqwioecTxmgGd | - | source source-port exec sh-exec lua-exec idle-timeout delay wait \
        max-conns output hex-dump allow allowfile deny denyfile proxy-auth proxy-type proxy-dns ssl-cert ssl-key \
        ssl-trustfile ssl-ciphers ssl-servername ssl-alpn nsock-engine
        telnet tftp lftp | FIRST | - | - | lebXnpucm | - | user port
        ftp pftp | FIRST | - | - | NoPqrsTu | - | -
        ping ping4 ping6 tracepath traceroute mtr nmap showmount | FIRST | - | - | ciwWstIQSmMplTf | - | -
        xfreerdp rdesktop vncviewer smbclient rpcclient | FIRST | - | - | UWAptcIuPgd | - | user password
        cqlsh | FIRST | - | - | upfek | - | username password keyspace file execute cqlshrc encoding cqlversion \
        request-timeout connect-timeout protocol-version
        socat | SOCAT | - | - | bltTW | - | -
        dig kdig drill | AT_SIGN | - | - | bcfkpqtxy | - | -
        psql pgcli pg_isready | TEXT | h | d | cfovFPpRTUL | - | command file output username port variable set pset \
        field-separator record-separator log-file
        pg_dump pg_restore | TEXT | h | d | fFpUjnNSZEtTL | - | file username port schema table exclude-schema \
        exclude-table format jobs role superuser
        pg_basebackup pg_receivewal | TEXT | h | d | DFrTXclZtpUsSE | - | label username port slot target
        createdb reindexdb vacuumdb clusterdb | TEXT | h | d | pUjtnN | - | username port table schema owner
        pg_dumpall pgbench dropdb createuser dropuser | TEXT | h | - | pUj | - | username port file role
        mysql mariadb | URLS | h | - | euPSD | p | user execute database port socket password
        mysqldump mariadb-dump | URLS | h | - | uPSrTw | p | user port socket where password
        mysqladmin mysqlimport mysqlshow mysqlcheck mysqlslap mariadb-admin mariadb-check mariadb-show | URLS | h | \
        - | uPS | p | user port socket password
        redis-cli valkey-cli keydb-cli | IGNORED | h | u | psanridDXt | - | user pass pattern intrinsic-latency \
        cacert cert key sni port tls-ciphers
        redis-benchmark valkey-benchmark | IGNORED | h | u | psacnrdkPt | - | user cacert cert key sni tls-ciphers
        mongo mongosh | DATABASE | - | - | upf | - | username password authenticationDatabase eval port file \
        authenticationMechanism apiVersion awsAccessKeyId awsIamSessionToken awsSecretAccessKey awsSessionToken \
        gssapiServiceName keyVaultNamespace networkMessageCompressors sspiHostnameCanonicalization sspiRealmOverride \
        tlsCAFile tlsCRLFile tlsCertificateKeyFile tlsCertificateKeyFilePassword tlsCertificateSelector \
        tlsDisabledProtocols sslCAFile sslCRLFile sslPEMKeyFile sslPEMKeyPassword sslCertificateSelector \
        sslDisabledProtocols jsHeapLimitMB browser oidcFlows
        mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles | TEXT | h | - | updcoqnf | - | \
        username password db collection query out port authenticationDatabase
        ldapsearch | IGNORED | h | H | bDwypPsalzfeEoORUXYdS | - | -
        ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapcompare | IGNORED | h | H | DwypPfeEoORUXYdS | - | -
        kcat kafkacat | IGNORED | b | r | tpGKDkcoXsfFHdzmS | - | -
        etcdctl | IGNORED | - | - | w | - | user password cert key cacert
        mosquitto_pub mosquitto_sub mosquitto_rr | IGNORED | h | L | tmpuPiIkqfFTUVAWCx | - | topic message port \
        username pw id will-topic will-payload cafile cert key
        iperf iperf3 | URLS | c | - | pitbnklwBPMSTAOCfFL | - | -
        sqlcmd bcp | URLS | S | - | UPdQqioHtlwsa | - | -
        clickhouse-client clickhouse-benchmark | URLS | h | - | uqdf | - | user password query database port
        rabbitmqadmin ipmitool | URLS | H | - | uUpPVfILNceo | - | username password port
        whois | URLS | h | - | pigqs | - | -
        restic rustic | TEXT | - | r | pHetio | - | host tag exclude iexclude include iinclude exclude-file \
        password-file password-command cacert tls-client-cert cache-dir option target path time
        nats | IGNORED | - | s | - | - | user password creds
        docker docker-compose podman nerdctl buildah skopeo crane kubectl oc helm kind minikube | URLS | - | Hs | \
        aefhlmnpuvwcot | - | add-host hostname name label volume publish env user workdir network tag build-arg
        mail mailx mutt s-nail sendmail msmtp ssmtp sshpass | IGNORED | - | - | sabcrfiepFqSETd | - | subject
        """;

    private static final Map<String, Program> BY_NAME = read();

    private Programs() {}

    /** Returns the program with that name; null if it is unknown. */
    public static @Nullable Program named(String name) {
        return BY_NAME.get(name);
    }

    private static Map<String, Program> read() {
        Map<String, Program> programs = new HashMap<>();
        for (String line : TABLE.split("\n", -1)) {
            String[] columns = line.strip().split("\\s*\\|\\s*", -1);
            if (columns.length != COLUMNS) {
                continue;
            }
            Program program = new Program(
                    Operands.valueOf(columns[1]),
                    letters(columns[2]),
                    letters(columns[3]),
                    letters(columns[4]),
                    letters(columns[5]),
                    Set.of(columns[6].split("\\s+")));
            for (String name : columns[0].split("\\s+", -1)) {
                programs.put(name, program);
            }
        }
        return Map.copyOf(programs);
    }

    private static String letters(String column) {
        return column.equals("-") ? "" : column;
    }
}
