/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storm forks N: N children, each of which execs "storm exit 0" and ends; exits 0 if each of them could and did.
 * storm hold N: N children that live until all of them have been made, or as many as there can be; exits 0 if all could.
 * storm bomb SECONDS: each process forks for so long, and goes on trying if it cannot.
 * storm chain SECONDS: each process forks the next one and ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int forks(char *self, int n)
{
	int status, failed = 0, running = 0;
	pid_t pid;

	for (int i = 0; i < n || running; ) {
		if (i < n && running < 16) {
			pid = fork();
			if (pid < 0)
				return 98;
			if (pid == 0) {
				execl(self, self, "exit", "0", NULL);
				_exit(97);
			}
			i++;
			running++;
			continue;
		}
		if (wait(&status) < 0)
			return 96;
		failed += status != 0;
		running--;
	}
	return failed ? 95 : 0;
}

static int hold(int n)
{
	int ends[2], made = 0, status;
	char none;

	if (pipe(ends))
		return 94;
	for (; made < n; made++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			close(ends[1]);
			_exit(read(ends[0], &none, 1) != 0);
		}
	}
	close(ends[1]);
	while (wait(&status) > 0)
		if (status)
			return 93;
	printf("%d\n", made);
	return made == n ? 0 : 98;
}

static int bomb(time_t end)
{
	while (time(NULL) < end)
		if (fork() < 0)
			continue;
	return 0;
}

static int chain(time_t end)
{
	while (time(NULL) < end) {
		pid_t pid = fork();

		if (pid < 0)
			return 98;
		if (pid > 0)
			return 0;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	int n = argc > 2 ? atoi(argv[2]) : 0;

	if (!strcmp(what, "forks"))
		return forks(argv[0], n);
	if (!strcmp(what, "hold"))
		return hold(n);
	if (!strcmp(what, "bomb"))
		return bomb(time(NULL) + n);
	if (!strcmp(what, "chain"))
		return chain(time(NULL) + n);
	if (!strcmp(what, "exit"))
		return n;
	return 99;
}
