/* SPDX-License-Identifier: Apache-2.0 */
/* Starts sched-trace-ptracer for this JVM and asks it for things. */
#ifndef SCHEDTRACE_TRACER_CLIENT_H
#define SCHEDTRACE_TRACER_CLIENT_H

#include <linux/types.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include "ptracer.h"

struct tracer {
	struct pt_memory memory;
	pthread_mutex_t lock;		/* one request at a time */
	int socket;			/* the tracer ends when this is closed */
	int event;			/* the tracer wakes the reader of the ring with it */
	int pidfd;			/* of the tracer */
	bool abandoned;			/* abandon_sessions() has been called */
};

/*
 * Starts the program of that file, or of these bytes if file is null. Returns null on failure, and what has failed; see
 * errno.
 */
struct tracer *start_tracer(const char *file, const void *program, size_t length, size_t ring_bytes,
			    const char **failed);

/* Has the tracer let everything go and end; unmaps the memory. */
void end_tracer(struct tracer *tracer);

/* Whether the tracer has not ended. */
bool is_tracing(const struct tracer *tracer);

/* Asks the tracer on behalf of the calling thread, and waits until that is done. Returns 0 or -errno. */
int ask_tracer(struct tracer *tracer, __u32 kind, __u64 session, __u64 span);

/* Lists the processes of a session that have not ended, as list_members() in probe.h does. */
long list_traced(const struct tracer *tracer, __u64 session, __s64 **pids);

/* Counts the ends of all that is open as lost, after the tracer has ended. */
void abandon_sessions(struct tracer *tracer);

#endif
