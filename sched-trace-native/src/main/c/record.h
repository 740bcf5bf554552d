/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The record contract: what the BPF program writes, the shim describes and RecordLayout.java reads.
 * All integers are in native byte order, all times CLOCK_MONOTONIC nanoseconds. Both targets are 64-bit
 * little-endian with natural alignment; every struct is a multiple of 8 bytes without hidden padding.
 */
#ifndef SCHEDTRACE_RECORD_H
#define SCHEDTRACE_RECORD_H

#define ST_COMM_LEN 16
#define ST_MAX_SESSIONS 1024		/* a power of two: a session's slot is its id modulo this */
#define ST_PATHS_LEN 1024		/* room for filename and path in an exec record */
#define ST_NAME_LEN 256			/* one path component or chunk of the filename, with its NUL */
#define ST_BLOCK_LEN (16 * 1024)	/* arguments and environment per record */
#define ST_DNS_SHORT_LEN 512		/* room for most answers */
#define ST_DNS_MEDIUM_LEN 4096
#define ST_DNS_LONG_LEN 65535		/* for any */
#define ST_ADDRESSES 16			/* of one name */
#define ST_MAX_BLOCKS 32		/* so many of them per exec at the most: 512 KiB */

enum st_type {
	ST_PROCESS_START = 1,
	ST_PROCESS_EXEC,
	ST_EXEC_DATA,
	ST_PROCESS_END,
	ST_CONNECTION_OPEN,
	ST_CONNECTION_ESTABLISHED,
	ST_CONNECTION_CLOSING,
	ST_CONNECTION_END,
	ST_DNS_ANSWER,
	ST_NAME_RESOLVED,
	ST_TYPES			/* one more than the last */
};

enum st_flags {
	ST_TRUNCATED = 1 << 0,		/* exec: arguments or environment go on beyond the limit */
	ST_UNREADABLE = 1 << 1,		/* exec: arguments or environment were not resident */
	ST_PATH_TRUNCATED = 1 << 2,	/* exec: the path has more components than there is room for */
	ST_LOSSY = 1 << 3,		/* end: an earlier record of this process or connection was lost */
	ST_UNTRACKED = 1 << 4,		/* start: no memory for the tag, nothing more of this process will come */
	ST_SERVER = 1 << 5,		/* connection: accepted, not connected */
	ST_ABORTED = 1 << 6,		/* connection end: by RST of the local side */
};

struct st_header {
	__u32 size;			/* of the whole record, this header included */
	__u16 type;			/* enum st_type */
	__u16 flags;			/* enum st_flags */
	__u64 session;
	__u64 sequence;			/* counts the records made in the session, lost ones included, from 1 */
	__u64 time;
	__u64 process;			/* of the process that it is about: the sequence of its start record; 0 = the tracing JVM */
	__u32 host_pid;			/* in the initial pid namespace */
	__u32 pid;			/* in the innermost pid namespace of the process */
};

struct st_process_start {
	struct st_header header;
	__u64 parent;			/* the process that forked it */
	__u64 span;			/* the span id that the tracing JVM chose for it; 0 = none */
	__u32 ppid;			/* of the parent, in the pid namespace of the process; 0 = outside */
	__u32 tracer_pid;		/* in the pid namespace of the tracing JVM */
	__u32 uid;
	__u32 gid;
	char comm[ST_COMM_LEN];
};

/* The filename as given to execve and a NUL, then the components of the path from the last to the first, each with one. */
struct st_paths {
	__u32 filename_len;
	__u32 path_len;
	char bytes[ST_PATHS_LEN];
};

/*
 * data holds the first data_len bytes of the block [arguments | environment], which is args_len + env_len long. Further
 * parts follow in ST_EXEC_DATA records.
 */
