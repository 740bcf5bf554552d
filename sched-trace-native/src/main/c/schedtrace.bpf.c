/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel side: BTF tracepoints that follow tagged tasks and write what happens to them into one ring buffer.
 *
 * A task is traced if its task storage holds a tag of an open session. Children inherit the tag at fork, so nothing is
 * keyed by pid. A socket is traced if it has an owner; those that it accepts have the same. A task without storage costs
 * one look at a null pointer, a socket without an owner one at a slot.
 */
#include "kernel.h"
#include "record.h"
#include "control.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* As many unread bytes in the ring wake the reader; below that it looks by itself every few milliseconds. */
const volatile __u64 wakeup_bytes = 1 << 20;

struct tag {
	__u64 session;		/* 0 = none but the launch */
	__u64 process;		/* 0 = a thread of the tracing JVM */
	__u64 parent;
	__u64 launch;		/* the session of what a JVM thread is about to start; 0 = none */
	__u64 span;		/* the span id for that */
	__u32 pid;		/* in the innermost pid namespace */
	__u32 ppid;
	__u32 execs;
	__u32 exec_id;		/* self_exec_id of the last exec that was seen, or of the fork */
	__u64 last_child;	/* start_time of the newest process or thread that the task has made */
	/* The rest is kept in the tag of the group leader alone. */
	__u32 threads;
	__u32 ended;
	__u32 lossy;
	__u64 lookup_name;	/* the arguments of getaddrinfo(3), while this thread is in it */
	__u64 lookup_result;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tag);
} tags SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ST_LIMIT_SESSIONS);
	__type(key, __u32);
	__type(value, struct st_session);
} sessions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

/* The open session with that id, or null. */
static __always_inline struct st_session *session_of(__u64 id)
{
	__u32 slot = id & (ST_LIMIT_SESSIONS - 1);
	struct st_session *session = bpf_map_lookup_elem(&sessions, &slot);

	return session && id && session->id == id ? session : 0;
}

/* The open session of a tag, if there is one and it has that setting (enum st_settings); else null. */
static __always_inline struct st_session *session_that_wants(struct tag *tag, __u64 setting)
{
	struct st_session *session = tag ? session_of(tag->session) : 0;

	return session && session->settings & setting ? session : 0;
}

/* The tag of a task. A thread that the kernel makes for a process, as for io_uring(7), has none but the process's. */
static __always_inline struct tag *tag_of(struct task_struct *task)
{
	struct tag *tag = bpf_task_storage_get(&tags, task, 0, 0);

	if (tag || task->pid == task->tgid)
		return tag;
	tag = bpf_task_storage_get(&tags, task->group_leader, 0, 0);
	return tag && tag->process ? tag : 0;
}

/* Each record has the next number of its session, also one that is lost then. */
static __always_inline __u64 next_sequence(struct st_session *session)
{
	return __sync_fetch_and_add(&session->made, 1) + 1;
}

static __always_inline void fill_header(struct st_header *header, __u32 size, __u16 type, __u64 session,
					__u64 sequence, __u64 time)
{
	header->size = size;
	header->type = type;
	header->flags = 0;
	header->session = session;
	header->sequence = sequence;
	header->time = time;
}

static __always_inline void count_lost(struct st_session *session, enum st_type type)
{
	__sync_fetch_and_add(&session->lost[type], 1);
}

/* How far the ring had been written when the reader was woken last. */
__u64 woken_at;

/*
 * Wakes the reader if urgent, or if the ring fills: a wake-up a record would cost more than the record. A reader that
 * has been woken may have to wait for a processor, and is not woken again until as much again has come.
 */
static __always_inline void submit(void *record, bool urgent)
{
	__u64 flags = urgent ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
	__u64 position;

	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > wakeup_bytes) {
		position = bpf_ringbuf_query(&ring, BPF_RB_PROD_POS);
		if (position - woken_at > wakeup_bytes) {
			woken_at = position;
			flags = BPF_RB_FORCE_WAKEUP;
		}
	}
	bpf_ringbuf_submit(record, flags);
}

/* Whether nothing of the session is left alive, now that one of its counters has gone down to 0. */
static __always_inline bool all_quiet(struct st_session *session)
{
	return !session->processes && !session->connections;
}

#include "twice.bpf.h"
#include "process.bpf.h"
#include "exec.bpf.h"
#include "tcp.bpf.h"
#include "missed.bpf.h"
#include "members.bpf.h"
#include "dns.bpf.h"
#include "packets.bpf.h"
#include "getaddrinfo.bpf.h"

/*
 * The types that record-layout.awk makes Java classes of. Clang leaves types out of the BTF that no variable has;
 * this one only keeps them in.
 */
union record_layout {
	enum st_limit limit;
	enum st_type type;
	enum st_flag flag;
	enum st_setting setting;
	struct st_header header;
	struct st_process_start process_start;
	struct st_process_exec process_exec;
	struct st_exec_data exec_data;
	struct st_process_end process_end;
	struct st_connection connection;
	struct st_dns_answer dns_answer;
	struct st_name_resolved name_resolved;
	struct st_session session;
} *record_layout;

/*
 * Tags the calling thread, or removes its tag. The tracing JVM runs it with BPF_PROG_TEST_RUN. Returns 1 without
 * memory.
 */
SEC("raw_tp")
int tag_thread(struct st_tag_args *args)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 session = args->session, kind = args->kind, span = args->span;
	void *own = &origin;
	struct tag *tag;

	if (kind == ST_TAG_NONE) {
		tag = bpf_task_storage_get(&tags, task, 0, 0);
		if (tag && tag->launch && tag->session) {
			tag->launch = 0;
			tag->span = 0;
		} else {
			bpf_task_storage_delete(&tags, task);
		}
		return 0;
	}
	tag = bpf_task_storage_get(&tags, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tag)
		return 1;
	bpf_probe_read_kernel(&origin, sizeof(origin), &own);
	tracer_pid_level = BPF_CORE_READ(task, thread_pid, level);
	if (kind == ST_TAG_LAUNCH) {
		tag->launch = session;
		tag->span = span;
	} else {
		tag->session = session;
		tag->process = 0;
	}
	return 0;
}
