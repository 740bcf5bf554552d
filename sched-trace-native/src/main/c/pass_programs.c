/* SPDX-License-Identifier: Apache-2.0 */
#include "pass_programs.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "fingerprint.h"

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(struct programs))];
};

int send_programs(int socket, const struct programs *programs, struct passed_programs *message, size_t size)
{
	const int *all = (const int *)programs;
	union control control = { 0 };
	struct iovec bytes = { message, size };
	struct msghdr header = { .msg_iov = &bytes, .msg_iovlen = 1 };
	size_t n = 0;

	message->build = ST_BUILD_FINGERPRINT;
	message->present = 0;
	for (size_t i = 0; i < PROGRAMS_COUNT; i++) {
		if (all[i] < 0)
			continue;
		memcpy(CMSG_DATA(&control.header) + sizeof(int) * n++, &all[i], sizeof(int));
		message->present |= 1U << i;
	}
	if (n) {
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * n);
	}
	return sendmsg(socket, &header, MSG_NOSIGNAL) == (ssize_t)size ? 0 : -1;
}

int receive_programs(int socket, struct programs *programs, struct passed_programs *message, size_t size)
{
	int *all = (int *)programs;
	union control control = { 0 };
	struct iovec bytes = { message, size };
	struct msghdr header = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *part;
	ssize_t length;
	size_t n = 0, sent;

	memset(programs, -1, sizeof(*programs));	/* all are descriptors */
	do
		length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	part = CMSG_FIRSTHDR(&header);
	sent = part ? (part->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
	if (length == (ssize_t)size && message->build == ST_BUILD_FINGERPRINT &&
	    sent == (size_t)__builtin_popcount(message->present)) {
		for (size_t i = 0; i < PROGRAMS_COUNT; i++)
			if (message->present & 1U << i)
				memcpy(&all[i], CMSG_DATA(part) + sizeof(int) * n++, sizeof(int));
		return 0;
	}
	for (size_t i = 0; i < sent; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(part) + sizeof(int) * i, sizeof(int));
		close(fd);
	}
	errno = length < 0 ? errno : length ? EPROTO : ECONNRESET;
	return -1;
}
