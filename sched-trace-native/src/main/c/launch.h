/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the launcher (sched-trace.c) and the JVM that traces for it say to each other, over a pair of Unix sockets of
 * the type SOCK_SEQPACKET. The JVM's end is its descriptor LAUNCH_SOCKET.
 *
 * The launcher sends one hello. If it has loaded the programs, it has started the command already. Else the JVM sends
 * one order when its options are valid and it is ready to trace, and the launcher then starts the command. When the
 * command has ended, the launcher sends its status. It closes its end, or dies, when there is nothing more to say.
 */
#ifndef SCHEDTRACE_LAUNCH_H
#define SCHEDTRACE_LAUNCH_H

#include <linux/types.h>
#include "pass_programs.h"

#define LAUNCH_SOCKET 3
#define LAUNCH_RING_BYTES (8 << 20)	/* SharedProbe.DEFAULT_SIZE */
#define LAUNCH_SESSION (1ULL << 32)	/* of programs that the launcher has loaded; no JVM counts that far */
#define LAUNCH_TRACE_ID_LEN 33		/* in hexadecimal digits, with its NUL */
#define LAUNCH_TRACEPARENT_LEN 56	/* of a traceparent of W3C Trace Context, with its NUL */

/* The session LAUNCH_SESSION is open, and the command is in it. */
struct launch_hello {
	struct passed_programs programs;
	__u32 by_helper;		/* whether the helper has loaded them */
	__s32 pid;			/* of the command; 0 = it has not been started */
	char trace_id[LAUNCH_TRACE_ID_LEN];
	char unused[7];
};

/* Start the command in that session. Carries the descriptor of the program tag_thread (SCM_RIGHTS). */
struct launch_order {
	__u64 session;
	__u64 span;				/* the span id of the command */
	char traceparent[LAUNCH_TRACEPARENT_LEN];	/* for its environment; empty = leave it as it is */
};

/* The answer to an order: the pid of the command; and its end: its status as waitpid(2) returns it. */
struct launch_event {
	__s32 value;
};

#endif
