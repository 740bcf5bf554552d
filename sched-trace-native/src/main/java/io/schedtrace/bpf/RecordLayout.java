package io.schedtrace.bpf;

import java.util.Arrays;

/**
 * The records of the ring: {@code record.h} in numbers. Offsets count from the beginning of the record. The shim is
 * asked for its own when it is loaded, see {@link #verify}.
 *
 * <pre>
 * header      0 size u32         4 type u16    6 flags u16
 *             8 session u64     16 sequence u64
 *            24 time u64        32 process u64
 *            40 host_pid u32    44 pid u32
 *
 * start      48 parent u64      56 span u64
 *            64 ppid u32        68 tracer_pid u32   72 uid u32   76 gid u32
 *            80 comm[16]                                                         96
 *
 * exec       48 parent u64      56 uid u32         60 gid u32
 *            64 args_len u32    68 env_len u32     72 data_len u32   76 number u32
 *            80 comm[16]        96 filename_len    100 path_len
 *           104 filename NUL | path components, last first, each NUL
 *          1128 data: the beginning of [arguments | environment]
 *
 * exec data  48 exec u64        56 offset u32      60 data_len u32
 *            64 data
 *
 * end        48 parent u64      56 start u64       64 cpu_time u64       72 max_rss u64 (pages)
 *            80 status u32      84 execs u32       88 threads u32        92 uid u32
 *            96 gid u32        100 ppid u32       104 comm[16]                  120
 *
 * connection 48 connection u64  56 start u64       64 established u64    72 closing u64
 *            80 bytes_sent u64  88 bytes_received u64
 *            96 rtt u32 (us)   100 retransmits u32 104 error u32        108 netns u32
 *           112 family u16     114 state u16      116 local_port u16    118 peer_port u16
 *           120 local[16]      136 peer[16]                                      152
 *
 * dns        48 data_len u32
 *            56 data
 *
 * resolved   48 count u32       52 name_len u32
 *            56 name[256]      312 addresses[16][16]                             568
 * </pre>
 */
public final class RecordLayout {
    /** Type: a process was forked. */
    public static final int PROCESS_START = 1;
    /** Type: a process has begun a program. */
    public static final int PROCESS_EXEC = 2;
    /** Type: more arguments and environment. */
    public static final int EXEC_DATA = 3;
    /** Type: the last thread of a process has ended. */
    public static final int PROCESS_END = 4;
    /** Type: a connection has begun. */
    public static final int CONNECTION_OPEN = 5;
    /** Type: a client's handshake is done. */
    public static final int CONNECTION_ESTABLISHED = 6;
    /** Type: the local side has closed. */
    public static final int CONNECTION_CLOSING = 7;
    /** Type: the socket has closed. */
    public static final int CONNECTION_END = 8;
    /** Type: the answer to a DNS query. */
    public static final int DNS_ANSWER = 9;

    /** Type: a result of getaddrinfo(3). */
    public static final int NAME_RESOLVED = 10;

    /** One more than the last type. */
    public static final int TYPES = 11;

    /** Flag of an exec: arguments or environment go on beyond the limit. */
    public static final int TRUNCATED = 1;
    /** Flag of an exec: arguments or environment were not resident. */
    public static final int UNREADABLE = 1 << 1;
    /** Flag of an exec: the path is not whole. */
    public static final int PATH_TRUNCATED = 1 << 2;
    /** Flag of an end: an earlier record of the same process or connection was lost. */
    public static final int LOSSY = 1 << 3;
    /** Flag of a start: nothing more of this process will come. */
    public static final int UNTRACKED = 1 << 4;
    /** Flag of a connection: accepted, not connected. */
    public static final int SERVER = 1 << 5;
    /** Flag of a connection's end: by RST of the local side. */
    public static final int ABORTED = 1 << 6;
    public static final int LAUNCHED = 1 << 7;

    /** Length of a comm field. */
    public static final int COMM_LENGTH = 16;
    /** Length of an address. */
    public static final int ADDRESS_LENGTH = 16;
    /** How many sessions there can be at once. */
    public static final int MAX_SESSIONS = 1024;

