/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel lists of loaded objects. The helper and the daemon read it to limit what they load for a user; these
 * programs are loaded for no other purpose.
 */
#ifndef SCHEDTRACE_OBJECTS_BPF_H
#define SCHEDTRACE_OBJECTS_BPF_H

#include "kernel.h"
#include "iterators.bpf.h"
#include "secrets.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* The objects that a user has had the helper load: a byte for each. */
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

/* The ids of all maps of the machine: tells the daemon which of its maps a client still has. */
SEC("iter/bpf_map")
int maps(struct bpf_iter__bpf_map *context)
{
	struct bpf_map *map = context->map;
	__u32 id;

	if (!map)
		return 0;
	id = BPF_CORE_READ(map, id);
	bpf_seq_write(context->meta->seq, &id, sizeof(id));
	return 0;
}

#endif
