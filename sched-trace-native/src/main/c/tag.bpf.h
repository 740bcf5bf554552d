/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tags threads of the tracing JVM, or the JVM itself. */
#ifndef SCHEDTRACE_TAG_BPF_H
#define SCHEDTRACE_TAG_BPF_H

#include "control.h"
#include "kernel.h"
#include "secrets.bpf.h"
#include "sockets.bpf.h"
#include "tags.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

static __always_inline void remove_tag(struct task_struct *task)
{
	struct tag *tag = bpf_task_storage_get(&tags, task, 0, 0);

	if (tag && tag->launch && tag->session) {
		tag->launch = 0;
		tag->span = 0;
	} else {
		bpf_task_storage_delete(&tags, task);
	}
}

/* Tags a thread or its process, or removes the tag of the thread. Returns an enum st_tag_result. */
static __always_inline int tag_task(struct task_struct *task, __u64 session, __u64 kind, __u64 span)
{
	void *own = &own_address;
	struct tag *tag;

	if (kind == ST_TAG_NONE) {
		remove_tag(task);
		return ST_TAG_DONE;
	}
	bpf_probe_read_kernel(&own_address, sizeof(own_address), &own);
	tracer_pid_level = BPF_CORE_READ(task, thread_pid, level);
	if (kind == ST_TAG_JVM) {
		jvm_session = session;
		jvm = task->tgid;
		return ST_TAG_DONE;
	}
	tag = bpf_task_storage_get(&tags, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tag)
		return ST_TAG_NO_MEMORY;
	if (kind == ST_TAG_LAUNCH) {
		tag->launch = session;
		tag->span = span;
	} else {
		tag->session = session;
		tag->process = 0;
		tag->borrowed = false;
	}
	return ST_TAG_DONE;
}

/* Tags the calling thread. The tracing JVM runs it with BPF_PROG_TEST_RUN. */
SEC("raw_tp")
int tag_thread(struct st_tag_args *args)
{
	__u64 session = args->session, kind = args->kind, span = args->span;

	if (is_withheld())
		return ST_TAG_REFUSED;
	return tag_task(bpf_get_current_task_btf(), session, kind, span);
}

#endif
