package io.schedtrace.internal.backend.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** What the kernel lets this JVM do, from {@code /proc/self}. If that cannot be read, it seems to be everything. */
final class OwnStatus {
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;

    private final Map<String, String> fields;
    private final String userNamespace;

    private OwnStatus(Map<String, String> fields, String userNamespace) {
        this.fields = fields;
        this.userNamespace = userNamespace;
    }

    /** Reads it. */
    static OwnStatus read() {
        return of(read("status"), read("uid_map"));
    }

    /**
     * Makes one from the contents of the files.
     *
     * @param status of proc_pid_status(5)
     * @param uidMap of user_namespaces(7)
     */
    static OwnStatus of(String status, String uidMap) {
        Map<String, String> fields = status.lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
        return new OwnStatus(fields, uidMap.strip().replaceAll("\\s+", " "));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of("/proc/self", file));
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether CAP_BPF is effective, or CAP_SYS_ADMIN, which includes it. */
    boolean hasBpf() {
        return has(CAP_BPF);
    }

    /** Whether CAP_PERFMON is effective, or CAP_SYS_ADMIN, which includes it. */
    boolean hasPerfmon() {
        return has(CAP_PERFMON);
    }

    private boolean has(int capability) {
        return (capabilities("CapEff") & (1L << capability | 1L << CAP_SYS_ADMIN)) != 0;
    }

    /** Whether a program may gain CAP_BPF and CAP_PERFMON by its file: whether both are in the bounding set. */
    boolean mayGainBpfAndPerfmon() {
        long both = 1L << CAP_BPF | 1L << CAP_PERFMON;
        return (capabilities("CapBnd") & both) == both;
    }

    private long capabilities(String field) {
        String set = fields.get(field);
        return set == null ? -1 : Long.parseUnsignedLong(set, 16);
    }

    /** Whether no program gains capabilities: PR_SET_NO_NEW_PRIVS of prctl(2). */
    boolean noNewPrivileges() {
        return "1".equals(fields.get("NoNewPrivs"));
    }

    /** Whether another process traces this one with ptrace(2). */
    boolean isTraced() {
        return !"0".equals(fields.getOrDefault("TracerPid", "0"));
    }

    /** Whether the effective user id is 0. */
    boolean isRoot() {
        String[] ids = fields.getOrDefault("Uid", "").split("\\s+", -1);
        return ids.length > 1 && ids[1].equals("0");
    }

    /** Whether a seccomp filter checks the system calls of this JVM. */
    boolean hasSeccompFilter() {
        return "2".equals(fields.get("Seccomp"));
    }

    /** Whether this JVM is in a user namespace other than the initial one, which maps all ids to themselves. */
    boolean inUserNamespace() {
        return !userNamespace.isEmpty() && !userNamespace.equals("0 0 4294967295");
    }
}
