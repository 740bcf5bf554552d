/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory that a JVM shares with sched-trace-ptracer, the program that traces for a JVM without privileges. It is
 * a memfd with these areas, each of which begins at a page:
 *
 *   struct pt_shared | sessions | consumer page | producer page | data of the ring
 *
 * The ring has the layout of a BPF ring buffer; its data is mapped twice in a row. The JVM closes its end of a socket
 * when it ends, and so does the tracer.
 */
#ifndef SCHEDTRACE_PTRACER_H
#define SCHEDTRACE_PTRACER_H

#include <linux/types.h>
#include <signal.h>
#include <stddef.h>
#include "control.h"
#include "record.h"

/* The descriptors that the tracer starts with. */
enum pt_fd {
	PT_SOCKET,			/* to the JVM */
	PT_MEMORY = 3,			/* the memfd */
	PT_EVENT,			/* an eventfd that wakes the reader of the ring */
	PT_FDS
};

#define PT_SIGNAL SIGUSR1		/* tells the tracer of a request */
#define PT_MEMBERS 32768		/* processes that are listed */

/* What a JVM asks the tracer for. enum st_tag_kind comes first. */
enum pt_kind {
	PT_WIPE = ST_TAG_JVM + 1,	/* overwrite the part of the ring that has been read */
};

/* A process that has not ended, or a free place. */
struct pt_member {
	__u64 session;			/* 0 = none any more */
	__u32 pid;			/* 0 = a free place */
	__u32 filtered;			/* whether it has the filter */
};

struct pt_shared {
	__u64 build;			/* ST_BUILD_FINGERPRINT of the JVM's side */
	__u32 ring_bytes;
	__u32 jvm;			/* its process id */
	__u32 tracer;			/* the process id of the tracer; 0 = it has not started yet */
	__u32 guardian;			/* that of its parent */
	__u32 request;			/* the JVM increments it when a request is complete */
	__u32 reply;			/* the tracer sets it to the number of the request, and wakes its waiters (futex) */
	__s32 result;			/* 0 or -errno */
	__u32 kind;			/* enum st_tag_kind or enum pt_kind */
	__u32 thread;			/* that asks */
	__u64 session;
	__u64 span;
	__u32 members_used;		/* all later ones are free */
	struct pt_member members[PT_MEMBERS];
};

/* The areas of the memory in this process. */
struct pt_memory {
	struct pt_shared *shared;
	struct st_session *sessions;
	__u64 *consumer;		/* one page */
	__u64 *producer;		/* one page, then the data twice */
	size_t page;
	size_t ring_bytes;
};

/* Returns the size of the memfd. */
size_t pt_memory_size(size_t ring_bytes);

/* Maps the memory. Returns 0, or -1, see errno. */
int pt_map_memory(struct pt_memory *memory, int fd, size_t ring_bytes);

void pt_unmap_memory(struct pt_memory *memory);

#endif
