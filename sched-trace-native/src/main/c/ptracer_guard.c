/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guardian, the parent of the tracer. The kernel lets the tracees of a tracer that is killed go on, but system
 * calls that their filter catches then fail with ENOSYS. So the guardian seizes the processes that have the filter, and
 * resumes them whenever they stop, until the last of them has ended. It records nothing.
 *
 * A call in the moment between the two tracers fails. Where Yama restricts ptrace(2) to ancestors, the guardian may
 * not seize, and such calls keep failing.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ptracer_state.h"

#define CHILDREN_LEN 65536

/* Seizes the threads of a process that are not seized yet. Returns how many. */
static int seize_threads(pid_t pid, struct process **process)
{
	char path[64];
	DIR *directory;
	struct dirent *entry;
	int count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		pid_t tid = (pid_t)atoi(entry->d_name);
		struct task *task;

		if (!tid || find_task(tid) || attach(tid))
			continue;
		task = add_task(tid);
		if (!*process)
			*process = calloc(1, sizeof(**process));
		if (!task || !*process)
			continue;
		if (!(*process)->tgid)
			set_filtered(*process);
		(*process)->tgid = pid;
		set_process(task, *process);
		count++;
	}
	if (directory)
		closedir(directory);
	return count;
}

static void seize_tree(pid_t pid);

/* A child that was forked while there was no tracer has the filter too. */
static void seize_children(pid_t pid)
{
	char path[64], *children = malloc(CHILDREN_LEN), *next = children;

	snprintf(path, sizeof(path), "task/%d/children", pid);
	if (children && read_proc(pid, path, children, CHILDREN_LEN) > 0)
		for (pid_t child; (child = (pid_t)strtol(next, &next, 10)) > 0;)
			if (!find_task(child))
				seize_tree(child);
	free(children);
}

static void seize_tree(pid_t pid)
{
	struct process *process = NULL;

	while (seize_threads(pid, &process) > 0)
		;
	if (process)
		seize_children(pid);
}

/*
 * Waits for the end of the tracer. Returns whether it was killed; then what has the filter is traced by this process.
 */
bool guard(pid_t tracer)
{
	const struct pt_shared *shared = memory.shared;
	int status;

	while (waitpid(tracer, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFEXITED(status))
		return false;
	close_sessions();
	jvm_end_is_known = true;
	for (__u32 i = 0; i < shared->members_used; i++)
		if (shared->members[i].pid && shared->members[i].filtered)
			seize_tree((pid_t)shared->members[i].pid);
	return true;
}
