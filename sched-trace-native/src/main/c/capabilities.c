/* SPDX-License-Identifier: Apache-2.0 */
#include "capabilities.h"
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

__u64 effective_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	return syscall(SYS_capget, &header, data) ? 0 : data[0].effective | (__u64)data[1].effective << 32;
}

int keep_capabilities(__u64 kept)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = (__u32)kept, .permitted = (__u32)kept },
		{ .effective = (__u32)(kept >> 32), .permitted = (__u32)(kept >> 32) },
	};

	return (int)syscall(SYS_capset, &header, data);
}
