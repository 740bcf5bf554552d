package io.schedtrace.hosts;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The programs whose arguments are known: where a host stands that nothing in its own form tells, and, as important,
 * which arguments are values of options and no hosts.
 */
final class Programs {
    /** What the arguments that are no options, nor values of options, are. */
    enum Operands {
        /** Anything, as for a program that is not known. */
        TEXT,
        /** Not looked at. */
        IGNORED,
        /** No hosts, except in URLs. */
        URLS,
        /** URLs whose scheme may be missing: {@code name/path}. */
        WEB,
        /** The first is a host. */
        FIRST,
        /** All are hosts. */
        EACH,
        /** The first is {@code [user@]host}; what follows is for the other machine. */
        LOGIN,
        /** {@code [user@]host:path}, or a file. */
        COPY,
        /** {@code user@host:path}, or something else. */
        REPOSITORY,
        /** {@code TYPE:host:port,options}. */
        SOCAT,
        /** {@code [METHOD] url item...}; the URL's scheme may be missing. */
        REQUEST,
        /** {@code @host} among other things. */
        AT_SIGN
    }

    /**
     * A program.
     *
     * @param operands what its operands are
     * @param hosts short options with a host as value
     * @param texts short options with a value that may name hosts: a URL, {@code HostName=db}, {@code host=db}
     * @param skipped short options with another value
     * @param attached short options whose value, if any, is in the same argument
     * @param longOptions long options with a value that is no host
     */
    record Program(
            Operands operands, String hosts, String texts, String skipped, String attached, Set<String> longOptions) {}

    private static final int COLUMNS = 7;

    /** names | operands | hosts | texts | skipped | attached | long options; - for none. */
    private static final String TABLE = """
        curl | WEB | x | - | AbcCdDeEFHhKmoPqQrtTuUwXyYz | - | data data-raw data-binary data-ascii data-urlencode \
        json header user user-agent output output-dir request form form-string cookie cookie-jar referer cert key cacert \
        capath max-time connect-timeout write-out upload-file config range retry retry-delay retry-max-time limit-rate \
        max-filesize interface dns-servers local-port unix-socket abstract-unix-socket proxy-user proxy-header ciphers \
        tls-max pinnedpubkey stderr trace trace-ascii netrc-file variable aws-sigv4 oauth2-bearer time-cond speed-limit \
        speed-time keepalive-time max-redirs noproxy proto proto-redir proto-default parallel-max rate mail-from \
        mail-rcpt login-options service-name url-query engine cert-type key-type pass curves crlfile quote resolve
        wget | WEB | - | - | OoaeitTwQPUDARIXlB | - | output-document output-file append-output header post-data \
        post-file body-data body-file method user password http-user http-password ftp-user ftp-password proxy-user \
        proxy-password user-agent referer tries timeout dns-timeout connect-timeout read-timeout wait waitretry \
        directory-prefix input-file limit-rate level accept reject domains exclude-domains include-directories \
        ca-certificate ca-directory certificate private-key load-cookies save-cookies execute bind-address quota
        http https xh xhs | REQUEST | - | - | aAposSv | - | auth auth-type output print style session session-read-only \
        timeout verify cert cert-key format-options
        aria2c lynx w3m links elinks | WEB | - | - | doijxkst | - | dir out input-file user-agent header
        ssh slogin autossh mosh ssh-copy-id | LOGIN | J | o | BbcDEeFIiLlmMOpQRSWw | - | ssh port predict family server
        sftp | LOGIN | J | o | BbcDFilPRSsX | - | -
        scp | COPY | J | o | cDFilPSX | - | -
        rsync | COPY | - | - | efBTM | - | rsh exclude include filter port password-file log-file bwlimit timeout \
        contimeout files-from exclude-from include-from chmod chown usermap groupmap block-size max-size min-size \
        partial-dir temp-dir backup-dir suffix compare-dest copy-dest link-dest rsync-path out-format info debug
        ssh-keyscan | EACH | - | - | fptTO | - | -
        mount mount.nfs mount.nfs4 | COPY | - | - | toLNUT | - | types options
        git hg svn | REPOSITORY | - | - | Ccm | - | message author date git-dir work-tree branch
        nc ncat netcat nc.openbsd nc.traditional | FIRST | x | - | psqwiIOoecTXVmgGPMd | - | source source-port exec \
        sh-exec idle-timeout wait proxy-auth proxy-type ssl-cert ssl-key
        telnet ftp tftp lftp | FIRST | - | - | lebXnpucm | - | user port
        ping ping4 ping6 tracepath traceroute mtr nmap showmount | FIRST | - | - | ciwWstIQSmMplTf | - | -
        xfreerdp rdesktop vncviewer smbclient rpcclient | FIRST | - | - | UWAptcIuPgd | - | user password
        cqlsh | FIRST | - | - | upfek | - | username password keyspace file execute
        socat | SOCAT | - | - | bltTW | - | -
        dig kdig drill | AT_SIGN | - | - | bcfkpqtxy | - | -
        psql pg_isready pg_dump pg_dumpall pg_restore pg_basebackup pg_receivewal pgbench createdb dropdb createuser \
        dropuser vacuumdb reindexdb clusterdb pgcli | TEXT | h | d | cfovFPpRTULjntNSZEDstMXrI | - | command file output \
        username port variable set pset field-separator record-separator log-file schema table format jobs
        mysql mysqladmin mysqldump mysqlimport mysqlshow mysqlcheck mysqlslap mariadb mariadb-admin mariadb-dump \
        mariadb-check mariadb-show | URLS | h | - | euPSDwR | p | user execute database port socket where password
        redis-cli redis-benchmark valkey-cli valkey-benchmark keydb-cli | URLS | h | u | psanridDXcPtk | - | user pass \
        pattern intrinsic-latency cacert cert key sni port tls-ciphers
        mongo mongosh | TEXT | - | - | up | - | username password authenticationDatabase eval port file
        mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles | TEXT | h | - | updcCoqn | - | \
        username password db collection query out port authenticationDatabase
        ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapcompare | IGNORED | h | H | bDwypPsalzfeEoORUXYdS \
        | - | -
        kcat kafkacat | IGNORED | b | - | tpGgKDlcoXsrqFfH | - | -
        mosquitto_pub mosquitto_sub mosquitto_rr | IGNORED | h | L | tmpuPiIkqfTVARWC | - | topic message port username \
        pw id will-topic will-payload cafile cert key
        iperf iperf3 | URLS | c | - | pitbnlwBPMSTVNA | - | -
        sqlcmd bcp | URLS | S | - | UPdQqioHtlwsa | - | -
        clickhouse-client clickhouse-benchmark | URLS | h | - | uqdmf | - | user password query database port
        rabbitmqadmin ipmitool | URLS | H | - | uUpPVfaILceo | - | username password port
        whois | URLS | h | - | pigqs | - | -
        nats | TEXT | - | s | - | - | user password creds
        docker docker-compose podman nerdctl buildah skopeo crane kubectl oc helm kind minikube | URLS | - | Hs | \
        aefhlmnpuvwcot | - | add-host hostname name label volume publish env user workdir network tag build-arg
        mail mailx mutt s-nail sendmail msmtp ssmtp sshpass | IGNORED | - | - | sabcrfiepFqSETd | - | subject
        """;

    private static final Map<String, Program> BY_NAME = read();

    private Programs() {}

    /** The program of that name; null if it is not known. */
    static @Nullable Program named(String name) {
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
