/* SPDX-License-Identifier: Apache-2.0 */
/* What only /proc tells. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ptracer_state.h"

#define INITIAL_PID_NAMESPACE 0xeffffffcU	/* PROC_PID_INIT_INO of the kernel */

/* Reads a file of /proc/PID as a string. Returns its length, or -1. */
ssize_t read_proc(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	close(fd);
	text[length < 0 ? 0 : length] = 0;
	return length;
}

/* Returns the inode number of the pid namespace of a process; 0 if it cannot be told. */
ino_t pid_namespace_of(pid_t pid)
{
	char path[64];
	struct stat file;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	return stat(path, &file) ? 0 : file.st_ino;
}

ino_t own_pid_namespace(void)
{
	static ino_t own;

	if (!own)
		own = pid_namespace_of(getpid());
	return own;
}

/* Returns the last number of the line NSpid; 0 if there is none. */
__u32 innermost_pid(pid_t pid)
{
	char text[4096], *line, *end;

	if (read_proc(pid, "status", text, sizeof(text)) < 0)
		return 0;
	line = strstr(text, "\nNSpid:");
	if (!line)
		return 0;
	line++;
	end = strchr(line, '\n');
	if (end)
		*end = 0;
	line = strrchr(line, '\t');
	return line ? (__u32)strtoul(line, NULL, 10) : 0;
}

/* Reads the name of a thread, which stays as it is if it cannot be read. */
void read_comm(pid_t tid, char comm[ST_COMM_LEN])
{
	char text[ST_COMM_LEN + 1];
	ssize_t length = read_proc(tid, "comm", text, sizeof(text));

	if (length <= 0)
		return;
	memset(comm, 0, ST_COMM_LEN);
	memcpy(comm, text, (size_t)length - 1);	/* without the newline */
}

/* Returns the number of a process in the initial pid namespace; 0 if the tracer is in another one. */
__u32 host_pid(pid_t pid)
{
	return own_pid_namespace() == INITIAL_PID_NAMESPACE ? (__u32)pid : 0;
}