struct st_process_exec {
	struct st_header header;
	__u64 parent;
	__u32 uid;
	__u32 gid;
	__u32 args_len;
	__u32 env_len;
	__u32 data_len;
	__u32 number;			/* counts the execs of the process from 1 */
	char comm[ST_COMM_LEN];
	struct st_paths paths;
	char data[];
};

struct st_exec_data {
	struct st_header header;
	__u64 exec;			/* the sequence of the exec record */
	__u32 offset;			/* in the block */
	__u32 data_len;
	char data[];
};

struct st_process_end {
	struct st_header header;
	__u64 parent;
	__u64 start;			/* when it was forked */
	__u64 cpu_time;			/* nanoseconds */
	__u64 max_rss;			/* pages */
	__u32 status;			/* as waitpid(2) yields it */
	__u32 execs;
	__u32 threads;			/* since its last exec, the first one included */
	__u32 uid;
	__u32 gid;
	__u32 ppid;
	char comm[ST_COMM_LEN];
};

/* header.process is the owner */
struct st_connection {
	struct st_header header;
	__u64 connection;		/* the sequence of its open record */
	__u64 start;
	__u64 established;		/* 0 = not (yet) */
	__u64 closing;			/* the first local close; 0 = not (yet) */
	__u64 bytes_sent;		/* payload without retransmissions */
	__u64 bytes_received;		/* payload in order */
	__u32 rtt;			/* smoothed, microseconds */
	__u32 retransmits;		/* segments */
	__u32 error;			/* sk_err; 0 = none */
	__u32 netns;			/* inode number of the network namespace */
	__u16 family;			/* AF_INET or AF_INET6: the socket's */
	__u16 state;			/* the TCP state before this transition */
	__u16 local_port;
	__u16 peer_port;
	__u8 local[16];			/* IPv4 as IPv4-mapped IPv6 */
	__u8 peer[16];
};

/* An answer to a DNS query, as it was on the wire. */
struct st_dns {
	struct st_header header;
	__u32 data_len;
	__u32 unused;
	char data[];
};

/* What getaddrinfo(3) answered. */
struct st_name_resolved {
	struct st_header header;
	__u32 count;			/* of addresses; one may stand for several socket types, and so several times */
	__u32 name_len;
	char name[ST_NAME_LEN];
	__u8 addresses[ST_ADDRESSES][16];	/* IPv4 as IPv4-mapped IPv6 */
};

/*
 * What a session is and what became of its records: an element of an array that user space maps. User space sets
 * id last to open and clears it first to close; all else but the settings is written by the BPF program.
 */
enum st_settings {
	ST_WANT_ENVIRONMENT = 1 << 0,
	ST_WANT_DNS = 1 << 1,
	ST_WANT_GETADDRINFO = 1 << 2,
};

struct st_session {
	__u64 id;			/* 0 = free */
	__u64 settings;			/* enum st_settings */
	__u64 made;			/* records, lost ones included */
	__u64 processes;		/* alive */
	__u64 connections;		/* open */
	__u64 untracked;		/* processes and sockets without memory for a tag */
	__u64 truncated;		/* execs with ST_TRUNCATED or ST_UNREADABLE */
	__u64 lost[ST_TYPES];		/* records that found no room, by type; [0] is unused */
};

/* How the tracing JVM tags the calling thread: the context of the program that bpf(BPF_PROG_TEST_RUN) runs. */
enum st_scope {
	ST_SCOPE_LEAVE,			/* take off the tag of the test, or of the launch if there is one */
	ST_SCOPE_TEST,			/* children, threads and own sockets belong to the session */
	ST_SCOPE_LAUNCH,		/* children belong to the session; within a test it takes precedence */
};

struct st_scope_args {
	__u64 session;
	__u64 scope;			/* enum st_scope */
	__u64 span;			/* for the child of a launch */
};

/* A process that has not ended, as the kernel's list of tasks has it. */
struct st_member {
	__u64 session;
	__u64 pid;			/* in the tracing JVM's pid namespace; 0 = outside */
};

#endif