    public static final int HEADER_SIZE = 48;
    public static final int HEADER_LENGTH = 0;
    public static final int HEADER_TYPE = 4;
    public static final int HEADER_FLAGS = 6;
    public static final int HEADER_SESSION = 8;
    public static final int HEADER_SEQUENCE = 16;
    public static final int HEADER_TIME = 24;
    public static final int HEADER_PROCESS = 32;
    public static final int HEADER_HOST_PID = 40;
    public static final int HEADER_PID = 44;
    public static final int START_SIZE = 96;
    public static final int START_PARENT = 48;
    public static final int START_SPAN = 56;
    public static final int START_PPID = 64;
    public static final int START_TRACER_PID = 68;
    public static final int START_UID = 72;
    public static final int START_GID = 76;
    public static final int START_COMM = 80;
    public static final int EXEC_SIZE = 1128;
    public static final int EXEC_PARENT = 48;
    public static final int EXEC_UID = 56;
    public static final int EXEC_GID = 60;
    public static final int EXEC_ARGS_LEN = 64;
    public static final int EXEC_ENV_LEN = 68;
    public static final int EXEC_BYTES_LEN = 72;
    public static final int EXEC_NUMBER = 76;
    public static final int EXEC_COMM = 80;
    public static final int EXEC_FILENAME_LEN = 96;
    public static final int EXEC_PATH_LEN = 100;
    public static final int EXEC_PATHS = 104;
    public static final int EXEC_BYTES = 1128;
    public static final int DATA_SIZE = 64;
    public static final int DATA_EXEC = 48;
    public static final int DATA_OFFSET = 56;
    public static final int DATA_LENGTH = 60;
    public static final int DATA_BYTES = 64;
    public static final int END_SIZE = 120;
    public static final int END_PARENT = 48;
    public static final int END_START = 56;
    public static final int END_CPU_TIME = 64;
    public static final int END_MAX_RSS = 72;
    public static final int END_STATUS = 80;
    public static final int END_EXECS = 84;
    public static final int END_THREADS = 88;
    public static final int END_UID = 92;
    public static final int END_GID = 96;
    public static final int END_PPID = 100;
    public static final int END_COMM = 104;
    public static final int TCP_SIZE = 152;
    public static final int TCP_ID = 48;
    public static final int TCP_START = 56;
    public static final int TCP_ESTABLISHED = 64;
    public static final int TCP_CLOSING = 72;
    public static final int TCP_BYTES_SENT = 80;
    public static final int TCP_BYTES_RECEIVED = 88;
    public static final int TCP_RTT = 96;
    public static final int TCP_RETRANSMITS = 100;
    public static final int TCP_ERROR = 104;
    public static final int TCP_NETNS = 108;
    public static final int TCP_FAMILY = 112;
    public static final int TCP_STATE = 114;
    public static final int TCP_LOCAL_PORT = 116;
    public static final int TCP_PEER_PORT = 118;
    public static final int TCP_LOCAL = 120;
    public static final int TCP_PEER = 136;
    public static final int DNS_SIZE = 56;
    public static final int DNS_LENGTH = 48;
    public static final int DNS_BYTES = 56;
    public static final int RESOLVED_SIZE = 568;
    public static final int RESOLVED_COUNT = 48;
    public static final int RESOLVED_NAME_LEN = 52;
    public static final int RESOLVED_NAME = 56;
    public static final int RESOLVED_ADDRESSES = 312;
    public static final int SESSION_SIZE = 144;
    public static final int SESSION_ID = 0;
    public static final int SESSION_SETTINGS = 8;
    public static final int SESSION_MADE = 16;
    public static final int SESSION_PROCESSES = 24;
    public static final int SESSION_CONNECTIONS = 32;
    public static final int SESSION_UNTRACKED = 40;
    public static final int SESSION_TRUNCATED = 48;
    public static final int SESSION_LOST = 56;

    private static final long[] EXPECTED = {
        HEADER_SIZE,
        HEADER_LENGTH,
        HEADER_TYPE,
        HEADER_FLAGS,
        HEADER_SESSION,
        HEADER_SEQUENCE,
        HEADER_TIME,
        HEADER_PROCESS,
        HEADER_HOST_PID,
        HEADER_PID,
        START_SIZE,
        START_PARENT,
        START_SPAN,
        START_PPID,
        START_TRACER_PID,
        START_UID,
        START_GID,
        START_COMM,
        EXEC_SIZE,
        EXEC_PARENT,
        EXEC_UID,
        EXEC_GID,
        EXEC_ARGS_LEN,
        EXEC_ENV_LEN,
        EXEC_BYTES_LEN,
        EXEC_NUMBER,
        EXEC_COMM,
        EXEC_FILENAME_LEN,
        EXEC_PATH_LEN,
        EXEC_PATHS,
        EXEC_BYTES,
        DATA_SIZE,
        DATA_EXEC,
        DATA_OFFSET,
        DATA_LENGTH,
        DATA_BYTES,
        END_SIZE,
        END_PARENT,
        END_START,
        END_CPU_TIME,
        END_MAX_RSS,
        END_STATUS,
        END_EXECS,
        END_THREADS,
        END_UID,
        END_GID,
        END_PPID,
        END_COMM,
        TCP_SIZE,
        TCP_ID,
        TCP_START,
        TCP_ESTABLISHED,
        TCP_CLOSING,
        TCP_BYTES_SENT,
        TCP_BYTES_RECEIVED,
        TCP_RTT,
        TCP_RETRANSMITS,
        TCP_ERROR,
        TCP_NETNS,
        TCP_FAMILY,
        TCP_STATE,
        TCP_LOCAL_PORT,
        TCP_PEER_PORT,
        TCP_LOCAL,
        TCP_PEER,
        DNS_SIZE,
        DNS_LENGTH,
        DNS_BYTES,
        RESOLVED_SIZE,
        RESOLVED_COUNT,
        RESOLVED_NAME_LEN,
        RESOLVED_NAME,
        RESOLVED_ADDRESSES,
        SESSION_SIZE,
        SESSION_ID,
        SESSION_SETTINGS,
        SESSION_MADE,
        SESSION_PROCESSES,
        SESSION_CONNECTIONS,
        SESSION_UNTRACKED,
        SESSION_TRUNCATED,
        SESSION_LOST,
        MAX_SESSIONS,
        TYPES,
    };

    private static final String[] TYPE_NAMES = {
        "",
        "process_start",
        "process_exec",
        "exec_data",
        "process_end",
        "connection_open",
        "connection_established",
        "connection_closing",
        "connection_end",
        "dns_answer",
        "name_resolved",
    };

    private RecordLayout() {}

    /** The name of a record type, such as {@code process_start}. */
    public static String typeName(int type) {
        return TYPE_NAMES[type];
    }

    /**
     * Compares the shim's sizes and offsets with these.
     *
     * @throws ProbeException if one differs: the library and the jar are of different versions
     */
    static void verify(long[] actual) {
        int differs = Arrays.mismatch(EXPECTED, actual);
        if (differs >= 0) {
            throw new ProbeException(
                    "the native library and this jar of sched-trace are of different versions: entry " + differs
                            + " of the record layout differs; use the library of this jar",
                    0);
        }
    }
}
