/* SPDX-License-Identifier: Apache-2.0 */
#include "uprobe.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PMU "/sys/bus/event_source/devices/uprobe/"

/* Returns the offset of a symbol in the file, or -1. */
static int64_t symbol_offset(Elf *elf, const GElf_Sym *symbol)
{
	GElf_Shdr section;

	if (symbol->st_shndx == SHN_UNDEF || !gelf_getshdr(elf_getscn(elf, symbol->st_shndx), &section))
		return -1;
	return (int64_t)(symbol->st_value - section.sh_addr + section.sh_offset);
}

/* Returns the offset in the file of a function in a table of dynamic symbols, or -1. */
static int64_t offset_in_table(Elf *elf, Elf_Scn *table, const GElf_Shdr *header, const char *function)
{
	Elf_Data *data = elf_getdata(table, NULL);
	GElf_Sym symbol;

	for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC && name && !strcmp(name, function))
			return symbol_offset(elf, &symbol);
	}
	return -1;
}

/* Returns the offset in an ELF file of a function that it exports, or -1. */
static int64_t function_offset(const char *file, const char *function)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int64_t offset = -1;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf *elf;

	if (fd < 0)
		return -1;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	while (offset < 0 && elf && (section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNSYM)
			offset = offset_in_table(elf, section, &header, function);
	elf_end(elf);
	close(fd);
	if (offset < 0)
		errno = ENOENT;
	return offset;
}

/* Reads the number from a file in /sys that has this form. Returns false on failure. */
static bool read_number(const char *file, const char *form, unsigned int *number)
{
	FILE *stream = fopen(file, "re");
	bool found = stream && fscanf(stream, form, number) == 1;

	if (stream)
		fclose(stream);
	if (!found)
		errno = ENODEV;
	return found;
}

int attach_uprobe(int program, const char *file, const char *function, bool at_return)
{
	struct perf_event_attr event = { .size = sizeof(event) };
	int64_t offset = function_offset(file, function);
	unsigned int return_bit;
	int fd, link, saved;

	if (offset < 0 || !read_number(PMU "type", "%u", &event.type) ||
	    !read_number(PMU "format/retprobe", "config:%u", &return_bit))
		return -1;
	event.config = at_return ? 1ULL << return_bit : 0;
	event.config1 = (uint64_t)(uintptr_t)file;
	event.config2 = (uint64_t)offset;
	/* The program runs on all processors; the event counts on the first one only. */
	fd = (int)syscall(SYS_perf_event_open, &event, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -1;
	link = ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) ? -1 : bpf_link_create(program, fd, BPF_PERF_EVENT, NULL);
	if (link < 0 && errno == EINVAL && !ioctl(fd, PERF_EVENT_IOC_SET_BPF, program))
		return fd;	/* before Linux 5.15 the event itself is the link */
	saved = errno;
	close(fd);
	errno = saved;
	return link;
}
