/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_signals.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "descriptors.h"
#include "launch_files.h"

bool take_signals(struct signals *signals)
{
	struct sigaction child;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &signals->mask);
	sigaction(SIGCHLD, NULL, &child);
	signals->child_ignored = child.sa_handler == SIG_IGN;
	signal(SIGCHLD, SIG_DFL);		/* ignored, it would keep waitpid(2) from telling the status */
	signals->fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	return move_up(&signals->fd, FIRST_FREE);
}

static _Noreturn void be_witness(int fd)
{
	static const struct timespec no_time;
	int number;

	while (recv(fd, &number, sizeof(number), 0) == sizeof(number)) {
		sigset_t set;
		char got;

		sigemptyset(&set);
		sigaddset(&set, number);
		got = sigtimedwait(&set, NULL, &no_time) == number;
		send(fd, &got, sizeof(got), MSG_NOSIGNAL);
	}
	_exit(EXIT_SUCCESS);
}

bool start_witness(struct signals *signals)
{
	int pair[2];

	if (!make_sockets(pair))
		return false;
	signals->witness = pair[0];
	signals->witness_pid = fork();
	if (!signals->witness_pid) {
		close_others(&pair[1], 1);
		be_witness(pair[1]);
	}
	close(pair[1]);
	return signals->witness_pid > 0;
}

void end_witness(struct signals *signals)
{
	close(signals->witness);
	waitpid(signals->witness_pid, NULL, 0);
}

void give_signals_back(const struct signals *signals)
{
	if (signals->child_ignored)
		signal(SIGCHLD, SIG_IGN);
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number <= SIGRTMAX; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int next_signal(struct signals *signals, bool *sent)
{
	struct signalfd_siginfo info;

	if (read(signals->fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	*sent = info.ssi_code <= 0;
	return (int)info.ssi_signo;
}

static bool is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN;
}

bool is_for_child(struct signals *signals, int number, pid_t child)
{
	char group = 0;

	/* A witness that has been killed has seen nothing. */
	if (send(signals->witness, &number, sizeof(number), MSG_NOSIGNAL) != sizeof(number) ||
	    recv(signals->witness, &group, sizeof(group), 0) != sizeof(group))
		group = 0;
	return !is_ignored(number) && !(group && getpgid(child) == getpgrp());
}

static void raise_by_default(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	kill(getpid(), number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void stop_by(int number)
{
	struct sigaction before;
	sigset_t set;

	sigaction(number, NULL, &before);
	raise_by_default(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (number != SIGSTOP)
		sigaction(number, &before, NULL);
}

_Noreturn void end_as(int status)
{
	static const struct rlimit no_core;

	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	/* The command has left a core file if there shall be one. */
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	raise_by_default(WTERMSIG(status));
	_exit(128 + WTERMSIG(status));		/* process 1 does not die of a signal */
}
