/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JVM beside the launcher. The launcher's own file is DIRECTORY/bin/sched-trace. DIRECTORY/runtime is a Java
 * runtime. DIRECTORY/lib has the jars, libschedtrace.so and, if it is there, java.args with more options for Java, such
 * as that for an archive of class data.
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
