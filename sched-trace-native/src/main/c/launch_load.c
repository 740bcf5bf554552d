/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_load.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "capabilities.h"
#include "helper_client.h"
#include "record.h"

#define HELPER_PATH "/usr/local/libexec/sched-trace/sched-trace-helper"	/* Helper.PATH */
#define HELPER_MILLIS 5000

static bool has_capabilities(void)
{
	__u64 capabilities = effective_capabilities();

	return capabilities & CAPABILITY(CAP_SYS_ADMIN) || (capabilities & BPF_CAPABILITIES) == BPF_CAPABILITIES;
}

/* Whether nobody but root may change a file, or a directory on the way to it. */
static bool is_only_roots(const char *file)
{
	char path[PATH_MAX];
	struct stat info;

	if (!realpath(file, path) || strcmp(file, path))
		return false;
	for (char *end = path + strlen(path); end; end = strrchr(path, '/')) {
		*end = 0;
		if (stat(*path ? path : "/", &info) || info.st_uid || info.st_mode & (S_IWGRP | S_IWOTH))
			return false;
	}
	return true;
}

/* Opens the session of the command in the slot of its id, which is set last (struct st_session). */
static bool open_session(const struct programs *programs)
{
	size_t length = sizeof(struct st_session) * ST_LIMIT_SESSIONS;
	__u32 slot = LAUNCH_SESSION % ST_LIMIT_SESSIONS;
	struct st_session *sessions = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, programs->sessions, 0);

	if (sessions == MAP_FAILED)
		return false;
	sessions[slot].settings = ST_WANT_ENVIRONMENT;
	__atomic_store_n(&sessions[slot].id, LAUNCH_SESSION, __ATOMIC_RELEASE);
	munmap(sessions, length);
	return true;
}

bool load_early(struct programs *programs, bool *by_helper)
{
	struct rlimit files, more;
	struct helper_failure failure;
	bool loaded;

	quiet_libbpf();
	*by_helper = !has_capabilities();
	if (*by_helper) {
		loaded = is_only_roots(HELPER_PATH) &&
			 !load_programs_through(HELPER_PATH, LAUNCH_RING_BYTES, HELPER_MILLIS, programs, &failure);
	} else {
		/* The limit is the command's. */
		getrlimit(RLIMIT_NOFILE, &files);
		more = files;
		more.rlim_cur = more.rlim_max;
		setrlimit(RLIMIT_NOFILE, &more);
		loaded = !load_programs(programs, LAUNCH_RING_BYTES, NULL);
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (loaded && !open_session(programs)) {
		close_programs(programs);
		loaded = false;
	}
	return loaded;
}
