/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The records that the BPF programs write into the ring, and the table of sessions. This is the only definition of
 * their layout: the build generates RecordLayout.java from the BTF of these types (record-layout.awk).
 *
 * All integers are in native byte order, all times are CLOCK_MONOTONIC nanoseconds. Both targets are 64-bit
 * little-endian with natural alignment; every struct is a multiple of 8 bytes without hidden padding.
 */
#ifndef SCHEDTRACE_RECORD_H
#define SCHEDTRACE_RECORD_H

#ifdef __bpf__
#include "kernel.h"
#else
#include <linux/types.h>
#endif

#define ST_COMM_LEN 16
#define ST_ADDRESS_LEN 16		/* IPv4 addresses are IPv4-mapped IPv6 */
#define ST_PATHS_LEN 1024		/* space for filename and path in an exec record */
#define ST_NAME_LEN 256			/* one path component or chunk of the filename, including its NUL */
#define ST_BLOCK_LEN (16 * 1024)	/* arguments and environment in one record */
#define ST_MAX_BLOCKS 32		/* records of arguments and environment for one exec */
#define ST_DNS_SHORT_LEN 512		/* enough for most answers */
#define ST_DNS_MEDIUM_LEN 4096
#define ST_DNS_LONG_LEN 65535		/* enough for all answers */
#define ST_ADDRESSES 16			/* addresses in one record */

enum st_limit {
	ST_LIMIT_SESSIONS = 1024,	/* open at once; a power of two, because a session's slot is its id modulo this */
	ST_LIMIT_BLOCK = ST_MAX_BLOCKS * ST_BLOCK_LEN,	/* bytes of arguments and environment of one exec */
};

enum st_type {
	ST_PROCESS_START = 1,		/* a process was forked */
	ST_PROCESS_EXEC,		/* a process has started a program */
	ST_EXEC_DATA,			/* more arguments and environment of an exec */
	ST_PROCESS_END,			/* the last thread of a process has ended */
	ST_CONNECTION_OPEN,		/* a client sends SYN, or a server's handshake is complete */
	ST_CONNECTION_ESTABLISHED,	/* a client's handshake is complete */
	ST_CONNECTION_CLOSING,		/* the local side has closed */
	ST_CONNECTION_END,		/* the socket has closed */
	ST_DNS_ANSWER,			/* a traced task has read a DNS answer */
	ST_NAME_RESOLVED,		/* getaddrinfo(3) has returned addresses */
	ST_LISTEN_START,		/* a socket has begun to listen */
	ST_LISTEN_END,			/* it has stopped, which is when it closes */
	ST_TYPE_COUNT			/* the number of types, counting 0, which is unused */
};

enum st_flag {
	ST_TRUNCATED = 1 << 0,		/* exec: arguments and environment exceed the limit */
	ST_UNREADABLE = 1 << 1,		/* exec: arguments or environment were not resident */
	ST_PATH_TRUNCATED = 1 << 2,	/* exec: the path does not fit */
	ST_LOSSY = 1 << 3,		/* end: an earlier record of this process, connection or listener was lost */
	ST_UNTRACKED = 1 << 4,		/* start: there was no memory for the tag, so no further records of this process follow */
	ST_SERVER = 1 << 5,		/* connection: accepted, not connected */
	ST_ABORTED = 1 << 6,		/* connection end: the local side has sent RST */
	ST_LAUNCHED = 1 << 7,		/* start, exec, end: forked by a thread that was tagged for a launch */
	ST_FILENAME_TRUNCATED = 1 << 8,	/* exec: the filename does not fit */
	ST_HIDDEN = 1 << 9,		/* start, exec, end: program and name are withheld and absent, see secrets.bpf.h */
	ST_UNCOUNTED = 1 << 10,		/* connection end: the counters are not known */
};

/* The beginning of every record. */
struct st_header {
	__u32 size;			/* of the whole record, including this header */
	__u16 type;			/* enum st_type */
	__u16 flags;			/* enum st_flag */
	__u64 session;
	__u64 sequence;			/* numbers the records of the session from 1, including lost ones */
	__u64 time;
	__u64 process;			/* the sequence of the process's start record; 0 = the tracing JVM */
	__u32 host_pid;			/* in the initial pid namespace */
	__u32 pid;			/* in the innermost pid namespace of the process */
};

