/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sessions of the JVM's threads, with the meaning that tags.bpf.h gives them. A thread is seized when it gets a
 * session. It is let go when it stops for whatever reason and has none any more, never before: to stop it for that
 * would make system calls such as epoll_wait(2) fail with EINTR.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "ptracer_state.h"

/* The session that the JVM's threads use if they have no open one of their own; 0 = none. */
static __u64 jvm_session;

/* Returns the session of the processes that a thread of the JVM makes. */
__u64 session_of_thread(const struct task *task)
{
	if (task->launch)
		return task->launch;
	return open_session(task->session) ? task->session : jvm_session;
}

/* A thread of the JVM inherits only a session that its creator has entered, or has inherited itself. */
void inherit_tag(struct task *child, const struct task *parent)
{
	child->of_jvm = true;
	child->session = open_session(parent->session) ? parent->session : 0;
}

/* Whether a thread has to be traced on. */
bool is_wanted(const struct task *task)
{
	if (task->of_jvm && jvm_has_ended)
		return false;
	if (task->of_jvm)
		return task->launch || jvm_session || open_session(task->session);
	return task->process && (task->process->filtered || session_of(task->process->session));
}

/* Returns the task of a thread of the JVM, which is traced from then on, or null with errno. */
static struct task *seized(pid_t tid)
{
	struct task *task = find_task(tid);

	if (task)
		return task;
	if (attach(tid))
		return NULL;
	task = add_task(tid);
	if (!task)
		errno = ENOMEM;
	else
		task->of_jvm = true;
	return task;
}

/* Seizes the threads that are not seized yet. Returns how many, or -errno. */
static int seize_new_threads(pid_t jvm)
{
	char path[64];
	struct dirent *entry;
	int count = 0, error = 0;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/task", jvm);
	directory = opendir(path);
	if (!directory)
		return -errno;
	while ((entry = readdir(directory)) && !error) {
		pid_t tid = (pid_t)atoi(entry->d_name);

		if (!tid || find_task(tid))
			continue;
		if (seized(tid))
			count++;
		else if (errno != ESRCH)	/* it has ended */
			error = -errno;
	}
	closedir(directory);
	return error ? error : count;
}

/* A thread that is not seized yet may make another one meanwhile. */
static int tag_jvm(pid_t jvm, __u64 session)
{
	int seized = 1;

	while (session && seized > 0)
		seized = seize_new_threads(jvm);
	if (session && seized < 0)
		return seized;
	jvm_session = session;
	return 0;
}

static void untag(pid_t tid)
{
	struct task *task = find_task(tid);

	if (!task)
		return;
	if (!task->launch)
		task->session = 0;
	task->launch = 0;
	task->span = 0;
}

static int tag(const struct pt_shared *request)
{
	struct task *task = seized((pid_t)request->thread);

	if (!task)
		return -errno;
	if (request->kind == ST_TAG_LAUNCH) {
		task->launch = request->session;
		task->span = request->span;
	} else {
		task->session = request->session;
	}
	return 0;
}

/* Does what the JVM asks for. Returns 0 or -errno. */
int serve_request(const struct pt_shared *request)
{
	switch (request->kind) {
	case ST_TAG_NONE:
		untag((pid_t)request->thread);
		return 0;
	case ST_TAG_TEST:
	case ST_TAG_LAUNCH:
		return tag(request);
	case ST_TAG_JVM:
		return tag_jvm((pid_t)request->jvm, request->session);
	case PT_WIPE:
		wipe_ring();
		return 0;
	default:
		return -EINVAL;
	}
}
