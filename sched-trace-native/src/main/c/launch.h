/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the launcher (sched-trace.c) and the JVM that traces for it say to each other, over a pair of Unix sockets of
 * the type SOCK_SEQPACKET. The JVM's end is its descriptor LAUNCH_SOCKET.
 *
 * The JVM sends one order when its options are valid and it is ready to trace. The launcher answers with events. It
 * closes its end, or dies, when there is nothing more to say.
 */
#ifndef SCHEDTRACE_LAUNCH_H
#define SCHEDTRACE_LAUNCH_H

#include <linux/types.h>

#define LAUNCH_SOCKET 3
#define LAUNCH_TRACEPARENT_LEN 56	/* of a traceparent of W3C Trace Context, with its NUL */

/* Start the command in that session. Carries the descriptor of the program tag_thread (SCM_RIGHTS). */
struct launch_order {
	__u64 session;
	__u64 span;				/* the span id of the command */
	char traceparent[LAUNCH_TRACEPARENT_LEN];	/* for its environment; empty = leave it as it is */
};

enum launch_event_kind {
	LAUNCH_STARTED = 1,		/* value is the pid of the command */
	LAUNCH_ENDED,			/* value is its status as waitpid(2) returns it */
};

struct launch_event {
	__u32 kind;			/* enum launch_event_kind */
	__s32 value;
};

#endif
