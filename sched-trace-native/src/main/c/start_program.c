/* SPDX-License-Identifier: Apache-2.0 */
#include "start_program.h"
#include <errno.h>
#include <linux/memfd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "descriptors.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10
#endif

pid_t start_program(const char *file, const char *name, const int *fds, int n)
{
	char *arguments[] = { (char *)name, NULL };
	char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error = 0;
	pid_t pid;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	for (int i = 0; i < n && !error; i++)
		if (fds[i] >= 0)
			error = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	if (!error)
		error = posix_spawn(&pid, file, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error ? -error : pid;
}

int create_memory(const char *name, unsigned int flags)
{
	return (int)syscall(SYS_memfd_create, name, flags);
}

int put_in_memory(const char *name, const void *program, size_t length)
{
	size_t done = 0;
	ssize_t n = 0;
	int error, fd = create_memory(name, MFD_CLOEXEC | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)	/* MFD_EXEC is of Linux 6.3 */
		fd = create_memory(name, MFD_CLOEXEC);
	while (fd >= 0 && done < length && (n = write(fd, (const char *)program + done, length - done)) > 0)
		done += (size_t)n;
	if (fd >= 0 && done == length)
		return fd;
	error = fd >= 0 && !n ? EIO : errno;
	if (fd >= 0)
		close(fd);
	return -error;
}
