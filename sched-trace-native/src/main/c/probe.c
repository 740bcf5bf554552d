/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "record.h"
#include "schedtrace.skel.h"
#include "schedtrace_preemptible.skel.h"

static void *map(int fd, size_t length, int protection, off_t offset)
{
	void *at = mmap(NULL, length, protection, MAP_SHARED, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

static void unmap(void *at, size_t length)
{
	if (at)
		munmap(at, length);
}

static void detach(struct bpf_link **link)
{
	bpf_link__destroy(*link);
	*link = NULL;
}

void destroy_probe(struct probe *probe)
{
	int saved = errno;

	unmap(probe->consumer, probe->page);
	unmap(probe->producer, probe->page + 2 * probe->ring_bytes);
	unmap(probe->sessions, sizeof(struct st_session) * ST_LIMIT_SESSIONS);
	if (probe->epoll >= 0)
		close(probe->epoll);
	if (probe->event >= 0)
		close(probe->event);
	watch_names(probe, 0, NULL);
	schedtrace_bpf__destroy(probe->skel);
	free(probe);
	errno = saved;
}

/*
 * Edge triggered: the kernel reports the ring only when the BPF program forces a wake-up, not whenever there is data,
 * so that the reader sleeps through what can wait.
 */
static int watch(struct probe *probe, int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = fd };

	return epoll_ctl(probe->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* The objects have the same maps and programs; see twice.bpf.h. */
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

/* Chooses programs by the kernel's release: libbpf would have to read all of its BTF once more to tell what there is. */
static struct schedtrace_bpf *open_programs(void)
{
	struct utsname kernel = { 0 };
	struct schedtrace_bpf *skel;
	int major = 0, minor = 0;
	bool preemptible, tells_reads;

	uname(&kernel);
	sscanf(kernel.release, "%d.%d", &major, &minor);
	preemptible = major >= 7;
	tells_reads = major > 6 || (major == 6 && minor >= 3);
	skel = open_object(preemptible);
	if (!skel)
		return NULL;
	bpf_program__set_autoload(skel->progs.on_wakeup_new, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_again, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_late, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_late_again, preemptible);
	bpf_program__set_autoload(skel->progs.on_exec_at_last, preemptible);
	bpf_program__set_autoload(skel->progs.on_exit_again, preemptible);
	bpf_program__set_autoload(skel->progs.on_tcp_state_again, preemptible);
	bpf_program__set_autoload(skel->progs.on_free, preemptible);
	bpf_program__set_autoload(skel->progs.on_received, tells_reads);
	bpf_program__set_autoload(skel->progs.on_packet_read, !tells_reads);
	/* The tracepoint inet_sk_error_report came after 5.13. */
	bpf_program__set_autoload(skel->progs.on_soft_error, major > 5 || (major == 5 && minor >= 15));
	return skel;
}

const char *load_probe(struct probe *probe, __u64 wakeup_bytes)
{
	int ring;

	probe->skel = open_programs();
	if (!probe->skel)
		return "cannot open the BPF program";
	probe->skel->rodata->wakeup_bytes = wakeup_bytes;
	bpf_map__set_max_entries(probe->skel->maps.ring, (__u32)probe->ring_bytes);
	bpf_program__set_autoattach(probe->skel->progs.scope, false);
	bpf_program__set_autoattach(probe->skel->progs.find_missed, false);
	bpf_program__set_autoattach(probe->skel->progs.on_received, false);
	bpf_program__set_autoattach(probe->skel->progs.on_packet_read, false);
	bpf_program__set_autoattach(probe->skel->progs.on_lookup, false);
	bpf_program__set_autoattach(probe->skel->progs.on_looked_up, false);
	if (schedtrace_bpf__load(probe->skel))
		return "cannot load the BPF program";
	if (schedtrace_bpf__attach(probe->skel))
		return "cannot attach the BPF program";
	probe->scope_fd = bpf_program__fd(probe->skel->progs.scope);
	probe->find_missed_fd = bpf_program__fd(probe->skel->progs.find_missed);
	probe->members_fd = bpf_link__fd(probe->skel->links.members);

	ring = bpf_map__fd(probe->skel->maps.ring);
	probe->consumer = map(ring, probe->page, PROT_READ | PROT_WRITE, 0);
	probe->producer = map(ring, probe->page + 2 * probe->ring_bytes, PROT_READ, (off_t)probe->page);
	probe->sessions = map(bpf_map__fd(probe->skel->maps.sessions), sizeof(struct st_session) * ST_LIMIT_SESSIONS,
			      PROT_READ | PROT_WRITE, 0);
	if (!probe->consumer || !probe->producer || !probe->sessions)
		return "cannot map the ring buffer";

	probe->epoll = epoll_create1(EPOLL_CLOEXEC);
	probe->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (probe->epoll < 0 || probe->event < 0 || watch(probe, ring) || watch(probe, probe->event))
		return "cannot wait for the ring buffer";
	return NULL;
}

static struct bpf_link *attach_getaddrinfo(const struct bpf_program *program, const char *libc, bool at_return)
{
	LIBBPF_OPTS(bpf_uprobe_opts, options, .func_name = "getaddrinfo", .retprobe = at_return);

	return bpf_program__attach_uprobe_opts(program, -1, libc, 0, &options);
}

static struct bpf_program *answers(const struct probe *probe)
{
	struct bpf_program *since_6_3 = probe->skel->progs.on_received;

	return bpf_program__autoload(since_6_3) ? since_6_3 : probe->skel->progs.on_packet_read;
}

const char *watch_names(struct probe *probe, __u64 settings, const char *libc)
{
	if (!(settings & ST_WANT_DNS))
		detach(&probe->dns);
	else if (!probe->dns)
		probe->dns = bpf_program__attach(answers(probe));
	if (settings & ST_WANT_DNS && !probe->dns)
		return "DNS answers";

	if (!(settings & ST_WANT_GETADDRINFO)) {
		detach(&probe->lookup);
		detach(&probe->looked_up);
		return NULL;
	}
	/* The return first: a call that is seen must not miss its result. */
	if (!probe->looked_up)
		probe->looked_up = attach_getaddrinfo(probe->skel->progs.on_looked_up, libc, true);
	if (probe->looked_up && !probe->lookup)
		probe->lookup = attach_getaddrinfo(probe->skel->progs.on_lookup, libc, false);
	return probe->lookup ? NULL : "getaddrinfo";
}
