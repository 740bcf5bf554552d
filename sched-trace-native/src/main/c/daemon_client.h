/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon does for one client, in a process of its own. */
#ifndef SCHEDTRACE_DAEMON_CLIENT_H
#define SCHEDTRACE_DAEMON_CLIENT_H

#include <sys/socket.h>

/* Serves the client until it closes its socket and has unmapped all that it was given. */
void serve_client(int client, const struct ucred *peer);

#endif
