# libbpf, libelf and zlib from the distribution's source packages as one position independent archive. It is built once
# per set of sources, compiler and flags, and lives in the cache, not in the build directory.

CACHE   ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/sched-trace
ifneq ($(words $(CACHE)),1)
$(error the path of the cache, $(CACHE), has a blank: set XDG_CACHE_HOME to a path without one)
endif
SOURCES ?= $(CACHE)/sources/$(shell . /etc/os-release && echo $$ID-$$VERSION_CODENAME)
LIBBPF  := $(SOURCES)/libbpf
ELF     := $(SOURCES)/elfutils
ZLIB    := $(SOURCES)/zlib

ifeq ($(wildcard $(SOURCES)/versions),)
$(error no sources of libbpf, elfutils and zlib in $(SOURCES): run scripts/toolchain)
endif

THIRD_CFLAGS := -O2 -g0 -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -D_GNU_SOURCE \
	-ffile-prefix-map=$(SOURCES)=. -include glibc217.h $(PORTABLE_CFLAGS)

THIRD_KEY := $(shell { $(CC) --version; cat $(SOURCES)/versions third-party.mk glibc217.h; } | md5sum | cut -c1-12)
THIRD     := $(CACHE)/objects/$(ARCH)-$(THIRD_KEY)
THIRD_LIB := $(THIRD)/libthird.a
# The same for static programs, see glibc217.h.
THIRD_STATIC_LIB := $(THIRD)/static/libthird.a

# Headers as an installed libbpf has them: <bpf/libbpf.h>, <bpf/bpf_helpers.h>.
THIRD_CPPFLAGS := -isystem $(THIRD)/include -isystem $(LIBBPF)/include/uapi

ZLIB_SOURCES := adler32.c crc32.c deflate.c inflate.c inftrees.c inffast.c trees.c zutil.c compress.c uncompr.c \
	gzlib.c gzread.c gzwrite.c gzclose.c
ELF_SOURCES  := $(shell sed -n '/^libelf_a_SOURCES/,/[^\\]$$/p' $(ELF)/libelf/Makefile.am | \
	tr -d '\\\n' | sed 's/.*=//') \
	$(notdir $(wildcard $(ELF)/lib/eu-search.c))
BPF_SOURCES  := $(notdir $(wildcard $(LIBBPF)/src/*.c))

THIRD_OBJECTS := $(ZLIB_SOURCES:%.c=$(THIRD)/zlib/%.o) $(ELF_SOURCES:%.c=$(THIRD)/elf/%.o) \
	$(BPF_SOURCES:%.c=$(THIRD)/bpf/%.o)

# What elfutils' configure finds on any glibc. reallocarray is newer than glibc 2.17.
define ELF_CONFIG
#pragma once
#define PACKAGE_NAME "elfutils"
#define HAVE_ERR_H 1
#define HAVE_DECL_MEMRCHR 1
#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_POWEROF2 1
#define HAVE_DECL_RAWMEMCHR 1
#define HAVE_DECL_REALLOCARRAY 0
#define HAVE_VISIBILITY 1
#define SIZEOF_LONG 8
#include <stdlib.h>
#define reallocarray st_reallocarray
#include <eu-config.h>
endef

$(THIRD_LIB): $(THIRD_OBJECTS)
$(THIRD_STATIC_LIB): $(THIRD_OBJECTS:$(THIRD)/%=$(THIRD)/static/%)
$(THIRD_LIB) $(THIRD_STATIC_LIB):
	rm -f $@
	$(AR) rcs $@ $^

$(THIRD)/static/%.o: THIRD_CFLAGS += -DST_STATIC

ZLIB_COMPILE = $(CC) $(THIRD_CFLAGS) -DHAVE_HIDDEN -DHAVE_UNISTD_H=1 -include unistd.h -I$(ZLIB) -c $< -o $@
ELF_COMPILE = $(CC) $(THIRD_CFLAGS) -std=gnu99 -DHAVE_CONFIG_H -I$(THIRD)/elf -I$(ELF)/libelf -I$(ELF)/lib -I$(ELF) \
	-I$(ZLIB) -c $< -o $@
BPF_COMPILE = $(CC) $(THIRD_CFLAGS) -D_FILE_OFFSET_BITS=64 -I$(LIBBPF)/include -I$(LIBBPF)/include/uapi \
	-I$(ELF)/libelf -I$(ZLIB) -c $< -o $@

# The rules for the objects in a directory.
define COMPILE_RULES
$(1)/zlib/%.o: $(ZLIB)/%.c | $(THIRD)/include; $$(ZLIB_COMPILE)
$(1)/elf/%.o: $(ELF)/libelf/%.c | $(THIRD)/include; $$(ELF_COMPILE)
$(1)/elf/%.o: $(ELF)/lib/%.c | $(THIRD)/include; $$(ELF_COMPILE)
$(1)/bpf/%.o: $(LIBBPF)/src/%.c | $(THIRD)/include; $$(BPF_COMPILE)
endef
$(eval $(call COMPILE_RULES,$(THIRD)))
$(eval $(call COMPILE_RULES,$(THIRD)/static))

# The only thread-local variable. By default it needs a function of glibc's dynamic linker.
ifeq ($(ARCH),x86_64)
$(THIRD)/elf/elf_error.o: THIRD_CFLAGS += -mtls-dialect=gnu2 -mno-sse
endif

# Some files want POSIX's strerror_r, too late: glibc217.h has included headers by then.
POSIX_SOURCES := $(notdir $(shell grep -l '^#undef _GNU_SOURCE' $(LIBBPF)/src/*.c))
$(foreach dir,$(THIRD) $(THIRD)/static,$(POSIX_SOURCES:%.c=$(dir)/bpf/%.o)): THIRD_CFLAGS += -U_GNU_SOURCE

export ELF_CONFIG
$(THIRD)/include:
	echo "building libbpf, libelf and zlib into $(THIRD)"
	mkdir -p $(foreach dir,$(THIRD) $(THIRD)/static,$(dir)/zlib $(dir)/elf $(dir)/bpf) $@
	echo "$$ELF_CONFIG" > $(THIRD)/elf/config.h
	ln -sfn $(LIBBPF)/src $@/bpf
