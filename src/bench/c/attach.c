/* SPDX-License-Identifier: Apache-2.0 */
/* attach PINNED...: attaches pinned BTF tracepoint programs, says "ready", and detaches them when its input ends. */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

int main(int argc, char **argv)
{
	char byte;

	for (int i = 1; i < argc; i++) {
		union bpf_attr attr;
		int program;

		memset(&attr, 0, sizeof(attr));
		attr.pathname = (__u64)(unsigned long)argv[i];
		program = bpf(BPF_OBJ_GET, &attr);
		memset(&attr, 0, sizeof(attr));
		attr.raw_tracepoint.prog_fd = (__u32)program;
		if (program < 0 || bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) < 0) {
			perror(argv[i]);
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
