/* SPDX-License-Identifier: Apache-2.0 */
/* Moves file descriptors, and passes them to other processes over Unix sockets (SCM_RIGHTS, unix(7)). */
#ifndef SCHEDTRACE_DESCRIPTORS_H
#define SCHEDTRACE_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FIRST_FREE 3		/* behind the standard descriptors, which a process may have closed */
#define DESCRIPTORS_MAX 32	/* in one message */

struct descriptors {
	int fds[DESCRIPTORS_MAX];
	size_t count;
	bool cut;		/* the message, or what came with it, was longer than what was expected */
};

/*
 * Replaces a descriptor below first by one that is not. Returns false, see errno, if that fails or if it is negative.
 */
bool move_up(int *fd, int first);

/* Makes a pair of Unix sockets of the type SOCK_SEQPACKET, behind the standard descriptors. */
bool make_sockets(int pair[2]);

/* Sends a message with n descriptors, at most DESCRIPTORS_MAX. Returns what sendmsg(2) returns. */
ssize_t send_descriptors(int socket, const void *message, size_t size, const int *fds, size_t n, int flags);

/* Receives a message. The descriptors are closed by exec. Returns what recvmsg(2) returns, but is not interrupted. */
ssize_t receive_descriptors(int socket, void *message, size_t size, struct descriptors *descriptors, int flags);

void close_descriptors(const struct descriptors *descriptors);

#endif
