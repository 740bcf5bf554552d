/* SPDX-License-Identifier: Apache-2.0 */
/* execs HOW PATH [ARG...]: runs a program in ways that a shell cannot. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(path);
		exit(99);
	}
	return fd;
}

/* Every kind of argument that is easily mistaken: empty, Latin-1, half a character, a surrogate in CESU-8, a newline. */
static void odd_arguments(const char *path)
{
	char *args[] = { "odd", "", "\xff\xfe", "caf\xe9", "\xc3", "\xed\xa0\x80", "\xc3\xa9\x80\xf0\x9f\x98\x80", "a\nb", "", NULL };

	execv(path, args);
}

static void no_arguments(const char *path)
{
	char *args[] = { NULL };
	char *env[] = { NULL };

	execve(path, args, env);
}

/* A program without a file: a copy in memory. */
static void in_memory(const char *path, char **args)
{
	int from = open_file(path);
	int to = memfd_create("program", MFD_CLOEXEC);
	struct stat stat;

	fstat(from, &stat);
	while (stat.st_size > 0) {
		ssize_t n = sendfile(to, from, NULL, (size_t)stat.st_size);

		if (n <= 0)
			return;
		stat.st_size -= n;
	}
	syscall(SYS_execveat, to, "", args, environ, AT_EMPTY_PATH);
}

static void relative_to(const char *directory, const char *name, char **args)
{
	int fd = open(directory, O_PATH | O_DIRECTORY);

	syscall(SYS_execveat, fd, name, args, environ, 0);
}

/* A file that is gone by the time of the exec. */
static void deleted(const char *path, char **args)
{
	int fd = open_file(path);

	unlink(path);
	fexecve(fd, args, environ);
}

/* n arguments of so many bytes each, and an environment of one long value. */
static void long_block(const char *path, int n, int length, int env_length)
{
	char **args = calloc((size_t)n + 2, sizeof(*args));
	char *env[] = { calloc((size_t)env_length + 3, 1), NULL };

	args[0] = "long";
	for (int i = 1; i <= n; i++) {
		args[i] = malloc((size_t)length + 1);
		memset(args[i], 'a' + i % 26, (size_t)length);
		args[i][length] = 0;
	}
	memset(env[0], 'e', (size_t)env_length + 2);
	env[0][1] = '=';
	execve(path, args, env);
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[1] : "";

	if (!strcmp(how, "odd"))
		odd_arguments(argv[2]);
	else if (!strcmp(how, "none"))
		no_arguments(argv[2]);
	else if (!strcmp(how, "memory"))
		in_memory(argv[2], argv + 3);
	else if (!strcmp(how, "descriptor"))
		fexecve(open_file(argv[2]), argv + 3, environ);
	else if (!strcmp(how, "deleted"))
		deleted(argv[2], argv + 3);
	else if (!strcmp(how, "relative"))
		relative_to(argv[2], argv[3], argv + 4);
	else if (!strcmp(how, "as"))
		execv(argv[2], argv + 3);
	else if (!strcmp(how, "long"))
		long_block(argv[2], atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
	else
		errno = EINVAL;
	perror(how);
	return 99;
}
