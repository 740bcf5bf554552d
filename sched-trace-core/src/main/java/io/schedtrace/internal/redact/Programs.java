package io.schedtrace.internal.redact;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The programs whose options hold secrets under names that do not say so, and those that run other programs. */
final class Programs {
    /**
     * A line is {@code names: kind options; kind options}. The kinds are those of {@link Kind}, {@code flag} for options
     * that take no secret although their names say so, {@code wrapper} for programs that run the rest of their command
     * line, {@code shell} for those that run a script that is one of their arguments, and {@code client} for those that
     * take URLs without a scheme.
     */
    private static final String TABLE = """
            curl: pair -u -U --user --proxy-user; cookie -b --cookie; client
            wget wget2 aria2c: client
            http https xh xhs: pair -a --auth; client
            ab: pair -A -P
            mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlsh mysqlbinlog mysqlslap mariadb \
            mariadb-dump mariadb-admin mariadb-import mariadb-check mariadb-show: attached -p; flag --password
            psql pg_dump pg_dumpall pg_restore pg_basebackup createdb dropdb createuser pgbench vacuumdb: flag --password
            mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat: next -p
            redis-cli valkey-cli keydb-cli: next -a
            sqlcmd bcp isql tsql: value -P
            sqlplus exp imp sqlldr: slash
            ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd ldapcompare: value -w
            smbclient rpcclient smbget smbmap: percent -U --user
            lftp: comma -u --user
            sshpass: value -p; wrapper
            ssh-keygen: next -N -P
            openssl: next -k -K
            zip unzip: value -P
            7z 7za 7zr 7zz rar unrar: attached -p
            htpasswd: last -b
            snmpget snmpwalk snmpset snmpbulkwalk: value -A -X
            xfreerdp wlfreerdp: attached /p:
            rabbitmqadmin: value -p
            docker-login podman-login nerdctl-login buildah-login skopeo-login helm-login crane-login oc-login az-login: \
            value -p
            skopeo buildah: pair --creds --src-creds --dest-creds
            docker podman nerdctl: flag --secret; wrapper
            kubectl oc helm: wrapper
            sh bash dash zsh ksh ash mksh fish busybox su eval watch script ssh autossh: shell; wrapper
            env sudo doas nohup nice ionice timeout setsid xargs time stdbuf strace ltrace chroot unshare nsenter runuser \
            gosu su-exec tini dumb-init flock valgrind parallel command exec then do else if while until ! find bwrap \
            firejail systemd-run numactl taskset chrt setpriv prlimit capsh sched-trace perf catchsegv: wrapper
            """;

    private static final Map<String, Program> BY_NAME = parse();
    private static final Program OTHER = new Program("", List.of(), Set.of());

    /** Where the secret of an option stands. */
    enum Kind {
        /** In the next argument. */
        NEXT,
        /** Behind the option, in the same argument. */
        ATTACHED,
        /** In one or the other. */
        VALUE,
        /** In one or the other, after a user's name and a colon. */
        PAIR,
        /** As {@link #PAIR}, with a percent sign. */
        PERCENT,
        /** As {@link #PAIR}, with a comma. */
        COMMA,
        /** In one or the other, unless it is the name of a file. */
        COOKIE,
        /** In the last argument. */
        LAST
    }

    record Option(Kind kind, String name) {}

    /**
     * A program.
     *
     * @param marks the flags, and {@code wrapper}, {@code shell}, {@code client} and {@code slash}
     */
    record Program(String name, List<Option> options, Set<String> marks) {
        boolean is(String mark) {
            return marks.contains(mark);
        }

        Program named(String newName) {
            return new Program(newName, options, marks);
        }

        Program plus(Program other) {
            List<Option> allOptions = new ArrayList<>(options);
            allOptions.addAll(other.options);
            Set<String> allMarks = new HashSet<>(marks);
            allMarks.addAll(other.marks);
            return new Program(name, List.copyOf(allOptions), Set.copyOf(allMarks));
        }
    }

    private Programs() {}

    /** The program that a command begins with. */
    static Program of(String command) {
        Program known = find(command);
        return known == null ? OTHER : known;
    }

    /** The program of that name or path; null if nothing is known of it. */
    static @Nullable Program find(String command) {
        String name = command.substring(command.lastIndexOf('/') + 1);
        return BY_NAME.get(name.startsWith("-") ? name.substring(1) : name);
    }

    private static Map<String, Program> parse() {
        Map<String, Program> programs = new HashMap<>();
        TABLE.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            Program rules = rules(line.substring(colon + 2));
            for (String name : line.substring(0, colon).split(" ")) {
                programs.merge(name, rules.named(name), Program::plus);
            }
        });
        return Map.copyOf(programs);
    }

    private static Program rules(String groups) {
        List<Option> options = new ArrayList<>();
        Set<String> marks = new HashSet<>();
        for (String group : groups.split("; ")) {
            List<String> words = List.of(group.split(" "));
            List<String> names = words.subList(1, words.size());
            if (names.isEmpty()) {
                marks.add(words.get(0));
            } else if (words.get(0).equals("flag")) {
                marks.addAll(names);
            } else {
                Kind kind = Kind.valueOf(words.get(0).toUpperCase(Locale.ROOT));
                names.forEach(name -> options.add(new Option(kind, name)));
            }
        }
        return new Program("", List.copyOf(options), Set.copyOf(marks));
    }
}
