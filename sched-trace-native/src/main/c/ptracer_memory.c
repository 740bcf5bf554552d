/* SPDX-License-Identifier: Apache-2.0 */
/* Maps the memory that a JVM shares with sched-trace-ptracer. Both are linked with it. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "ptracer.h"

#define SESSIONS_LEN (sizeof(struct st_session) * ST_LIMIT_SESSIONS)

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t length)
{
	return (length + page_size() - 1) / page_size() * page_size();
}

static size_t head_len(void)
{
	return whole_pages(sizeof(struct pt_shared)) + whole_pages(SESSIONS_LEN);
}

size_t pt_memory_size(size_t ring_bytes)
{
	return head_len() + 2 * page_size() + ring_bytes;
}

static void *map(void *at, size_t length, int fd, size_t offset)
{
	return mmap(at, length, PROT_READ | PROT_WRITE, MAP_SHARED | (at ? MAP_FIXED : 0), fd, (off_t)offset);
}

/* Maps the two pages of positions and the data, twice. Returns null on failure. */
static void *map_ring(int fd, size_t page, size_t ring_bytes)
{
	size_t length = 2 * page + 2 * ring_bytes, offset = head_len();
	char *at = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	if (map(at, 2 * page + ring_bytes, fd, offset) != MAP_FAILED &&
	    map(at + 2 * page + ring_bytes, ring_bytes, fd, offset + 2 * page) != MAP_FAILED)
		return at;
	munmap(at, length);
	return NULL;
}

int pt_map_memory(struct pt_memory *memory, int fd, size_t ring_bytes)
{
	void *head = map(NULL, head_len(), fd, 0);
	char *ring = map_ring(fd, page_size(), ring_bytes);

	memset(memory, 0, sizeof(*memory));
	memory->page = page_size();
	memory->ring_bytes = ring_bytes;
	memory->shared = head == MAP_FAILED ? NULL : head;
	memory->consumer = (void *)ring;
	if (!memory->shared || !ring) {
		pt_unmap_memory(memory);
		return -1;
	}
	memory->sessions = (void *)((char *)head + whole_pages(sizeof(struct pt_shared)));
	memory->producer = (void *)(ring + memory->page);
	return 0;
}

void pt_unmap_memory(struct pt_memory *memory)
{
	if (memory->shared)
		munmap(memory->shared, head_len());
	if (memory->consumer)
		munmap(memory->consumer, 2 * memory->page + 2 * memory->ring_bytes);
	memset(memory, 0, sizeof(*memory));
}
