/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Included before everything else in each file of libschedtrace.so (gcc -include). On a newer glibc it binds the few
 * functions whose default version is later than GLIBC_2.17 to the version that every supported glibc has.
 */
#ifndef SCHEDTRACE_GLIBC217_H
#define SCHEDTRACE_GLIBC217_H

#include <stdio.h>
#include <sys/stat.h>

/* A static program has its own C library. */
#if defined(__GLIBC__) && !defined(ST_STATIC)

#if defined(__x86_64__)
#define ST_GLIBC_BASE "GLIBC_2.2.5"
#define ST_GLIBC_ISOC99 "GLIBC_2.7"
#define ST_STAT_VERSION 1
#elif defined(__aarch64__)
#define ST_GLIBC_BASE "GLIBC_2.17"
#define ST_GLIBC_ISOC99 "GLIBC_2.17"
#define ST_STAT_VERSION 0
#else
#error "glibc217.h knows x86_64 and aarch64"
#endif

#define ST_BIND(function, old, version) __asm__(".symver " #function "," #old "@" version)

/* glibc 2.22: a mode "b" of its own */
ST_BIND(fmemopen, fmemopen, ST_GLIBC_BASE);
/* glibc 2.28: the large file variant, the same thing on 64 bit */
ST_BIND(fcntl64, fcntl, ST_GLIBC_BASE);
/* glibc 2.33: until then a function in libc_nonshared.a around the versioned call */
extern int st_fxstat(int version, int fd, struct stat *st);
ST_BIND(st_fxstat, __fxstat, ST_GLIBC_BASE);
#define fstat(fd, st) st_fxstat(ST_STAT_VERSION, fd, st)
/* glibc 2.38: C23's binary literals */
ST_BIND(__isoc23_strtol, strtol, ST_GLIBC_BASE);
ST_BIND(__isoc23_strtoul, strtoul, ST_GLIBC_BASE);
ST_BIND(__isoc23_strtoll, strtoll, ST_GLIBC_BASE);
ST_BIND(__isoc23_strtoull, strtoull, ST_GLIBC_BASE);
ST_BIND(__isoc23_sscanf, __isoc99_sscanf, ST_GLIBC_ISOC99);
ST_BIND(__isoc23_fscanf, __isoc99_fscanf, ST_GLIBC_ISOC99);
ST_BIND(__isoc23_vsscanf, __isoc99_vsscanf, ST_GLIBC_ISOC99);

#undef ST_BIND

#endif
#endif
