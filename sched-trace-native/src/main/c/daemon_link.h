/* SPDX-License-Identifier: Apache-2.0 */
/* What a client has the daemon do; see probe.h for what each function does. */
#ifndef SCHEDTRACE_DAEMON_LINK_H
#define SCHEDTRACE_DAEMON_LINK_H

#include "control.h"
#include "probe.h"

/* All return 0 or -errno; -EPIPE if the daemon has gone or does not answer, and then probe->lost is set. */
int have_daemon_tag(struct probe *probe, const struct st_tag_args *args);
int have_daemon_wipe(struct probe *probe);
int have_daemon_watch(struct probe *probe, __u64 settings);

/* Returns the number of pids, or -1, see errno. */
long have_daemon_list(struct probe *probe, __u64 session, __s64 **pids);

#endif
