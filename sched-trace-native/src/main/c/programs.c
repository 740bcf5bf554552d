/* SPDX-License-Identifier: Apache-2.0 */
#include "programs.h"
#include <bpf/bpf.h>
#include <bpf/btf.h>
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
#define WAKEUP_PART 8		/* the reader is woken when this part of the ring is full */

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

bool is_since(int major, int minor)
{
	struct utsname kernel = { 0 };
	int own_major = 0, own_minor = 0;

	uname(&kernel);
	sscanf(kernel.release, "%d.%d", &own_major, &own_minor);
	return own_major > major || (own_major == major && own_minor >= minor);
}

/*
 * Opens the object for the running kernel and chooses programs by the kernel's release. To find out what the kernel
 * has, libbpf would have to read all of its BTF once more.
 */
static struct schedtrace_bpf *open_programs(void)
{
	bool preemptible = is_since(7, 0), reports_reads = is_since(6, 3);
	struct schedtrace_bpf *skel = open_object(preemptible);

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
	bpf_program__set_autoload(skel->progs.on_soft_error, is_since(5, 15));
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

		if (!link || link == skel->links.members || link == skel->links.tag_client || link == skel->links.maps)
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

static bool keep_for_client(struct programs *programs, const struct schedtrace_bpf *skel)
{
	return keep(&programs->tag_client, bpf_link__fd(skel->links.tag_client)) &&
	       keep(&programs->client, bpf_map__fd(skel->maps.client)) &&
	       keep(&programs->maps, bpf_link__fd(skel->links.maps));
}

/* The programs that only the process that loads them may run or attach, see SECURITY.md. */
static bool keep_own(struct programs *programs, const struct schedtrace_bpf *skel)
{
	return keep(&programs->find_missed, bpf_program__fd(skel->progs.find_missed)) &&
	       keep(&programs->getaddrinfo_entry, bpf_program__fd(skel->progs.on_lookup)) &&
	       keep(&programs->getaddrinfo_return, bpf_program__fd(skel->progs.on_looked_up));
}

static bool keep_descriptors(struct programs *programs, const struct schedtrace_bpf *skel)
{
	return keep(&programs->ring, bpf_map__fd(skel->maps.ring)) &&
	       keep(&programs->sessions, bpf_map__fd(skel->maps.sessions)) &&
	       keep(&programs->tag_thread, bpf_program__fd(skel->progs.tag_thread)) &&
	       keep(&programs->wipe_ring, bpf_program__fd(skel->progs.wipe_ring)) &&
	       keep(&programs->members, bpf_link__fd(skel->links.members)) &&
	       keep(&programs->dns_answers, bpf_program__fd(dns_answers(skel))) &&
	       keep_links(programs, skel);
}

/*
 * Lets the process that gets the descriptors run a program, but not attach it: a program of the type raw_tp could be
 * attached to any tracepoint, and would then run in any process.
 */
static void only_run(struct bpf_program *program)
{
	bpf_program__set_type(program, BPF_PROG_TYPE_SYSCALL);
	bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_SLEEPABLE);
}

/* Returns the offset of a member in a struct of the kernel; 0 if there is none. */
static __u32 kernel_offset(const char *name, const char *member)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *type = btf__type_by_id(btf, btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT));
	__u32 offset = 0;

	for (__u16 i = 0; type && i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), member))
			offset = btf_member_bit_offset(type, i) / 8;
	btf__free(btf);
	return offset;
}

static void guard(struct schedtrace_bpf *skel, const struct user *user)
{
	skel->rodata->guarded = true;
	skel->rodata->user_uid = user->uid;
	skel->rodata->user_gid = user->gid;
	skel->bss->user_netns = user->netns;
	skel->bss->user_userns = user->userns;
	if (is_since(7, 0))
		skel->rodata->dumpable_offset = kernel_offset("task_exec_state", "dumpable");
	only_run(skel->progs.tag_thread);
	only_run(skel->progs.wipe_ring);
	bpf_program__set_autoload(skel->progs.find_missed, false);
	bpf_program__set_autoload(skel->progs.on_lookup, false);
	bpf_program__set_autoload(skel->progs.on_looked_up, false);
}

/* Returns how many objects the user has had loaded, this one included; -1 on failure, see errno. */
static int count_objects(const struct schedtrace_bpf *skel)
{
	struct bpf_link *link = bpf_program__attach_iter(skel->progs.objects, NULL);
	int file = link ? bpf_iter_create(bpf_link__fd(link)) : -1;
	char bytes[MAX_OBJECTS + 1];
	int n = 0;
	ssize_t got = -1;

	while (file >= 0 && n < (int)sizeof(bytes) && (got = read(file, bytes, sizeof(bytes) - (size_t)n)) > 0)
		n += (int)got;
	if (file >= 0)
		close(file);
	bpf_link__destroy(link);
	return got < 0 ? -1 : n;
}

