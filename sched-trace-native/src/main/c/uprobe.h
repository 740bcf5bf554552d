/* SPDX-License-Identifier: Apache-2.0 */
/* Attaches BPF programs to functions in user space, given only the descriptor of the program. */
#ifndef SCHEDTRACE_UPROBE_H
#define SCHEDTRACE_UPROBE_H

#include <stdbool.h>

/*
 * Attaches a program to the entry or the return of a function that the ELF file exports, in all processes. Returns
 * the link; negative on failure, see errno.
 */
int attach_uprobe(int program, const char *file, const char *function, bool at_return);

#endif
