/* SPDX-License-Identifier: Apache-2.0 */
/* How long a piece of work took, printed as "WALL_NS CPU_NS" on standard output; CPU is user and system, children included. */
#ifndef BENCH_TIMED_H
#define BENCH_TIMED_H

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static inline long long wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline long long usage_ns(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

static inline long long cpu_ns(void)
{
	return usage_ns(RUSAGE_SELF) + usage_ns(RUSAGE_CHILDREN);
}

static inline void report(long long wall_start, long long cpu_start)
{
	printf("%lld %lld\n", wall_ns() - wall_start, cpu_ns() - cpu_start);
}

#endif
