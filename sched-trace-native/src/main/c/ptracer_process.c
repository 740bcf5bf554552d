/* SPDX-License-Identifier: Apache-2.0 */
/* Processes: fork and end. ptracer_exec.c has what is between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "ptracer_state.h"

#define EARLY_ENDS 64
#define EARLY_NANOS 1000000000ULL

/* Ends of tasks that their creators have not reported yet, the newest ones. */
static struct early_end {
	struct report report;
	__u64 time;
} early_ends[EARLY_ENDS];
static unsigned early_count;

void note_early_end(const struct report *report)
{
	struct early_end *end = &early_ends[early_count++ % EARLY_ENDS];

	end->report = *report;
	end->time = now();
}

/* Whether the task has ended before its creator has reported it. */
static bool take_early_end(pid_t tid, struct report *report)
{
	for (int i = 0; early_count && i < EARLY_ENDS; i++) {
		struct early_end *end = &early_ends[i];

		if (end->report.tid != tid || now() - end->time > EARLY_NANOS)
			continue;
		*report = end->report;
		end->report.tid = 0;
		return true;
	}
	return false;
}

static void list_member(struct process *process)
{
	struct pt_shared *shared = memory.shared;
	__u32 at = 0;

	while (at < shared->members_used && shared->members[at].pid)
		at++;
	if (at == PT_MEMBERS)
		return;
	shared->members[at].pid = (__u32)process->tgid;
	shared->members[at].filtered = process->filtered;
	__atomic_store_n(&shared->members[at].session, process->session, __ATOMIC_RELEASE);
	if (at == shared->members_used)
		__atomic_store_n(&shared->members_used, at + 1, __ATOMIC_RELEASE);
	process->member = at + 1;
}

static void unlist_member(struct process *process)
{
	struct pt_member *member = &memory.shared->members[process->member - 1];

	if (!process->member)
		return;
	__atomic_store_n(&member->session, 0, __ATOMIC_RELEASE);
	member->filtered = 0;
	__atomic_store_n(&member->pid, 0, __ATOMIC_RELEASE);
	process->member = 0;
}

unsigned filtered_processes;

void set_filtered(struct process *process)
{
	process->filtered = true;
	if (process->member)
		memory.shared->members[process->member - 1].filtered = true;
	filtered_processes++;
}

/* Called when the last thread of a process is dropped. */
void forget_process(struct process *process)
{
	unlist_member(process);
	filtered_processes -= process->filtered;
	free(process);
}

/* Fills what a child has from the one that has forked it, a process or a thread of the JVM. */
static void fill_from_parent(struct process *process, const struct task *parent)
{
	const struct process *own = parent->process;
	ino_t parents_namespace = own ? own->pid_namespace : own_pid_namespace();
	__u32 parents_pid = own ? own->pid : memory.shared->jvm;

	process->parent = own ? own->number : 0;
	process->parent_tgid = own ? own->tgid : (pid_t)memory.shared->jvm;
	process->gid = own ? own->gid : getgid();
	if (own)
		memcpy(process->comm, own->comm, ST_COMM_LEN);
	else
		read_comm(parent->tid, process->comm);
	process->pid_namespace = pid_namespace_of(process->tgid);
	if (!process->pid_namespace)	/* it is gone */
		process->pid_namespace = parents_namespace;
	process->pid = process->pid_namespace == own_pid_namespace() ? (__u32)process->tgid
									      : innermost_pid(process->tgid);
	process->ppid = process->pid_namespace == parents_namespace ? parents_pid : 0;
}

static void record_start(struct st_session *session, struct process *process, __u64 span)
{
	struct st_process_start *record = reserve(sizeof(*record));

	if (!record) {
		count_lost(session, ST_PROCESS_START);
		process->lossy = true;
		return;
	}
	fill_header(&record->header, sizeof(*record), ST_PROCESS_START, process, process->number);
	process->start = record->header.time;
	record->parent = process->parent;
	record->span = span;
	record->ppid = process->ppid;
	record->tracer_pid = (__u32)process->tgid;
	record->uid = process->uid;
	record->gid = process->gid;
	memcpy(record->comm, process->comm, ST_COMM_LEN);
	submit(record, false);
}

/* Makes a process of a session, or one that is only traced because it has the filter. Returns null if it is neither. */
static struct process *new_process(const struct task *parent, struct task *child, struct st_session *session, __u64 id)
{
	bool filtered = parent->process && parent->process->filtered;
	struct process *process = session || filtered ? calloc(1, sizeof(*process)) : NULL;

	if (!process) {
		if (session)
			__atomic_add_fetch(&session->untracked, 1, __ATOMIC_RELAXED);
		return NULL;
	}
	process->session = session ? id : 0;
	process->tgid = child->tid;
	if (filtered)
		set_filtered(process);
	set_process(child, process);
	list_member(process);
	return process;
}

