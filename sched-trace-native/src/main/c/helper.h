/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a JVM and sched-trace-helper say to each other: one request and one answer over a pair of Unix sockets of the
 * type SOCK_SEQPACKET, one end of which is the helper's descriptor 0. The answer carries the descriptors of the
 * programs (SCM_RIGHTS).
 */
#ifndef SCHEDTRACE_HELPER_H
#define SCHEDTRACE_HELPER_H

#include <linux/types.h>
#include "programs.h"

#define HELPER_RING_MIN 4096
#define HELPER_RING_MAX (64 << 20)
#define HELPER_SECONDS 30		/* after which the helper ends in any case */
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
	/* What the client finds out by itself. */
	HELPER_CANNOT_START,		/* error is errno */
	HELPER_DIED,			/* error is the status as waitpid(2) returns it */
	HELPER_SILENT,			/* no answer in time */
	HELPER_GARBAGE,			/* no answer that this protocol knows */
	HELPER_NOT_FOR_US,		/* the programs refuse to tag threads of this process */
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

#endif
