/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_files.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_FREE 3		/* behind the standard descriptors */

int move_up(int fd)
{
	int moved, saved;

	if (fd < 0 || fd >= FIRST_FREE)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	saved = errno;
	close(fd);
	errno = saved;
	return moved;
}

static bool move_pair(int pair[2])
{
	pair[0] = move_up(pair[0]);
	pair[1] = move_up(pair[1]);
	return pair[0] >= 0 && pair[1] >= 0;
}

bool make_sockets(int pair[2])
{
	return !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) && move_pair(pair);
}

bool make_pipe(int pair[2])
{
	return !pipe2(pair, O_CLOEXEC) && move_pair(pair);
}

void close_others(const int *fds, int n)
{
	int sorted[8];
	unsigned int from = 0;

	memcpy(sorted, fds, sizeof(*fds) * (size_t)n);
	for (int i = 1; i < n; i++)
		for (int j = i; j > 0 && sorted[j] < sorted[j - 1]; j--) {
			int swapped = sorted[j];

			sorted[j] = sorted[j - 1];
			sorted[j - 1] = swapped;
		}
	for (int i = 0; i < n; i++) {
		if (sorted[i] < 0)
			continue;
		if ((unsigned int)sorted[i] > from)
			syscall(SYS_close_range, from, (unsigned int)sorted[i] - 1, 0);
		from = (unsigned int)sorted[i] + 1;
	}
	syscall(SYS_close_range, from, ~0U, 0);
}
