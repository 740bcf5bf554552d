/* SPDX-License-Identifier: Apache-2.0 */
#include "serve.h"
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fingerprint.h"

static bool has_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	__u32 wanted = CAP_TO_MASK(CAP_BPF) | CAP_TO_MASK(CAP_PERFMON);

	if (syscall(SYS_capget, &header, data))
		return false;
	return (data[CAP_TO_INDEX(CAP_BPF)].effective & wanted) == wanted;
}

void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	syscall(SYS_capset, &header, none);
}

static bool is_valid(const struct helper_request *request, const struct user *user)
{
	__u32 ring = request->ring_bytes, max = user->client ? DAEMON_RING_MAX : HELPER_RING_MAX;

	return ring >= HELPER_RING_MIN && ring <= max && !(ring & (ring - 1)) && !request->unused;
}

void serve(const struct helper_request *request, ssize_t length, const struct user *user, struct helper_answer *answer,
	   struct programs *programs)
{
	const char *failed;

	if (length != sizeof(*request) || request->build != ST_BUILD_FINGERPRINT) {
		answer->status = HELPER_OTHER_VERSION;
	} else if (!is_valid(request, user)) {
		answer->status = HELPER_BAD_REQUEST;
	} else if (!is_since(5, 19)) {		/* before, nobody else may use the descriptors */
		answer->status = HELPER_OLD_KERNEL;
	} else if (!has_capabilities()) {
		answer->status = HELPER_NO_CAPABILITIES;
	} else {
		errno = 0;
		failed = load_programs(programs, request->ring_bytes, user);
		if (!failed)
			return;
		answer->status = user->client && (errno == EACCES || errno == ESRCH) ? HELPER_NOT_FOR_US :
										       HELPER_CANNOT_LOAD;
		answer->error = errno;
		strncpy(answer->what, failed, HELPER_WHAT_LEN - 1);
	}
}

/* Lists the descriptors in the answer. Returns their number. */
static __u32 list(const struct programs *programs, struct helper_answer *answer, int fds[PROGRAMS_COUNT])
{
	const int *all = (const int *)programs;
	__u32 n = 0;

	for (__u8 i = 0; i < PROGRAMS_COUNT; i++) {
		if (all[i] < 0)
			continue;
		answer->places[n] = i;
		fds[n++] = all[i];
	}
	return n;
}

bool send_answer(int socket, struct helper_answer *answer, const struct programs *programs)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int) * PROGRAMS_COUNT)];
	} control = { 0 };
	struct iovec bytes = { answer, sizeof(*answer) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	int fds[PROGRAMS_COUNT];
	__u32 n = list(programs, answer, fds);

	answer->count = n;
	if (n) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * n);
		memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * n);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(*answer);
}
