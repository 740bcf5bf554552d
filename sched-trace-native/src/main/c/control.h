/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What user space and the BPF programs exchange when user space calls a program or reads an iterator. */
#ifndef SCHEDTRACE_CONTROL_H
#define SCHEDTRACE_CONTROL_H

#include "record.h"

/* What to do with the tag of the calling thread or process. */
enum st_tag_kind {
	ST_TAG_NONE,			/* remove the launch, or the whole tag if there is no launch */
	ST_TAG_TEST,			/* children, threads and own sockets belong to the session */
	ST_TAG_LAUNCH,			/* children belong to the session; takes precedence over ST_TAG_TEST */
	ST_TAG_JVM,			/* not the thread but its process: threads without an open session use this one */
	ST_TAG_MEET,			/* nothing: get to know the client, see client.bpf.h */
};

/* What the program tag_thread returns. */
enum st_tag_result {
	ST_TAG_DONE,
	ST_TAG_NO_MEMORY,
	ST_TAG_REFUSED,			/* the user may not read this process in /proc, see secrets.bpf.h */
	ST_TAG_NOT_FOUND,		/* the client of the daemon has no such thread */
};

/* The context of the program tag_thread. */
struct st_tag_args {
	__u64 session;			/* 0 = none */
	__u64 kind;			/* enum st_tag_kind */
	__u64 span;			/* the span id of the child of a launch; 0 = none */
};

/* What the program tag_client is to do. */
struct st_client_request {
	__u64 session;
	__u64 kind;
	__u64 span;
	__u32 process;			/* in the pid namespace of the daemon */
	__u32 thread;			/* in the innermost pid namespace */
	__u64 result;			/* enum st_tag_result; ST_TAG_NOT_FOUND until there is one */
};

/* The context of the program find_missed. */
struct st_find_missed_args {
	__u64 session;
};

/* An element of the file that the iterator members yields: a process of a session that has not ended. */
struct st_member {
	__u64 session;
	__u64 pid;			/* in the pid namespace of the tracing JVM; 0 = outside */
};

#endif
