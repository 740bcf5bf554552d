/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a grown tree knows of itself: one file that all its processes map. Fidelity.java reads it; integers are little
 * endian, offsets as declared. Counters are atomic, an entry is written by its own process or by its parent alone.
 */
#ifndef BENCH_TRUTH_H
#define BENCH_TRUTH_H

#include <stdint.h>

#define MAX_PROCESSES 4096
#define MAX_CONNECTIONS 8192
#define ARGS_LEN 192

struct process {
	int32_t pid;
	int32_t parent;		/* the pid that forked it */
	int32_t execs;
	int32_t threads;	/* since the last exec */
	int32_t status;		/* as waitpid yields it, without the core bit; or LEADER_OR_LAST */
	int32_t way;		/* how it was made, for the report */
	int32_t args_len;
	char args[ARGS_LEN];	/* the last ones, each with its NUL */
};

/* One end of a connection. */
struct end {
	int32_t pid;		/* of the owner: who connected, or who closes a server's end */
	int32_t server;
	int32_t local_port;
	int32_t peer_port;
	int32_t sent;
	int32_t received;
	int32_t outcome;	/* enum outcome */
	int32_t family;
};

/*
 * The leader ended with LEADER_CODE, the last thread with LAST_CODE, none with exit_group(2): kernels differ in which one
 * waitpid yields. Who waits resolves it; for an orphan it stays open.
 */
#define LEADER_OR_LAST (-1)
#define LEADER_CODE 3
#define LAST_CODE 5

enum outcome { CLOSED, REFUSED, RESET };

struct truth {
	int32_t size;		/* as many processes there may be */
	int32_t processes;	/* asked for, may be more than size */
	int32_t ends;
	int32_t failures;	/* steps that did not go as planned: the truth is none then */
	struct process process[MAX_PROCESSES];
	struct end end[MAX_CONNECTIONS];
};

#endif
