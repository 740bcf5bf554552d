/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value that -fstack-protector puts on the stack. On aarch64 it is a variable, which glibc keeps in its dynamic
 * linker and musl in libc: the library has its own. On x86_64 it is in the memory of the thread.
 */
#if defined(__aarch64__) && !defined(ST_STATIC)

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

uintptr_t __stack_chk_guard;

/* AT_RANDOM are 16 bytes, of which the C library takes the first 8. */
__attribute__((constructor, optimize("no-stack-protector"))) static void set_stack_guard(void)
{
	const char *random = (const char *)getauxval(AT_RANDOM);

	if (random)
		memcpy(&__stack_chk_guard, random + sizeof(__stack_chk_guard), sizeof(__stack_chk_guard));
}

#endif
