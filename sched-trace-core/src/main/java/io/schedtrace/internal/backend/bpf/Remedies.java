package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.Helper;
import org.jspecify.annotations.Nullable;

/**
 * Why a way to trace does not work in a place, and the shortest remedy there.
 *
 * @param status what the kernel lets this JVM do
 * @param engine the engine in whose container it runs
 */
record Remedies(OwnStatus status, Engine engine) {
    private static final String DAEMON = "sudo sched-trace daemon";
    private static final String FOR_USER =
            "run as root, or give them to this JVM, for example: sudo setpriv --reuid=$(id -u) --regid=$(id -g)"
                    + " --init-groups --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon -- COMMAND";
    private static final String MOUNT = " run -v /run/sched-trace:/run/sched-trace";

    /** Those of this place. */
    static Remedies current() {
        return new Remedies(OwnStatus.read(), Engine.current());
    }

    /** This JVM lacks capabilities to load the programs itself. */
    String capabilities() {
        String missing = status.hasBpf()
                ? "capability CAP_PERFMON is"
                : status.hasPerfmon() ? "capability CAP_BPF is" : "capabilities CAP_BPF and CAP_PERFMON are";
        return "the " + missing + " missing; " + (status.isRoot() ? forRoot() : FOR_USER);
    }

    private String forRoot() {
        return "this root, as in a container, has only some capabilities; add them"
                + switch (engine) {
                    case KUBERNETES -> " in the pod: securityContext: {capabilities: {add: [BPF, PERFMON]}}";
                    case PODMAN -> ": podman run --cap-add=BPF --cap-add=PERFMON";
                    case DOCKER, OTHER, NONE ->
                        ", for example: docker run --cap-add=BPF --cap-add=PERFMON, or --cap-add=SYS_ADMIN where an engine"
                                + " does not know these";
                };
    }

    /** The kernel refuses although this JVM has the capabilities, and there is a seccomp filter. */
    String seccomp() {
        return "this JVM has the capabilities, but its seccomp filter seems to forbid bpf(2) or perf_event_open(2), as the"
                + " default profiles of container engines do; allow both in the profile, for example: "
                + switch (engine) {
                    case KUBERNETES ->
                        "securityContext: {seccompProfile: {type: Localhost, localhostProfile: PROFILE}}";
                    case PODMAN -> "podman run --security-opt seccomp=PROFILE";
                    case DOCKER, OTHER, NONE -> "docker run --security-opt seccomp=PROFILE";
                };
    }

    /**
     * The kernel gives the helper no capabilities here, or none that count; null if it would.
     *
     * @param noSuid whether the helper's file system is mounted nosuid
     */
    @Nullable
    String helper(boolean noSuid) {
        if (status.noNewPrivileges()) {
            return "no_new_privs is set, so that no program gains capabilities; " + withoutNoNewPrivileges();
        }
        if (noSuid) {
            return "the file system of " + Helper.PATH + " is mounted nosuid, so that its capabilities do not count;"
                    + " remount it with suid";
        }
        if (!status.mayGainBpfAndPerfmon()) {
            return "CAP_BPF or CAP_PERFMON is not in the bounding set of this JVM, so that the helper cannot have it, as"
                    + " in a container; add both, for example: "
                    + (engine == Engine.PODMAN ? "podman" : "docker") + " run --cap-add=BPF --cap-add=PERFMON";
        }
        if (status.isTraced()) {
            return "this JVM is traced by a debugger such as strace or gdb, so that the helper gains no capabilities;"
                    + " run it without";
        }
        return null;
    }

    private String withoutNoNewPrivileges() {
        return switch (engine) {
            case KUBERNETES -> "allow them in the pod: securityContext: {allowPrivilegeEscalation: true}";
            case PODMAN -> "run the container without --security-opt no-new-privileges";
            case DOCKER -> "run the container with docker run --security-opt no-new-privileges=false";
            case OTHER, NONE ->
                "start this JVM without it, for example without NoNewPrivileges=yes of systemd or with docker run"
                        + " --security-opt no-new-privileges=false";
        };
    }

    /** There is no daemon. */
    String daemon() {
        return switch (engine) {
            case NONE -> (status.inUserNamespace() ? "run outside of this user namespace: " : "run: ") + DAEMON;
            case DOCKER -> "on the host, run: " + DAEMON + ", and this container with: docker" + MOUNT;
            case PODMAN -> "on the host, run: " + DAEMON + ", and this container with: podman" + MOUNT;
            case KUBERNETES ->
                "on the node, run: " + DAEMON + ", and mount its directory in the pod: volumes: [{name: sched-trace,"
                        + " hostPath: {path: /run/sched-trace}}]";
            case OTHER -> "on the host, run: " + DAEMON + ", and mount /run/sched-trace into this container";
        };
    }
}
