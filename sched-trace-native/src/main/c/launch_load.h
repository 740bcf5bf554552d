/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the BPF programs while the JVM is still starting. */
#ifndef SCHEDTRACE_LAUNCH_LOAD_H
#define SCHEDTRACE_LAUNCH_LOAD_H

#include <stdbool.h>
#include "launch.h"

/*
 * Loads the programs as this user can, by itself or through the helper, and opens the session LAUNCH_SESSION. Returns
 * false if that is not possible: then the JVM finds out why, or another way.
 */
bool load_early(struct programs *programs, bool *by_helper);

#endif
