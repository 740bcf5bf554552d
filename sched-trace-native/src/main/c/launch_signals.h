/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signals of the launcher. All are blocked from the start, and read from a descriptor. The command gets the mask
 * and the dispositions that the launcher was given.
 */
#ifndef SCHEDTRACE_LAUNCH_SIGNALS_H
#define SCHEDTRACE_LAUNCH_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct signals {
	int fd;				/* a signalfd(2) of all signals */
	sigset_t mask;			/* as the launcher was given it */
	bool child_ignored;		/* whether SIGCHLD was ignored */
	int witness;			/* a socket to the witness */
	pid_t witness_pid;
};

/* Blocks all signals. Returns false on failure, see errno. */
bool take_signals(struct signals *signals);

/*
 * Starts the witness: a process in the launcher's process group that has all signals blocked. A signal that the
 * launcher gets and the witness has too was sent to the group. The kernel serves the newest process of a group first,
 * so the witness has the signal before the launcher does.
 */
bool start_witness(struct signals *signals);

/* Ends the witness. */
void end_witness(struct signals *signals);

/* Gives the calling process, a child of the launcher, the mask and the dispositions that the launcher was given. */
void give_signals_back(const struct signals *signals);

/* Gives the calling process, a child of the launcher, an empty mask and the default dispositions. */
void reset_signals(void);

/* Reads the next signal without waiting. Returns 0 if there is none. sent = by a process, not by the kernel. */
int next_signal(struct signals *signals, bool *sent);

/* Whether the launcher shall pass the signal on: it was not ignored, and the child has not got it itself. */
bool is_for_child(struct signals *signals, int signal, pid_t child);

/* Stops this process by the signal that has stopped the command. Returns when it is continued. */
void stop_by(int signal);

/* Ends this process with the status that waitpid(2) has returned for the command: by the same signal, if by one. */
_Noreturn void end_as(int status);

#endif
