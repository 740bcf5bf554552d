/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon: loads the BPF programs for whoever connects to its socket, and tags the threads of its clients. */
#ifndef SCHEDTRACE_DAEMON_H
#define SCHEDTRACE_DAEMON_H

/* Serves the clients of a listening socket. Returns an exit status, only if that is not possible. */
int run_daemon(int listener);

#endif
