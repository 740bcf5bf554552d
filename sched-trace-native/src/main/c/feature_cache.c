/* SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause */
/*
 * The file of libbpf that keeps the results of feature probes in a static variable, and a function that clears it.
 * The linker takes this object instead of the file's own in libthird.a.
 */
#include <bpf/libbpf_version.h>
#if LIBBPF_MAJOR_VERSION > 1 || LIBBPF_MINOR_VERSION >= 4
#include <bpf/features.c>
#define RESULT(feature) feature_cache.res[feature]
#else
#include <bpf/libbpf.c>
#define RESULT(feature) feature_probes[feature].res
#endif
#include "feature_cache.h"

void forget_features(void)
{
	for (int i = 0; i < __FEAT_CNT; i++)
		RESULT(i) = FEAT_UNKNOWN;
}
