/* SPDX-License-Identifier: Apache-2.0 */
/* Passes the descriptors of the programs to another process (SCM_RIGHTS). */
#ifndef SCHEDTRACE_PASS_PROGRAMS_H
#define SCHEDTRACE_PASS_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include "programs.h"

/* What a message that carries programs begins with. Bit n: there is the nth descriptor of struct programs. */
struct passed_programs {
	__u64 build;			/* ST_BUILD_FINGERPRINT */
	__u32 present;
	__u32 unused;
};

_Static_assert(PROGRAMS_COUNT <= 32, "present has a bit for each descriptor");

/* Sends a message that begins with a struct passed_programs, which this function fills. Returns 0 or -1, see errno. */
int send_programs(int socket, const struct programs *programs, struct passed_programs *message, size_t size);

/*
 * Waits for such a message of this size. Returns 0 or -1, see errno: EPROTO if it is not of this build. Without
 * programs all descriptors are -1.
 */
int receive_programs(int socket, struct programs *programs, struct passed_programs *message, size_t size);

#endif
