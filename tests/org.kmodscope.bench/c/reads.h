/* SPDX-License-Identifier: EPL-2.0 */
/* What the peers that read a file share: its blocks in order, DEPTH of them at a time. */
#ifndef KMODSCOPE_BENCH_READS_H
#define KMODSCOPE_BENCH_READS_H

#include "common.h"
#include <sys/stat.h>

#define BLOCK 4096u

struct reads {
	int fd;
	unsigned int depth;
	uint64_t blocks, submitted, done, wall, cpu;
	char *buffers;
};

/* argv: FILE DEPTH DIRECT */
static inline void reads_open(struct reads *r, int argc, char **argv)
{
	struct stat st;
	void *memory;

	if (argc != 4) {
		fprintf(stderr, "usage: %s FILE DEPTH DIRECT\n", argv[0]);
		exit(2);
	}
	memset(r, 0, sizeof(*r));
	r->fd = open(argv[1], O_RDONLY | O_CLOEXEC | (number(argv[3]) ? O_DIRECT : 0));
	if (r->fd < 0 || fstat(r->fd, &st))
		die(argv[1]);
	r->depth = (unsigned int)number(argv[2]);
	r->blocks = (uint64_t)st.st_size / BLOCK;
	if (!r->depth || r->depth > 1024 || r->blocks < r->depth) {
		fprintf(stderr, "depth %u does not suit a file of %llu blocks\n", r->depth,
			(unsigned long long)r->blocks);
		exit(2);
	}
	if (posix_memalign(&memory, BLOCK, (size_t)BLOCK * r->depth))
		die("posix_memalign");
	r->buffers = memory;
	r->wall = now_ns();
	r->cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static inline void reads_ended(struct reads *r, int64_t result)
{
	if (result != BLOCK) {
		fprintf(stderr, "a read gave %lld\n", (long long)result);
		exit(1);
	}
	r->done++;
}

static inline void reads_report(struct reads *r)
{
	printf("{\"events\":%llu,\"nanos\":%llu,\"cpu\":%llu}\n", (unsigned long long)r->done,
	       (unsigned long long)(now_ns() - r->wall),
	       (unsigned long long)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - r->cpu));
}

#endif
