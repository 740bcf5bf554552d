/* SPDX-License-Identifier: Apache-2.0 */
/* The first request and answer of the helper and the daemon, see helper.h. */
#ifndef SCHEDTRACE_SERVE_H
#define SCHEDTRACE_SERVE_H

#include <stdbool.h>
#include <sys/types.h>
#include "helper.h"
#include "programs.h"

/* Loads the programs that a request of that length asks for. If that fails, the answer says why. */
void serve(const struct helper_request *request, ssize_t length, const struct user *user, struct helper_answer *answer,
	   struct programs *programs);

/*
 * Sends the answer with the descriptors of the programs. Returns false if the socket has no room for it, which only a
 * client that has filled it can bring about.
 */
bool send_answer(int socket, struct helper_answer *answer, const struct programs *programs);

#endif
