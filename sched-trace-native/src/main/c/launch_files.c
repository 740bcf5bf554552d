/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_files.h"
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "descriptors.h"

bool make_pipe(int pair[2])
{
	return !pipe2(pair, O_CLOEXEC) && move_up(&pair[0], FIRST_FREE) && move_up(&pair[1], FIRST_FREE);
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
