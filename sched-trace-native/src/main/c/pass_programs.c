/* SPDX-License-Identifier: Apache-2.0 */
#include "pass_programs.h"
#include <errno.h>
#include <string.h>
#include "descriptors.h"
#include "fingerprint.h"

int send_programs(int socket, const struct programs *programs, struct passed_programs *message, size_t size)
{
	const int *all = (const int *)programs;
	int fds[PROGRAMS_COUNT];
	size_t n = 0;

	message->build = ST_BUILD_FINGERPRINT;
	message->present = 0;
	for (size_t i = 0; i < PROGRAMS_COUNT; i++) {
		if (all[i] < 0)
			continue;
		fds[n++] = all[i];
		message->present |= 1U << i;
	}
	return send_descriptors(socket, message, size, fds, n, 0) == (ssize_t)size ? 0 : -1;
}

int receive_programs(int socket, struct programs *programs, struct passed_programs *message, size_t size)
{
	int *all = (int *)programs;
	struct descriptors descriptors;
	ssize_t length = receive_descriptors(socket, message, size, &descriptors, 0);
	size_t n = 0;

	memset(programs, -1, sizeof(*programs));	/* all are descriptors */
	if (length == (ssize_t)size && message->build == ST_BUILD_FINGERPRINT &&
	    descriptors.count == (size_t)__builtin_popcount(message->present)) {
		for (size_t i = 0; i < PROGRAMS_COUNT; i++)
			if (message->present & 1U << i)
				all[i] = descriptors.fds[n++];
		return 0;
	}
	close_descriptors(&descriptors);
	errno = length < 0 ? errno : length ? EPROTO : ECONNRESET;
	return -1;
}