/* A process was forked. */
struct st_process_start {
	struct st_header header;
	__u64 parent;			/* the process that forked it */
	__u64 span;			/* the span id that the tracing JVM has chosen for it; 0 = none */
	__u32 ppid;			/* of the parent, in the pid namespace of the process; 0 = outside */
	__u32 tracer_pid;		/* in the pid namespace of the tracing JVM */
	__u32 uid;
	__u32 gid;
	char comm[ST_COMM_LEN];
};

/*
 * The filename as passed to execve(2) and a NUL, then the components of the path from last to first, each with a NUL.
 */
struct st_paths {
	__u32 filename_len;
	__u32 path_len;
	char bytes[ST_PATHS_LEN];
};

/*
 * A process has started a program. data holds the first data_len bytes of the block [arguments | environment], which
 * is args_len + env_len bytes long. ST_EXEC_DATA records hold the rest, up to ST_LIMIT_BLOCK.
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

/* More of the block of an exec. */
struct st_exec_data {
	struct st_header header;
	__u64 exec;			/* the sequence of the exec record */
	__u32 offset;			/* in the block */
	__u32 data_len;
	char data[];
};

/* The last thread of a process has ended. */
struct st_process_end {
	struct st_header header;
	__u64 parent;
	__u64 start;			/* when it was forked */
	__u64 cpu_time;			/* nanoseconds */
	__u64 max_rss;			/* pages */
	__u32 status;			/* as waitpid(2) returns it */
	__u32 execs;
	__u32 threads;			/* since its last exec, including the first one */
	__u32 uid;
	__u32 gid;
	__u32 ppid;
	char comm[ST_COMM_LEN];
};

/* A TCP connection has changed its state. header.process is the owner. */
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
	__u16 family;			/* of the socket: AF_INET or AF_INET6 */
	__u16 state;			/* the TCP state before this transition */
	__u16 local_port;
	__u16 peer_port;
	__u8 local[ST_ADDRESS_LEN];
	__u8 peer[ST_ADDRESS_LEN];
	__u32 device;			/* index of the interface that the socket is bound to; 0 = none */
	__u32 unused;
};

/* A socket has begun to listen, or has stopped. header.process is the one that has called listen(2). */
struct st_listener {
	struct st_header header;
	__u64 listener;			/* the sequence of its start record */
	__u64 start;
	__u32 device;			/* index of the interface that the socket is bound to; 0 = none */
	__u16 port;			/* 0 = not known: without bind(2) the kernel chooses one after the start record */
	__u16 unused;
	__u8 address[ST_ADDRESS_LEN];
};

/* An answer to a DNS query, as received. */
struct st_dns_answer {
	struct st_header header;
	__u32 data_len;
	__u32 unused;
	char data[];
};

/* A result of getaddrinfo(3), or a part of it: a long one makes several records. */
struct st_name_resolved {
	struct st_header header;
	__u32 count;			/* of addresses */
	__u32 name_len;
	char name[ST_NAME_LEN];
	__u8 addresses[ST_ADDRESSES][ST_ADDRESS_LEN];
};

enum st_setting {
	ST_WANT_ENVIRONMENT = 1 << 0,	/* exec records carry the environment */
	ST_WANT_DNS = 1 << 1,		/* DNS answers are recorded */
	ST_WANT_GETADDRINFO = 1 << 2,	/* results of getaddrinfo(3) are recorded */
};

/*
 * A session and its counters: an element of an array that user space maps. User space sets id last to open a session
 * and clears it first to close it; it also sets the settings. The BPF programs write everything else.
 *
 * A session whose id has the highest bit set is muted: nothing of it is recorded. While it is open, its threads do not
 * fall back to the session of their process.
 */
struct st_session {
	__u64 id;			/* 0 = free */
	__u64 settings;			/* enum st_setting */
	__u64 made;			/* records, including lost ones */
	__u64 processes;		/* alive */
	__u64 connections;		/* open */
	__u64 listeners;		/* listening; without those of the tracing JVM */
	__u64 untracked;		/* processes, threads and sockets without memory for a tag */
	__u64 truncated;		/* execs with ST_TRUNCATED or ST_UNREADABLE */
	__u64 lost[ST_TYPE_COUNT];	/* records that did not fit into the ring, by type */
};

#endif
