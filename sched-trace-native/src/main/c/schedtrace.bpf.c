/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel side: BTF tracepoint programs that follow tagged tasks and record their activity in one ring buffer.
 *
 * A task is traced if its task storage holds a tag of an open session. Children inherit the tag at fork, so nothing
 * is keyed by pid. A socket is traced if it has an owner; the sockets that it accepts have the same owner. A task
 * without storage costs a test for a null pointer, a socket without an owner the lookup of a slot.
 */
#include "kernel.h"
#include "record.h"
#include "control.h"
#include "secrets.bpf.h"
#include "sessions.bpf.h"
#include "tags.bpf.h"
#include "process.bpf.h"
#include "exec.bpf.h"
#include "tcp.bpf.h"
#include "missed.bpf.h"
#include "wipe.bpf.h"
#include "tag.bpf.h"
#include "client.bpf.h"
#include "members.bpf.h"
#include "objects.bpf.h"
#include "dns.bpf.h"
#include "packets.bpf.h"
#include "getaddrinfo.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

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
	struct st_listener listener;
	struct st_dns_answer dns_answer;
	struct st_name_resolved name_resolved;
	struct st_session session;
} *record_layout;
