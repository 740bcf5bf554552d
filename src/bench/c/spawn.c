/* SPDX-License-Identifier: Apache-2.0 */
/* spawn N: N times posix_spawn of /bin/true, one after the other. */
#include "timed.h"
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 3000;
	char *command[] = { "/bin/true", NULL };
	long long wall = wall_ns();

	for (int i = 0; i < n; i++) {
		pid_t pid;
		int status;

		errno = posix_spawn(&pid, command[0], NULL, NULL, command, environ);
		if (errno)
			return perror("posix_spawn"), 1;
		if (waitpid(pid, &status, 0) != pid || status)
			return perror("waitpid"), 1;
	}
	report(wall);
	return 0;
}
