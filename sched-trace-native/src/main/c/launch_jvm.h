/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JVM beside the launcher. Around the launcher's own file, DIRECTORY/bin/sched-trace, there are DIRECTORY/runtime, a
 * Java runtime, and DIRECTORY/lib, the jars and libschedtrace.so.
 */
#ifndef SCHEDTRACE_LAUNCH_JVM_H
#define SCHEDTRACE_LAUNCH_JVM_H

#include <sys/types.h>
#include "launch_options.h"

/* Executes the JVM with all arguments in this process. Returns on failure, which it has reported. */
void become_jvm(char **arguments);

/*
 * Starts the JVM in a session of its own, with the options and the other end of this socket. Its output goes to stderr,
 * or where -o says. Returns its pid, or -1 on failure, which is reported.
 */
pid_t start_jvm(const struct launch_options *options, char **arguments, int socket);

#endif
