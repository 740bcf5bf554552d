/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The objects that a user has had the helper load, from the kernel's list of BPF programs: a byte for each. The helper
 * reads it to limit their number; it is loaded for no other purpose.
 */
#ifndef SCHEDTRACE_OBJECTS_BPF_H
#define SCHEDTRACE_OBJECTS_BPF_H

#include "kernel.h"
#include "members.bpf.h"
#include "secrets.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* What the kernel passes to the program for each BPF program (kernel/bpf/prog_iter.c). */
struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
};

SEC("iter/bpf_prog")
int objects(struct bpf_iter__bpf_prog *context)
{
	static const char name[] = "tag_thread";	/* each object has one */
	struct bpf_prog *prog = context->prog;
	char own[sizeof(name)] = {};
	char one = 1;

	if (!prog || BPF_CORE_READ(prog, aux, user, uid.val) != user_uid)
		return 0;
	BPF_CORE_READ_INTO(&own, prog, aux, name);
	for (int i = 0; i < (int)sizeof(name); i++)
		if (own[i] != name[i])
			return 0;
	bpf_seq_write(context->meta->seq, &one, sizeof(one));
	return 0;
}

#endif
