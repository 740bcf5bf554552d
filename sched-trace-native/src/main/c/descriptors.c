/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptors.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
};

bool move_up(int *fd, int first)
{
	int low = *fd, saved;

	if (low < 0)
		return false;
	if (low >= first)
		return true;
	*fd = fcntl(low, F_DUPFD_CLOEXEC, first);
	saved = errno;
	close(low);
	errno = saved;
	return *fd >= 0;
}

bool make_sockets(int pair[2])
{
	int saved;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return false;
	if (move_up(&pair[0], FIRST_FREE) && move_up(&pair[1], FIRST_FREE))
		return true;
	saved = errno;
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
	errno = saved;
	return false;
}

ssize_t send_descriptors(int socket, const void *message, size_t size, const int *fds, size_t n, int flags)
{
	union control control = { 0 };
	struct iovec bytes = { (void *)message, size };
	struct msghdr header = { .msg_iov = &bytes, .msg_iovlen = 1 };

	if (n) {
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * n);
		memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * n);
	}
	return sendmsg(socket, &header, MSG_NOSIGNAL | flags);
}

ssize_t receive_descriptors(int socket, void *message, size_t size, struct descriptors *descriptors, int flags)
{
	union control control;
	struct iovec bytes = { message, size };
	struct msghdr header = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length;

	descriptors->count = 0;
	descriptors->cut = false;
	do
		length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC | flags);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return length;
	descriptors->cut = header.msg_flags & (MSG_TRUNC | MSG_CTRUNC);
	for (struct cmsghdr *part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
		size_t n = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n && descriptors->count < DESCRIPTORS_MAX; i++)
			memcpy(&descriptors->fds[descriptors->count++], CMSG_DATA(part) + sizeof(int) * i, sizeof(int));
	}
	return length;
}

void close_descriptors(const struct descriptors *descriptors)
{
	int saved = errno;

	for (size_t i = 0; i < descriptors->count; i++)
		close(descriptors->fds[i]);
	errno = saved;
}
