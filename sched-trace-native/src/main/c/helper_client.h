/* SPDX-License-Identifier: Apache-2.0 */
/* Has sched-trace-helper load the programs, as helper or as daemon. */
#ifndef SCHEDTRACE_HELPER_CLIENT_H
#define SCHEDTRACE_HELPER_CLIENT_H

#include <stddef.h>
#include "helper.h"
#include "programs.h"

struct helper_failure {
	enum helper_status status;
	int error;
	char what[HELPER_WHAT_LEN];
};

/*
 * Starts the helper and receives the descriptors of the programs, with a ring of that size. Waits for the answer and
 * for the end of the helper, but not longer than timeout_millis. Returns 0, or -1 with no descriptors and the reason
 * in failure.
 */
int load_programs_through(const char *helper, size_t ring_bytes, int timeout_millis, struct programs *programs,
			  struct helper_failure *failure);

/*
 * Connects to the daemon at that path and receives the descriptors of the ring and the sessions. Waits for the answer,
 * but not longer than timeout_millis. Returns the socket, or -1 with no descriptors and the reason in failure.
 */
int load_programs_by_daemon(const char *path, size_t ring_bytes, int timeout_millis, struct programs *programs,
			    struct helper_failure *failure);

#endif
