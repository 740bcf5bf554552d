/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second thread of the tracer waits for what the first one, which waits for its tracees, cannot wait for: ends of
 * sockets, handshakes that take long, and the end of the JVM. One of the two works at a time.
 */
#include <errno.h>
#include <linux/types.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include "ptracer_sockets.h"

#define LOOK_MILLIS 20
#define IDLE_MILLIS 500

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
bool jvm_has_ended;
bool jvm_end_is_known;		/* to the first thread */

void lock_all(void)
{
	pthread_mutex_lock(&lock);
}

void unlock_all(void)
{
	pthread_mutex_unlock(&lock);
}

static void look_at_call(struct task *task)
{
	if (!task->call || task->call_waits || now() - task->call_time < LOOK_MILLIS * 1000000ULL)
		return;
	task->call_waits = true;
	call_waits(task);
}

/* From now on nothing is recorded. */
void close_sessions(void)
{
	for (int i = 0; i < ST_LIMIT_SESSIONS; i++)
		__atomic_store_n(&memory.sessions[i].id, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&jvm_has_ended, true, __ATOMIC_RELEASE);
}

static void *watch(void *argument)
{
	struct pollfd fds[] = {
		{ .fd = PT_SOCKET, .events = POLLIN },
		{ .fd = diag_events(), .events = POLLIN },
	};
	sigset_t all;

	(void)argument;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;) {
		int n = poll(fds, 2, filtered_processes || jvm_has_ended ? LOOK_MILLIS : IDLE_MILLIS);

		lock_all();
		if (n > 0 && fds[1].revents)
			read_diag_events();
		if (n > 0 && fds[0].revents) {
			fds[0].fd = -1;	/* the JVM has closed its end of the socket */
			close_sessions();
		}
		if (pending_handshakes)
			for_each_socket(look_at_handshake);
		if (filtered_processes)
			for_each_task(look_at_call);
		if (jvm_has_ended && !jvm_end_is_known)
			kill(getpid(), PT_SIGNAL);
		unlock_all();
	}
	return NULL;
}

bool start_watching(void)
{
	pthread_t thread;

	return open_diag() && !pthread_create(&thread, NULL, watch, NULL);
}
