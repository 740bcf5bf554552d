/* SPDX-License-Identifier: Apache-2.0 */
/* The user that runs the command, if that is not the one that runs the launcher. */
#ifndef SCHEDTRACE_LAUNCH_USER_H
#define SCHEDTRACE_LAUNCH_USER_H

#include <stdbool.h>
#include <sys/types.h>
#include "launch_options.h"

#define MAX_GROUPS 1024

struct run_as {
	bool change;			/* false = the command keeps the user of the launcher */
	uid_t uid;
	gid_t gid;
	char name[256];
	char home[4096];
	int count;
	gid_t groups[MAX_GROUPS];
};

/*
 * Finds the user that --user names, or who has called sudo. Returns 0, or the exit status after a failure, which is
 * reported.
 */
int find_user(struct run_as *user, const struct launch_options *options);

/*
 * Gives the calling process the ids and the groups of the user, no capabilities, and HOME, USER and LOGNAME. Returns
 * 0 or -1, see errno.
 */
int become_user(const struct run_as *user);

#endif
