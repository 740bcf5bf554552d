/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel passes to the programs of iterators (include/linux/bpf.h, kernel/bpf/{task,prog,map}_iter.c). */
#ifndef SCHEDTRACE_ITERATORS_BPF_H
#define SCHEDTRACE_ITERATORS_BPF_H

#include "kernel.h"

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};

#endif
