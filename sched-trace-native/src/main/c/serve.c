/* SPDX-License-Identifier: Apache-2.0 */
#include "serve.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "capabilities.h"
#include "descriptors.h"
#include "fingerprint.h"

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
	} else if ((effective_capabilities() & BPF_CAPABILITIES) != BPF_CAPABILITIES) {
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
	int fds[PROGRAMS_COUNT];

	answer->count = list(programs, answer, fds);
	return send_descriptors(socket, answer, sizeof(*answer), fds, answer->count, MSG_DONTWAIT) == sizeof(*answer);
}
