/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uses what makes the records: reads its ring, tags threads, lists processes. That is either loaded BPF programs,
 * through their descriptors alone, or a tracer (tracer_client.h).
 */
#ifndef SCHEDTRACE_PROBE_H
#define SCHEDTRACE_PROBE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include "control.h"
#include "programs.h"

struct tracer;

struct probe {
	struct tracer *tracer;		/* null = BPF programs */
	struct programs programs;
	int epoll;
	int event;			/* wakes the thread in await_records() */
	int daemon;			/* the socket of the daemon that has the programs; -1 = they are here */
	bool lost;			/* whether the daemon has gone, and the programs with it */
	int dns_link;			/* -1 while no session wants DNS answers */
	int getaddrinfo_entry;		/* links; -1 while no session wants getaddrinfo(3) */
	int getaddrinfo_return;
	void *consumer;			/* one page: the consumer's position */
	void *producer;			/* one page: the producer's position, then the data twice */
	struct st_session *sessions;	/* ST_LIMIT_SESSIONS of them */
	size_t page;
	size_t ring_bytes;
};

/*
 * Makes a probe of the programs, which it owns from then on. Returns null on failure, and what has failed; see errno.
 */
struct probe *open_probe(const struct programs *programs, size_t ring_bytes, const char **failed);

/*
 * Makes a probe of a tracer, which it owns from then on. Returns null on failure, and what has failed; see errno.
 */
struct probe *open_tracer_probe(struct tracer *tracer, const char **failed);

/* Whether the probe makes records no more: the daemon has stopped, or the tracer was killed. */
bool is_lost(const struct probe *probe);

/* Detaches and unloads the programs, or ends the tracer, and frees the probe, which may be null. Keeps errno. */
void close_probe(struct probe *probe);

/*
 * Has the daemon do what needs the programs, see daemon_link.h. Before any other use of the probe. Returns 0 or -errno.
 */
int use_daemon(struct probe *probe, int socket);

/* Waits for a wake-up. Returns how many there were, 0 when the time is up, or -errno. */
int await_records(struct probe *probe, int timeout_millis);

/* Ends await_records() in another thread, or the next one. Returns 0 or -errno. */
int wake_reader(struct probe *probe);

/*
 * Tags the calling thread, or removes its tag. Returns 0 or -errno: EPERM if this process is not one of the user for
 * whom the programs were loaded.
 */
int tag_calling_thread(struct probe *probe, const struct st_tag_args *args);

/*
 * Ends the connections of a session whose ends no program has seen; none if the helper or the daemon has loaded the
 * programs. Returns 0 or -errno.
 */
int find_missed_ends(struct probe *probe, __u64 session);

/* Overwrites a part of the ring, as far as it has been read. Returns 0 or -errno. */
int wipe_ring(struct probe *probe);

/*
 * Lists the pids of a session's processes that have not ended, in *pids, which the caller frees. Returns their
 * number, or -1, see errno.
 */
long list_members(struct probe *probe, __u64 session, __s64 **pids);

/*
 * Attaches the programs that sessions with these settings (enum st_setting) need, that for getaddrinfo(3) in the file
 * libc, and detaches those that none needs. Returns null, or what has failed, see errno.
 */
const char *watch_names(struct probe *probe, __u64 settings, const char *libc);

#endif