/* A child is a process of the session that its creator belongs to. */
void begin_process(const struct task *parent, struct task *child, const struct report *report)
{
	__u64 id = parent->process ? parent->process->session : session_of_thread(parent);
	struct st_session *session = session_of(id);
	struct process *process = new_process(parent, child, session, id);

	if (!process || !session)
		return;
	process->uid = report->uid;
	process->threads = 1;
	process->flags = parent->launch ? ST_LAUNCHED : parent->process ? parent->process->flags & ST_HIDDEN : 0;
	fill_from_parent(process, parent);
	process->number = next_sequence(session);
	process->start = now();
	__atomic_add_fetch(&session->processes, 1, __ATOMIC_RELAXED);
	record_start(session, process, parent->launch ? parent->span : 0);
}

static pid_t tgid_of(const struct task *task)
{
	return task->process ? task->process->tgid : (pid_t)memory.shared->jvm;
}

/* Whether a new task is a thread of the process that has made it: no other one has it by that pair of numbers. */
static bool is_thread(const struct task *parent, pid_t child)
{
	return !syscall(SYS_tgkill, tgid_of(parent), child, 0) || errno == EPERM;
}

/* A task has made another one, a thread or a process, which may have stopped or ended already. */
void forked(struct task *parent, pid_t child, const struct report *report)
{
	struct report end;
	struct task *task = find_task(child);
	bool ended = !task && take_early_end(child, &end);
	bool held = task && task->held;

	if (!task)
		task = add_task(child);
	if (!task) {
		struct st_session *session =
			session_of(parent->process ? parent->process->session : session_of_thread(parent));

		if (session)
			__atomic_add_fetch(&session->untracked, 1, __ATOMIC_RELAXED);
		return;
	}
	if (task->process)	/* it has been taken for an orphan (ptracer_orphans.c) */
		return;
	task->held = false;
	if (!is_thread(parent, child)) {
		begin_process(parent, task, report);
	} else if (parent->process) {
		set_process(task, parent->process);
		parent->process->threads++;
	} else if (parent->of_jvm) {
		inherit_tag(task, parent);
	}
	if (ended) {
		if (task->process && task->process->tgid == child)
			process_ended(task->process, &end);
		drop_task(task);
	} else if (held) {
		resume(task, 0);
	}
}

/* Returns the processor time of a process that nobody has reaped yet, in nanoseconds, without its children. */
static __u64 cpu_time_of(pid_t pid, const struct rusage *usage)
{
	clockid_t clock = (clockid_t)(~(unsigned)pid << 3 | 2);	/* CPUCLOCK_SCHED of the kernel */
	struct timespec time;

	if (!clock_gettime(clock, &time))
		return (__u64)time.tv_sec * 1000000000 + (__u64)time.tv_nsec;
	return (__u64)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000000 +
	       (__u64)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1000;
}

/*
 * Returns the largest resident set in pages; 0 = not known. The kernel reports the larger one of the process and its
 * children, so it is that of the process if no child had such a large one.
 */
static __u64 max_rss_of(const struct process *process, const struct rusage *usage)
{
	return usage->ru_maxrss > process->children_rss ? (__u64)usage->ru_maxrss * 1024 / memory.page : 0;
}

static void tell_parent(const struct process *process, const struct rusage *usage)
{
	struct task *parent = find_task(process->parent_tgid);

	if (parent && parent->process && usage->ru_maxrss > parent->process->children_rss)
		parent->process->children_rss = usage->ru_maxrss;
}

static __u32 wait_status_of(const struct report *report)
{
	return report->code == CLD_EXITED ? (__u32)(report->status & 0xff) << 8
					  : (__u32)report->status | (report->code == CLD_DUMPED ? 0x80 : 0);
}

/* A process has ended. Nobody has reaped it yet, unless its creator was late to report it. */
void process_ended(struct process *process, const struct report *report)
{
	struct st_session *session = session_of(process->session);
	struct st_process_end *record;
	__u64 sequence;
	bool last;

	tell_parent(process, &report->usage);
	unlist_member(process);
	process_left(process);
	if (!session)
		return;
	sequence = next_sequence(session);
	last = !__atomic_sub_fetch(&session->processes, 1, __ATOMIC_RELAXED) && all_quiet(session);
	record = reserve(sizeof(*record));
	if (!record) {
		count_lost(session, ST_PROCESS_END);
		return;
	}
	fill_header(&record->header, sizeof(*record), ST_PROCESS_END, process, sequence);
	if (process->lossy)
		record->header.flags |= ST_LOSSY;
	record->parent = process->parent;
	record->start = process->start;
	record->cpu_time = cpu_time_of(process->tgid, &report->usage);
	record->max_rss = max_rss_of(process, &report->usage);
	record->status = wait_status_of(report);
	record->execs = process->execs;
	record->threads = process->threads;
	record->uid = report->uid;
	record->gid = process->gid;
	record->ppid = process->ppid;
	if (!(process->flags & ST_HIDDEN))
		read_comm(process->tgid, process->comm);
	memcpy(record->comm, process->comm, ST_COMM_LEN);
	submit(record, last);
}
