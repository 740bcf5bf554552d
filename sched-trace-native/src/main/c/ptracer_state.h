/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sched-trace-ptracer knows of the threads that it traces. Only its main thread is the tracer: it alone calls
 * ptrace(2), and uses all of this.
 */
#ifndef SCHEDTRACE_PTRACER_STATE_H
#define SCHEDTRACE_PTRACER_STATE_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "ptracer.h"

extern struct pt_memory memory;

/* A traced process. It lives as long as one of its threads is known. */
struct process {
	__u64 session;
	__u64 number;		/* the sequence of its start record */
	__u64 parent;
	__u64 start;
	pid_t tgid;		/* in the tracer's pid namespace */
	pid_t parent_tgid;
	ino_t pid_namespace;
	__u32 pid;		/* in its innermost pid namespace */
	__u32 ppid;
	__u32 uid;
	__u32 gid;
	__u32 execs;
	__u32 threads;		/* since the last exec */
	__u32 tasks;		/* threads that are known */
	__u32 member;		/* its place in pt_shared.members, + 1; 0 = none */
	long children_rss;	/* the largest ru_maxrss of its children that have ended, in kilobytes */
	__u64 vdso;		/* where its last program has it; 0 = not known */
	__u32 arch;		/* AUDIT_ARCH_... of that program */
	__u16 flags;		/* enum st_flag of all its records */
	bool lossy;
	bool filtered;		/* it has the filter, so it must always have a tracer */
	char comm[ST_COMM_LEN];
};

/* A traced thread. One that is neither of a traced process nor of the JVM is let go at its next stop. */
struct task {
	struct task *next;	/* in its bucket */
	struct process *process;	/* null = none */
	pid_t tid;
	bool held;		/* it has stopped before its creator has reported it */
	bool of_jvm;
	/* Of threads of the JVM. */
	__u64 session;		/* that the thread has entered, or has inherited; 0 = none */
	__u64 launch;		/* the session of the process that it is about to launch; 0 = none */
	__u64 span;
	/* What the filter is for. */
	struct injection *injection;	/* it is being installed */
	long call;		/* the number of the system call that it has caught; 0 = none */
	__u64 arguments[6];
	__u64 call_time;
	bool call_waits;	/* it has been examined while it waited */
};

/* A stop or an end, as waitid(2) reports it. */
struct report {
	pid_t tid;
	int code;		/* CLD_EXITED, ... */
	int status;
	uid_t uid;
	struct rusage usage;
};

/* ptracer_ring.c */
__u64 now(void);
struct st_session *open_session(__u64 id);
struct st_session *session_of(__u64 id);
__u64 next_sequence(struct st_session *session);
void count_lost(struct st_session *session, enum st_type type);
bool all_quiet(const struct st_session *session);
void *reserve(size_t size);
void submit(void *record, bool urgent);
void fill_header(struct st_header *header, size_t size, enum st_type type, const struct process *process,
		 __u64 sequence);
void wipe_ring(void);

/* ptracer_tasks.c */
struct task *find_task(pid_t tid);
void for_each_task(void (*call)(struct task *));
struct task *add_task(pid_t tid);
void set_process(struct task *task, struct process *process);
void drop_task(struct task *task);

/* ptracer_process.c */
extern unsigned filtered_processes;
void set_filtered(struct process *process);
void begin_process(const struct task *parent, struct task *child, const struct report *report);
void forked(struct task *parent, pid_t child, const struct report *report);
void process_ended(struct process *process, const struct report *report);
void forget_process(struct process *process);
void note_early_end(const struct report *report);

/* ptracer_orphans.c */
void note_killed(const struct process *process);
void note_held(pid_t tid, uid_t uid);
void adopt_orphans(void);

/* ptracer_tags.c */
__u64 session_of_thread(const struct task *task);
void inherit_tag(struct task *child, const struct task *parent);
bool is_wanted(const struct task *task);
int serve_request(const struct pt_shared *request);

/* ptracer_exec.c */
void execed(struct task *task, const struct report *report);

/* ptracer_filter.c */
bool begin_filter(struct task *task, __u64 vdso, __u32 arch);
bool continue_filter(struct task *task);
void forget_filter(struct task *task);

/* ptracer_sockets.c */
void call_ended(const struct task *task, long long result);
void call_waits(const struct task *task);
void process_left(const struct process *process);

/* ptracer_watch.c */
extern bool jvm_has_ended;
extern bool jvm_end_is_known;
void close_sessions(void);
void lock_all(void);
void unlock_all(void);
bool start_watching(void);

/* ptracer_guard.c */
bool guard(pid_t tracer);

/* ptracer_proc.c */
ssize_t read_proc(pid_t pid, const char *file, char *text, size_t size);
ino_t pid_namespace_of(pid_t pid);
ino_t own_pid_namespace(void);
__u32 innermost_pid(pid_t pid);
void read_comm(pid_t pid, char comm[ST_COMM_LEN]);
__u32 host_pid(pid_t pid);

/* sched-trace-ptracer.c */
int attach(pid_t tid);
void resume(struct task *task, int signal);

#endif
