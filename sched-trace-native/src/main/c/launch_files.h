/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors of the launcher: behind the standard ones, which may be closed, and closed by exec. */
#ifndef SCHEDTRACE_LAUNCH_FILES_H
#define SCHEDTRACE_LAUNCH_FILES_H

#include <stdbool.h>

/* Moves a descriptor behind the standard ones. Returns the new one, or -1 on failure or if it was -1. */
int move_up(int fd);

/* Makes a pair of Unix sockets of the type SOCK_SEQPACKET. */
bool make_sockets(int pair[2]);

/* Makes a pipe. */
bool make_pipe(int pair[2]);

/* Closes all descriptors except these n, at most 8. */
void close_others(const int *fds, int n);

#endif
