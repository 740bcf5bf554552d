/* SPDX-License-Identifier: Apache-2.0 */
#include "programs.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "feature_cache.h"
#include "schedtrace.skel.h"
#include "schedtrace_preemptible.skel.h"

#define MAX_DESCRIPTORS 64	/* open at once while the programs are loaded */

/* Opens one of the two objects. They have the same maps and programs, see tracepoints.bpf.h. */
static struct schedtrace_bpf *open_object(bool preemptible)
{
	struct schedtrace_bpf *skel = calloc(1, sizeof(*skel));
	size_t size;

	if (!skel || schedtrace_bpf__create_skeleton(skel)) {
		free(skel);
		return NULL;
	}
	if (preemptible) {
		skel->skeleton->data = schedtrace_preemptible_bpf__elf_bytes(&size);
		skel->skeleton->data_sz = size;
	}
	if (bpf_object__open_skeleton(skel->skeleton, NULL)) {
		schedtrace_bpf__destroy(skel);
		return NULL;
	}
	return skel;
}

/*
 * Opens the object for the running kernel and chooses programs by the kernel's release. To find out what the kernel
 * has, libbpf would have to read all of its BTF once more.
 */
static struct schedtrace_bpf *open_programs(void)
{
	struct utsname kernel = { 0 };
	struct schedtrace_bpf *skel;
	int major = 0, minor = 0;
	bool preemptible, reports_reads;

	uname(&kernel);
	sscanf(kernel.release, "%d.%d", &major, &minor);
	preemptible = major >= 7;
	reports_reads = major > 6 || (major == 6 && minor >= 3);
	skel = open_object(preemptible);
	if (!skel)
		return NULL;
	bpf_program__set_autoload(skel->progs.on_wakeup_new, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_backup, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_backup_2, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_backup_3, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_backup_4, preemptible);
	bpf_program__set_autoload(skel->progs.on_exit_backup, preemptible);
	bpf_program__set_autoload(skel->progs.on_tcp_state_backup, preemptible);
	bpf_program__set_autoload(skel->progs.on_free, preemptible);
	bpf_program__set_autoload(skel->progs.on_received, reports_reads);
	bpf_program__set_autoload(skel->progs.on_packet_read, !reports_reads);
	/* The tracepoint inet_sk_error_report is newer than 5.13. */
	bpf_program__set_autoload(skel->progs.on_soft_error, major > 5 || (major == 5 && minor >= 15));
	return skel;
}

/* The program for DNS answers that was chosen. */
static struct bpf_program *dns_answers(const struct schedtrace_bpf *skel)
{
	struct bpf_program *since_6_3 = skel->progs.on_received;

	return bpf_program__autoload(since_6_3) ? since_6_3 : skel->progs.on_packet_read;
}

/* Copies a descriptor, which is closed with the skeleton. Returns false on failure. */
static bool keep(int *copy, int fd)
{
	*copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return *copy >= 0;
}

static bool keep_links(struct programs *programs, const struct schedtrace_bpf *skel)
{
	const struct bpf_object_skeleton *skeleton = skel->skeleton;
	int n = 0;

	for (int i = 0; i < skeleton->prog_cnt; i++) {
		struct bpf_link *link = *skeleton->progs[i].link;

		if (!link || link == skel->links.members)
			continue;
		if (n == MAX_LINKS) {
			errno = E2BIG;
			return false;
		}
		if (!keep(&programs->links[n++], bpf_link__fd(link)))
			return false;
	}
	return true;
}

static bool keep_descriptors(struct programs *programs, const struct schedtrace_bpf *skel)
{
	return keep(&programs->ring, bpf_map__fd(skel->maps.ring)) &&
	       keep(&programs->sessions, bpf_map__fd(skel->maps.sessions)) &&
	       keep(&programs->tag_thread, bpf_program__fd(skel->progs.tag_thread)) &&
	       keep(&programs->find_missed, bpf_program__fd(skel->progs.find_missed)) &&
	       keep(&programs->wipe_ring, bpf_program__fd(skel->progs.wipe_ring)) &&
	       keep(&programs->members, bpf_link__fd(skel->links.members)) &&
	       keep(&programs->dns_answers, bpf_program__fd(dns_answers(skel))) &&
	       keep(&programs->getaddrinfo_entry, bpf_program__fd(skel->progs.on_lookup)) &&
	       keep(&programs->getaddrinfo_return, bpf_program__fd(skel->progs.on_looked_up)) &&
	       keep_links(programs, skel);
}

static const char *load(struct programs *programs, struct schedtrace_bpf *skel, size_t ring_bytes, __u64 wakeup_bytes)
{
	skel->rodata->wakeup_bytes = wakeup_bytes;
	bpf_map__set_max_entries(skel->maps.ring, (__u32)ring_bytes);
	bpf_program__set_autoattach(skel->progs.tag_thread, false);
	bpf_program__set_autoattach(skel->progs.find_missed, false);
	bpf_program__set_autoattach(skel->progs.wipe_ring, false);
	bpf_program__set_autoattach(skel->progs.on_received, false);
	bpf_program__set_autoattach(skel->progs.on_packet_read, false);
	bpf_program__set_autoattach(skel->progs.on_lookup, false);
	bpf_program__set_autoattach(skel->progs.on_looked_up, false);
	if (schedtrace_bpf__load(skel))
		return "cannot load the BPF program";
	if (schedtrace_bpf__attach(skel))
		return "cannot attach the BPF program";
	if (!keep_descriptors(programs, skel))
		return "cannot keep the descriptors of the BPF program";
	return NULL;
}

/* Whether enough descriptors are free to load and keep the programs; libbpf's own errors do not name the cause. */
static bool has_descriptors(void)
{
	int spare[MAX_DESCRIPTORS];
	int n = 0, saved;

	spare[n] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (spare[n] >= 0 && ++n < MAX_DESCRIPTORS)
		spare[n] = fcntl(spare[0], F_DUPFD_CLOEXEC, 0);
	saved = errno;
	for (int i = 0; i < n; i++)
		close(spare[i]);
	errno = saved;
	return n == MAX_DESCRIPTORS;
}

const char *load_programs(struct programs *programs, size_t ring_bytes, __u64 wakeup_bytes)
{
	struct schedtrace_bpf *skel;
	const char *failed;
	int saved;

	memset(programs, -1, sizeof(*programs));	/* all are descriptors */
	if (!has_descriptors())
		return "cannot open enough files";
	forget_features();
	libbpf_set_memlock_rlim(0);			/* since Linux 5.11 that limit does not count for BPF */
	skel = open_programs();
	if (!skel)
		return "cannot open the BPF program";
	failed = load(programs, skel, ring_bytes, wakeup_bytes);
	saved = errno;
	schedtrace_bpf__destroy(skel);
	errno = saved;
	if (failed)
		close_programs(programs);
	return failed;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void close_programs(struct programs *programs)
{
	int saved = errno;

	for (int i = 0; i < MAX_LINKS; i++)
		close_one(&programs->links[i]);
	close_one(&programs->ring);
	close_one(&programs->sessions);
	close_one(&programs->tag_thread);
	close_one(&programs->find_missed);
	close_one(&programs->wipe_ring);
	close_one(&programs->members);
	close_one(&programs->dns_answers);
	close_one(&programs->getaddrinfo_entry);
	close_one(&programs->getaddrinfo_return);
	errno = saved;
}
