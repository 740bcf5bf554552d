/* SPDX-License-Identifier: Apache-2.0 */
/* shapes WHAT [N]: process trees of every shape, each the same at every run. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *self;

static void fail(const char *what)
{
	perror(what);
	_exit(99);
}

static pid_t forked(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	return pid;
}

static void wait_for_all(void)
{
	while (wait(NULL) > 0)
		;
}

static int with_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/echo", "echo", "after", "vfork", NULL);
		_exit(98);
	}
	pid = vfork();
	if (pid == 0)
		_exit(3);
	wait_for_all();
	return 0;
}

static int with_spawn(void)
{
	extern char **environ;
	char *first[] = { "echo", "spawned", NULL };
	char *second[] = { "true", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/echo", NULL, NULL, first, environ) || posix_spawnp(&pid, "true", NULL, NULL, second, environ))
		fail("posix_spawn");
	wait_for_all();
	return 0;
}

/* One process, n further programs. */
static int exec_self(int n)
{
	char number[16];

	if (n == 0)
		return 10;
	snprintf(number, sizeof(number), "%d", n - 1);
	execl(self, self, "exec-self", number, NULL);
	fail("exec");
	return 99;
}

static void *exec_echo(void *unused)
{
	(void)unused;
	execl("/bin/echo", "echo", "from", "a", "thread", NULL);
	fail("exec");
	return NULL;
}

static void *sleep_for_ever(void *unused)
{
	(void)unused;
	while (pause())
		;
	return NULL;
}

/* A thread that is not the first one execs; the others end by that. */
static int exec_in_thread(void)
{
	pthread_t other, thread;

	if (pthread_create(&other, NULL, sleep_for_ever, NULL) || pthread_create(&thread, NULL, exec_echo, NULL))
		fail("pthread_create");
	sleep_for_ever(NULL);
	return 99;
}

static void *fork_echo(void *unused)
{
	(void)unused;
	if (forked() == 0) {
		execl("/bin/echo", "echo", "child", "of", "a", "thread", NULL);
		_exit(98);
	}
	wait_for_all();
	return NULL;
}

static int fork_in_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fork_echo, NULL) || pthread_join(thread, NULL))
		fail("pthread_create");
	return 4;
}

static void await_dead_leader(void)
{
	char path[64], stat[256], *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	do {
		usleep(1000);
		fd = open(path, O_RDONLY);
		n = fd < 0 ? -1 : read(fd, stat, sizeof(stat) - 1);
		if (n < 0)
			fail(path);
		close(fd);
		stat[n] = 0;
		state = strrchr(stat, ')');
	} while (!state || state[2] != 'Z');
}

/* What the last worker does when the leader is gone. */
static const char *ending;

static void *outlive_leader(void *unused)
{
	(void)unused;
	await_dead_leader();
	usleep(20000);
	if (!strcmp(ending, "exit"))
		exit(7);
	if (!strcmp(ending, "kill"))
		kill(getpid(), SIGKILL);
	if (!strcmp(ending, "exec"))
		exec_echo(NULL);
	if (!strcmp(ending, "fork"))
		fork_echo(NULL);
	return NULL;
}

/* The first thread ends before its workers: with a status of 5, which counts if nobody calls exit. */
static int leader_first(const char *how)
{
	pthread_t thread;

	ending = how;
	if (!strcmp(how, "return"))
		for (int i = 0; i < 2; i++)
			if (pthread_create(&thread, NULL, outlive_leader, NULL))
				fail("pthread_create");
	if (pthread_create(&thread, NULL, outlive_leader, NULL))
		fail("pthread_create");
	syscall(SYS_exit, 5);
	return 99;
}

/* So many children that all live at once. */
static int children(int n)
{
	int start[2], byte;

	if (pipe(start))
		fail("pipe");
	for (int i = 0; i < n; i++)
		if (forked() == 0) {
			close(start[1]);
			while (read(start[0], &byte, 1) < 0 && errno == EINTR)
				;
			_exit(i & 0xff);
		}
	close(start[1]);
	close(start[0]);
	wait_for_all();
	return 0;
}

/* The usual way: fork, setsid, fork. The daemon goes on when it has been adopted. */
static int daemonize(void)
{
	pid_t middle;

	if (forked() == 0) {
		setsid();
		middle = getpid();
		if (forked() == 0) {
			while (getppid() == middle)
				usleep(1000);
			execl("/bin/sh", "sh", "-c", "exit 6", NULL);
			_exit(98);
		}
		_exit(2);
	}
	wait_for_all();
	return 0;
}

/* A child of a child that is a sibling for wait(2). */
static int clone_parent(void)
{
	if (forked() == 0) {
		if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0)
			_exit(8);
		_exit(9);
	}
	wait_for_all();
	return 0;
}

/* Ends by a signal, also where the caller ignores it, as a background job does, or blocks it, as the JVM does. */
static int by_signal(int number)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	signal(number, SIG_DFL);
	raise(number);
	return 99;
}

static int nested(int depth)
{
	if (depth > 0 && forked() == 0)
		_exit(nested(depth - 1));
	wait_for_all();
	return depth;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int n = argc > 2 ? atoi(argv[2]) : 0;

	self = argv[0];
	if (!strcmp(what, "vfork"))
		return with_vfork();
	if (!strcmp(what, "spawn"))
		return with_spawn();
	if (!strcmp(what, "exec-self"))
		return exec_self(n);
	if (!strcmp(what, "exec-in-thread"))
		return exec_in_thread();
	if (!strcmp(what, "fork-in-thread"))
		return fork_in_thread();
	if (!strcmp(what, "leader-first"))
		return leader_first(argv[2]);
	if (!strcmp(what, "children"))
		return children(n);
	if (!strcmp(what, "daemon"))
		return daemonize();
	if (!strcmp(what, "clone-parent"))
		return clone_parent();
	if (!strcmp(what, "signal"))
		return by_signal(n);
	if (!strcmp(what, "nested"))
		return nested(n);
	fprintf(stderr, "unknown shape %s\n", what);
	return 99;
}
