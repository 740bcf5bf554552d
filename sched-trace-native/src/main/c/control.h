/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What user space and the BPF programs exchange when user space calls a program or reads an iterator. */
#ifndef SCHEDTRACE_CONTROL_H
#define SCHEDTRACE_CONTROL_H

#include "record.h"

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

/* An element of the file that the iterator members yields: a process of a session that has not ended. */
struct st_member {
	__u64 session;
	__u64 pid;			/* in the pid namespace of the tracing JVM; 0 = outside */
};

#endif
