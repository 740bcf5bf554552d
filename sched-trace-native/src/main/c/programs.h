/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses, loads and attaches the BPF programs. */
#ifndef SCHEDTRACE_PROGRAMS_H
#define SCHEDTRACE_PROGRAMS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "control.h"

#define MAX_LINKS 16
#define MAX_OBJECTS 64		/* that are loaded for a user at a time */

/*
 * The descriptors of the loaded programs; -1 = none. They are all that a process needs to use the programs (probe.h),
 * and keep them loaded and attached: also when they are passed to another process and the one that has loaded them
 * exits.
 */
struct programs {
	int ring;			/* map */
	int sessions;			/* map */
	int tag_thread;			/* program, run on demand */
	int find_missed;		/* program, run on demand */
	int wipe_ring;			/* program, run on demand */
	int members;			/* link of an iterator */
	int tag_client;			/* link of an iterator; only for the daemon */
	int client;			/* map, says what tag_client is to do; only for the daemon */
	int maps;			/* link of an iterator; only for the daemon */
	int dns_answers;		/* program, attached on demand to its tracepoint */
	int getaddrinfo_entry;		/* program, attached on demand to the function's entry */
	int getaddrinfo_return;		/* program, attached on demand to the function's return */
	int links[MAX_LINKS];		/* of the attached programs, without members */
};

#define PROGRAMS_COUNT (sizeof(struct programs) / sizeof(int))

/* The user for whom the programs are loaded, if not for the process that loads them (secrets.bpf.h). */
struct user {
	__u32 uid;
	__u32 gid;
	__u32 netns;			/* inode numbers of his namespaces; 0 for a client of the daemon */
	__u32 userns;
	pid_t client;			/* the process that the daemon loads them for; 0 = the helper loads them */
};

/* Whether the running kernel is that release or a later one. */
bool is_since(int major, int minor);

/* Has libbpf print nothing. For a program: the library keeps what libbpf says for its exceptions. */
void quiet_libbpf(void);

/*
 * Loads and attaches the programs, with a ring of that size. For a user, the programs withhold what is not his. For a
 * user of the helper there are only the descriptors that may be given to him, and errno is EDQUOT if MAX_OBJECTS have
 * been loaded for him already. For a client of the daemon errno is EACCES if its user may not read the client in /proc,
 * and ESRCH if there is no such process. user may be null.
 * Returns null, or what has failed, see errno; then there are no descriptors.
 */
const char *load_programs(struct programs *programs, size_t ring_bytes, const struct user *user);

/*
 * Tags a thread of the client of the daemon, given by its id in its own pid namespace. Returns an enum st_tag_result,
 * or -errno.
 */
int tag_thread_of_client(const struct programs *programs, pid_t client, __u32 thread, const struct st_tag_args *args);

/* Closes the descriptors. Keeps errno. */
void close_programs(struct programs *programs);

#endif
