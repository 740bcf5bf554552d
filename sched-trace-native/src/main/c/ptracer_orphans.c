/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks that have stopped for the first time and wait until their creator has reported them. A creator that is killed
 * in the middle of fork(2) never does: then the task is a child of the process that was killed last, and goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ptracer_state.h"

#define PATIENCE_SECONDS 1
#define LONG_PATIENCE_SECONDS 10	/* with a creator that seems to live, and may wait for a processor */
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
	killed.member = 0;	/* that place may be another's */
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

/* Whether the parent of a task is a traced process; it may also be the next ancestor that adopts orphans. */
static bool has_traced_parent(pid_t tid)
{
	char text[512], *end;
	int parent = 0;

	if (read_proc(tid, "stat", text, sizeof(text)) <= 0)
		return false;
	end = strrchr(text, ')');
	return end && sscanf(end + 1, " %*c %d", &parent) == 1 &&
	       (find_task(parent) || parent == (int)memory.shared->jvm);
}

static bool is_too_long(const struct held *held)
{
	__u64 seconds = (now() - held->since) / 1000000000;

	return seconds >= LONG_PATIENCE_SECONDS || (seconds >= PATIENCE_SECONDS && !has_traced_parent(held->tid));
}

/* Called some time after the signal, when there is nothing else to do: lets the tasks go on that have waited long. */
void adopt_orphans(void)
{
	struct held **at = &all_held;

	while (*at) {
		struct held *held = *at;
		struct task *task = find_task(held->tid);
		bool waits = task && task->held;

		if (waits && !is_too_long(held)) {
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
