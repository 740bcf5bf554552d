/* SPDX-License-Identifier: Apache-2.0 */
/* run N COMMAND [ARG...]: how long COMMAND takes, which does N things. */
#include "network.h"
#include "timed.h"
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	long long wall = wall_ns();
	int status;
	pid_t pid;

	if (argc < 3 || posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) || waitpid(pid, &status, 0) != pid ||
	    status)
		fail("run");
	report(wall);
	return 0;
}