/* Whether this user may have the object that has been loaded for him. If not, errno is EDQUOT, or tells why. */
static bool may_have_object(const struct schedtrace_bpf *skel)
{
	int n = count_objects(skel);

	if (n > MAX_OBJECTS)
		errno = EDQUOT;
	return n > 0 && n <= MAX_OBJECTS;
}

int tag_thread_of_client(const struct programs *programs, pid_t client, __u32 thread, const struct st_tag_args *args)
{
	struct st_client_request request = {
		.session = args->session,
		.kind = args->kind,
		.span = args->span,
		.process = (__u32)client,
		.thread = thread,
		.result = ST_TAG_NOT_FOUND,
	};
	int file, zero = 0;
	char nothing;

	if (bpf_map_update_elem(programs->client, &zero, &request, BPF_ANY))
		return -errno;
	file = bpf_iter_create(programs->tag_client);
	if (file < 0)
		return -errno;
	while (read(file, &nothing, sizeof(nothing)) < 0 && (errno == EINTR || errno == EAGAIN))
		;
	close(file);
	return bpf_map_lookup_elem(programs->client, &zero, &request) ? -errno : (int)request.result;
}

/* Goes through the threads of one process. Before Linux 6.1 that takes going through all processes. */
static struct bpf_link *attach_to_process(const struct bpf_program *program, pid_t pid)
{
	union bpf_iter_link_info process = { .task.pid = (__u32)pid };
	LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &process, .link_info_len = sizeof(process));

	return bpf_program__attach_iter(program, is_since(6, 1) ? &options : NULL);
}

/* Has the programs get to know the client of the daemon. Returns false if it is not to be served, see errno. */
static bool meet_client(struct programs *programs, struct schedtrace_bpf *skel, pid_t client)
{
	struct st_tag_args meet = { .kind = ST_TAG_MEET };
	int result;

	skel->links.tag_client = attach_to_process(skel->progs.tag_client, client);
	skel->links.maps = bpf_program__attach_iter(skel->progs.maps, NULL);
	if (!skel->links.tag_client || !skel->links.maps || !keep_for_client(programs, skel))
		return false;
	result = tag_thread_of_client(programs, client, 0, &meet);
	errno = result == ST_TAG_NOT_FOUND ? ESRCH : result == ST_TAG_REFUSED ? EACCES : result < 0 ? -result : 0;
	return result == ST_TAG_DONE;
}

static const char *load(struct programs *programs, struct schedtrace_bpf *skel, const struct user *user)
{
	bool by_daemon = user && user->client, by_helper = user && !user->client;

	bpf_program__set_autoattach(skel->progs.tag_thread, false);
	bpf_program__set_autoattach(skel->progs.find_missed, false);
	bpf_program__set_autoattach(skel->progs.wipe_ring, false);
	bpf_program__set_autoattach(skel->progs.objects, false);
	bpf_program__set_autoattach(skel->progs.tag_client, false);
	bpf_program__set_autoattach(skel->progs.maps, false);
	bpf_program__set_autoload(skel->progs.objects, by_helper);
	bpf_program__set_autoload(skel->progs.tag_client, by_daemon);
	bpf_program__set_autoload(skel->progs.maps, by_daemon);
	bpf_map__set_autocreate(skel->maps.client, by_daemon);
	bpf_program__set_autoattach(skel->progs.on_received, false);
	bpf_program__set_autoattach(skel->progs.on_packet_read, false);
	bpf_program__set_autoattach(skel->progs.on_lookup, false);
	bpf_program__set_autoattach(skel->progs.on_looked_up, false);
	if (user)
		guard(skel, user);
	if (schedtrace_bpf__load(skel))
		return "cannot load the BPF program";
	if (by_helper && !may_have_object(skel))
		return "cannot load one more BPF program";
	if (by_daemon && !meet_client(programs, skel, user->client))
		return "cannot tell who asks for the BPF program";
	if (schedtrace_bpf__attach(skel))
		return "cannot attach the BPF program";
	if (!keep_descriptors(programs, skel) || (!user && !keep_own(programs, skel)))
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

static int print_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

void quiet_libbpf(void)
{
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(print_nothing);
}

const char *load_programs(struct programs *programs, size_t ring_bytes, const struct user *user)
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
	skel->rodata->wakeup_bytes = ring_bytes / WAKEUP_PART;
	bpf_map__set_max_entries(skel->maps.ring, (__u32)ring_bytes);
	failed = load(programs, skel, user);
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
	close_one(&programs->tag_client);
	close_one(&programs->client);
	close_one(&programs->maps);
	close_one(&programs->dns_answers);
	close_one(&programs->getaddrinfo_entry);
	close_one(&programs->getaddrinfo_return);
	errno = saved;
}
