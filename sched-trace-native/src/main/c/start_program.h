/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the programs of the library in processes of their own. */
#ifndef SCHEDTRACE_START_PROGRAM_H
#define SCHEDTRACE_START_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Starts a program without arguments and environment, and with all signals at their defaults. fds[i] becomes its
 * descriptor i; -1 is none. Returns its process id, or -errno.
 */
pid_t start_program(const char *file, const char *name, const int *fds, int n);

/* Makes a program of bytes, in memory, so that no file system has to allow it. Returns its descriptor, or -errno. */
int put_in_memory(const char *name, const void *program, size_t length);

/* memfd_create(2), which is not in glibc 2.17. */
int create_memory(const char *name, unsigned int flags);

#endif
