/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Overwrites the ring. User space cannot: the kernel maps the data for reading only. Records that have been read stay in
 * it until others take their place, with the arguments and environments of processes.
 */
#ifndef SCHEDTRACE_WIPE_BPF_H
#define SCHEDTRACE_WIPE_BPF_H

#include "kernel.h"
#include "sessions.bpf.h"
#include <bpf/bpf_helpers.h>

#define WIPE_LEN (4096 - 8)	/* a page with the header of the record */
#define WIPE_RECORDS 256	/* in one run */

/* Writes discarded records full of zeros until the ring is full. The tracing JVM runs it with BPF_PROG_TEST_RUN. */
SEC("raw_tp")
int wipe_ring(void *context)
{
	for (int i = 0; i < WIPE_RECORDS; i++) {
		void *record = bpf_ringbuf_reserve(&ring, WIPE_LEN, 0);

		if (!record)
			break;
		/* Nothing of user space is there: it fails, and clears the record therefore. */
		bpf_probe_read_user(record, WIPE_LEN, (void *)-4096L);
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
	}
	return 0;
}

#endif
