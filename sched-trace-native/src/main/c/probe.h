/* SPDX-License-Identifier: Apache-2.0 */
/* The BPF program, loaded and attached, with what of it is mapped. */
#ifndef SCHEDTRACE_PROBE_H
#define SCHEDTRACE_PROBE_H

#include <linux/types.h>
#include <stddef.h>

struct probe {
	struct schedtrace_bpf *skel;
	int epoll;
	int event;
	int scope_fd;
	int find_missed_fd;
	int members_fd;
	struct bpf_link *dns;		/* null while no session wants it, as are these: */
	struct bpf_link *lookup, *looked_up;
	void *consumer;		/* one page: the consumer's position */
	void *producer;		/* one page: the producer's position, then the data twice */
	void *sessions;
	size_t page;
	size_t ring_bytes;
};

/* Loads and attaches the programs of a probe that has its sizes and no descriptors; what failed, else null. See errno. */
const char *load_probe(struct probe *probe, __u64 wakeup_bytes);

/*
 * Attaches the programs that sessions with these settings (enum st_settings) need, getaddrinfo(3) in the file libc, and
 * detaches the others; what failed, else null. See errno.
 */
const char *watch_names(struct probe *probe, __u64 settings, const char *libc);

/* Detaches and frees all of it. Keeps errno. */
void destroy_probe(struct probe *probe);

#endif
