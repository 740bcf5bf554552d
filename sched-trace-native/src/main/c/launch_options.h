/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the command in the arguments of sched-trace. The JVM checks the options (Options.java). */
#ifndef SCHEDTRACE_LAUNCH_OPTIONS_H
#define SCHEDTRACE_LAUNCH_OPTIONS_H

#include <stdbool.h>

struct launch_options {
	char **command;			/* null = there is none: the JVM alone answers */
	int count;			/* of the words before the command, without a -- */
	int output;			/* what -o names, opened; -1 = nothing, or the JVM opens it */
	const char *user;		/* of --user, or null */
	bool root;			/* --root */
	unsigned int seen;		/* a bit for each option that has been given */
	bool sure;			/* no option can be wrong: the command need not wait for the JVM to check them */
};

void find_command(struct launch_options *options, int argc, char **argv);

#endif
