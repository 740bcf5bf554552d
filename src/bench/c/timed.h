/* SPDX-License-Identifier: Apache-2.0 */
/* How long a piece of work took, in nanoseconds of wall time, printed on standard output. */
#ifndef BENCH_TIMED_H
#define BENCH_TIMED_H

#include <stdio.h>
#include <time.h>

static inline long long wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline void report(long long start)
{
	printf("%lld\n", wall_ns() - start);
}

#endif
