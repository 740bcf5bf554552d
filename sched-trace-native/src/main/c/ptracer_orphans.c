/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks that have stopped for the first time and wait until their creator has reported them. A creator that is killed
 * in the middle of fork(2) never does: then the task is a child of the process that was killed last, and goes on.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ptracer_state.h"

#define PATIENCE_SECONDS 1
#define BEFORE_NANOS 100000000ULL	/* how long before the first stop the creator may have been reported as killed */

static struct held {
	struct held *next;
	pid_t tid;
	uid_t uid;
	__u64 since;
} *all_held;

static struct process killed;
static __u64 killed_at;
static bool armed;

void note_killed(const struct process *process)
{
	killed = *process;
	killed.member = 0;
	killed_at = now();
}

/* Remembers a task that waits. A signal comes when it has waited long. */
void note_held(pid_t tid, uid_t uid)
{
	struct held *held = malloc(sizeof(*held));

	if (!held)
		return;
	held->next = all_held;
	held->tid = tid;
	held->uid = uid;
	held->since = now();
	all_held = held;
	if (!armed)
		alarm(PATIENCE_SECONDS);
	armed = true;
}

static void adopt(struct task *task, const struct held *held)
{
	struct report report = { .uid = held->uid };
	struct task creator = { 0 };

	task->held = false;
	if (killed_at + BEFORE_NANOS > held->since) {
		creator.process = &killed;
		begin_process(&creator, task, &report);
	}
	resume(task, 0);
}

/* Called when the signal has come: lets the tasks go on that have waited long. */
void adopt_orphans(void)
{
	struct held **at = &all_held;

	while (*at) {
		struct held *held = *at;
		struct task *task = find_task(held->tid);
		bool waits = task && task->held;

		if (waits && now() - held->since < PATIENCE_SECONDS * 1000000000ULL / 2) {
			at = &held->next;
			continue;
		}
		*at = held->next;
		if (waits)
			adopt(task, held);
		free(held);
	}
	armed = all_held;
	if (armed)
		alarm(PATIENCE_SECONDS);
}
