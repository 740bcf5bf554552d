/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes and offsets of what record.h defines, in the order of RecordLayout.java. */
#ifndef SCHEDTRACE_LAYOUT_H
#define SCHEDTRACE_LAYOUT_H

#include <jni.h>
#include <linux/types.h>
#include <stddef.h>
#include "record.h"

#define SIZE(type) sizeof(struct type)
#define AT(type, member) offsetof(struct type, member)

static const jlong layout[] = {
	SIZE(st_header), AT(st_header, size), AT(st_header, type), AT(st_header, flags), AT(st_header, session),
	AT(st_header, sequence), AT(st_header, time), AT(st_header, process), AT(st_header, host_pid),
	AT(st_header, pid),

	SIZE(st_process_start), AT(st_process_start, parent), AT(st_process_start, span), AT(st_process_start, ppid),
	AT(st_process_start, tracer_pid), AT(st_process_start, uid), AT(st_process_start, gid),
	AT(st_process_start, comm),

	SIZE(st_process_exec), AT(st_process_exec, parent), AT(st_process_exec, uid), AT(st_process_exec, gid),
	AT(st_process_exec, args_len), AT(st_process_exec, env_len), AT(st_process_exec, data_len),
	AT(st_process_exec, number), AT(st_process_exec, comm), AT(st_process_exec, paths.filename_len),
	AT(st_process_exec, paths.path_len), AT(st_process_exec, paths.bytes), AT(st_process_exec, data),

	SIZE(st_exec_data), AT(st_exec_data, exec), AT(st_exec_data, offset), AT(st_exec_data, data_len),
	AT(st_exec_data, data),

	SIZE(st_process_end), AT(st_process_end, parent), AT(st_process_end, start), AT(st_process_end, cpu_time),
	AT(st_process_end, max_rss), AT(st_process_end, status), AT(st_process_end, execs),
	AT(st_process_end, threads), AT(st_process_end, uid), AT(st_process_end, gid), AT(st_process_end, ppid),
	AT(st_process_end, comm),

	SIZE(st_connection), AT(st_connection, connection), AT(st_connection, start), AT(st_connection, established),
	AT(st_connection, closing), AT(st_connection, bytes_sent), AT(st_connection, bytes_received),
	AT(st_connection, rtt), AT(st_connection, retransmits), AT(st_connection, error), AT(st_connection, netns),
	AT(st_connection, family), AT(st_connection, state), AT(st_connection, local_port),
	AT(st_connection, peer_port), AT(st_connection, local), AT(st_connection, peer),

	SIZE(st_dns), AT(st_dns, data_len), AT(st_dns, data),

	SIZE(st_name_resolved), AT(st_name_resolved, count), AT(st_name_resolved, name_len), AT(st_name_resolved, name),
	AT(st_name_resolved, addresses),

	SIZE(st_session), AT(st_session, id), AT(st_session, settings), AT(st_session, made),
	AT(st_session, processes), AT(st_session, connections), AT(st_session, untracked), AT(st_session, truncated),
	AT(st_session, lost), ST_MAX_SESSIONS, ST_TYPES,
};

#undef SIZE
#undef AT

#endif
