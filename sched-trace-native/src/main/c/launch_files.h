/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors of the launcher: behind the standard ones, which may be closed, and closed by exec. */
#ifndef SCHEDTRACE_LAUNCH_FILES_H
#define SCHEDTRACE_LAUNCH_FILES_H

#include <stdbool.h>

/* Makes a pipe. */
bool make_pipe(int pair[2]);

/* Closes all descriptors except these n, at most 8. */
void close_others(const int *fds, int n);

#endif
