/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages between a JVM and sched-trace-helper over Unix sockets of the type SOCK_SEQPACKET. Both begin with one
 * request and one answer, which carries descriptors of the programs (SCM_RIGHTS):
 *
 * - The helper has one of a pair of sockets as its descriptor 0, passes on all descriptors, and ends.
 * - The daemon is the same program, started by root with a listening socket as its descriptor 0. It passes on the ring
 *   and the sessions, and then answers a daemon_request at a time until the client closes the socket.
 */
#ifndef SCHEDTRACE_HELPER_H
#define SCHEDTRACE_HELPER_H

#include <linux/types.h>
#include "programs.h"

#define HELPER_RING_MIN 4096
#define HELPER_RING_MAX (64 << 20)
#define HELPER_SECONDS 30		/* after which the helper ends, and the daemon no longer waits for a request */
#define DAEMON_RING_MAX (16 << 20)
#define DAEMON_CLIENTS_OF_USER 32
#define DAEMON_CLIENTS 256
#define DAEMON_PIDS 500			/* in one answer */
#define HELPER_WHAT_LEN 48

/* How a request went; io.schedtrace.bpf.HelperException.Failure has the same names in the same order. */
enum helper_status {
	HELPER_DONE,
	/* What the helper answers. */
	HELPER_OTHER_VERSION,		/* client and helper were built from different sources */
	HELPER_BAD_REQUEST,
	HELPER_NO_CAPABILITIES,		/* the kernel has not given it those of its file */
	HELPER_OLD_KERNEL,		/* before 5.19 */
	HELPER_CANNOT_LOAD,		/* answer.what says what has failed, answer.error is errno */
	HELPER_TOO_MANY_OF_USER,	/* the daemon serves this user answer.error times already */
	HELPER_TOO_MANY,		/* the daemon serves answer.error clients already */
	HELPER_NOT_FOR_US,		/* the user may not read the client in /proc; error is errno */
	/* What the client finds out by itself. */
	HELPER_CANNOT_START,		/* the helper, or a connection to the daemon; error is errno */
	HELPER_DIED,			/* error is the status as waitpid(2) returns it */
	HELPER_SILENT,			/* no answer in time */
	HELPER_GARBAGE,			/* no answer that this protocol knows */
};

struct helper_request {
	__u64 build;			/* ST_BUILD_FINGERPRINT */
	__u32 ring_bytes;		/* a power of two from HELPER_RING_MIN to HELPER_RING_MAX */
	__u32 unused;			/* 0 */
};

/* The first two members have this place in all versions. */
struct helper_answer {
	__u64 build;
	__u32 status;			/* enum helper_status */
	__s32 error;
	char what[HELPER_WHAT_LEN];
	__u32 count;			/* of the descriptors */
	__u8 places[PROGRAMS_COUNT];	/* of each descriptor in struct programs, counted in descriptors */
	__u8 unused[(8 - (PROGRAMS_COUNT + 4) % 8) % 8];
};

enum daemon_request_kind {
	DAEMON_TAG,			/* a thread of the client, as thread and args say */
	DAEMON_MEMBERS,			/* list the processes of args.session: any number of answers */
	DAEMON_WIPE,			/* overwrite a part of the ring */
	DAEMON_WATCH,			/* attach what sessions with the settings args.session need (enum st_setting) */
	DAEMON_REQUESTS
};

struct daemon_request {
	__u32 kind;			/* enum daemon_request_kind */
	__u32 thread;			/* gettid(2) in the client's pid namespace */
	struct st_tag_args args;
};

struct daemon_answer {
	__s32 result;			/* 0 or -errno */
	__u16 count;			/* of the pids */
	__u16 more;			/* whether another answer follows */
	__s64 pids[DAEMON_PIDS];	/* only the first count of them are sent */
};

#define DAEMON_ANSWER_LEN(count) (offsetof(struct daemon_answer, pids) + sizeof(__s64) * (count))

#endif
