/* SPDX-License-Identifier: Apache-2.0 */
/* stops: prints what a process sees of the signals, stops and ends of its children. A tracer must not change it. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void count(int signal)
{
	caught += signal;
}

static void await(pid_t pid, int options, const char *what)
{
	int status = 0;
	pid_t got = waitpid(pid, &status, options);

	printf("%s: %s %#x\n", what, got == pid ? "status" : strerror(errno), status);
}

static void report_child(const char *what)
{
	struct timespec soon = { .tv_sec = 5 };
	siginfo_t info;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (sigtimedwait(&child, &info, &soon) < 0)
		printf("%s: no SIGCHLD\n", what);
	else
		printf("%s: SIGCHLD code %d status %d\n", what, info.si_code, info.si_status);
}

static void stops(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	for (int i = 0; i < 3; i++) {
		kill(pid, SIGSTOP);
		report_child("stop");
		await(pid, WUNTRACED, "stopped");
		kill(pid, SIGCONT);
		report_child("continue");
		await(pid, WCONTINUED, "continued");
	}
	kill(pid, SIGSTOP);
	report_child("stop");
	kill(pid, SIGKILL);
	report_child("kill");
	await(pid, 0, "killed");
}

static void *execute(void *program)
{
	execl(program, "stops", "quiet", NULL);
	return NULL;
}

/* A thread that is not the first one starts another program. */
static void exec_from_thread(char *self)
{
	pid_t pid = fork();
	pthread_t thread;

	if (!pid) {
		pthread_create(&thread, NULL, execute, self);
		for (;;)
			pause();
	}
	report_child("exec");
	await(pid, 0, "executed");
}

static void signals(void)
{
	struct sigaction action = { .sa_handler = count };
	struct epoll_event event;
	int epoll = epoll_create1(EPOLL_CLOEXEC), n;
	pid_t self = getpid(), pid;

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGTRAP, &action, NULL);
	raise(SIGUSR1);
	raise(SIGTRAP);
	printf("caught %d\n", caught);
	pid = fork();
	if (!pid) {
		usleep(50000);
		kill(self, SIGUSR1);
		_exit(0);
	}
	n = epoll_wait(epoll, &event, 1, 5000);
	printf("epoll_wait %d %s\n", n, strerror(errno));
	report_child("end");
	await(pid, 0, "ended");
	pid = vfork();
	if (!pid)
		_exit(7);
	report_child("vfork");
	await(pid, 0, "vforked");
	await(-1, 0, "nothing left");
}

int main(int argc, char **argv)
{
	sigset_t child;

	if (argc > 1)
		return 9;
	setvbuf(stdout, NULL, _IONBF, 0);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	stops();
	exec_from_thread(argv[0]);
	signals();
	return 0;
}
