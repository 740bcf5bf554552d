/* SPDX-License-Identifier: Apache-2.0 */
/* The table of traced threads, by their ids. */
#include <stdlib.h>
#include "ptracer_state.h"

#define BUCKETS 4096

static struct task *buckets[BUCKETS];

static struct task **bucket_of(pid_t tid)
{
	return &buckets[(unsigned)tid & (BUCKETS - 1)];
}

struct task *find_task(pid_t tid)
{
	struct task *task = *bucket_of(tid);

	while (task && task->tid != tid)
		task = task->next;
	return task;
}

/* Returns a new task; null if there is no memory. */
struct task *add_task(pid_t tid)
{
	struct task **bucket = bucket_of(tid);
	struct task *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	task->tid = tid;
	task->next = *bucket;
	*bucket = task;
	return task;
}

void set_process(struct task *task, struct process *process)
{
	task->process = process;
	process->tasks++;
}

void drop_task(struct task *task)
{
	struct task **at = bucket_of(task->tid);

	while (*at != task)
		at = &(*at)->next;
	*at = task->next;
	if (task->process && !--task->process->tasks)
		forget_process(task->process);
	forget_filter(task);
	free(task);
}

/* The function may drop the task that it gets. */
void for_each_task(void (*call)(struct task *))
{
	for (int i = 0; i < BUCKETS; i++)
		for (struct task *task = buckets[i], *next; task; task = next) {
			next = task->next;
			call(task);
		}
}
