/* SPDX-License-Identifier: EPL-2.0 */
/* What the C peers of the benchmarks share. All figures go out as one line of JSON. */
#ifndef KMODSCOPE_BENCH_COMMON_H
#define KMODSCOPE_BENCH_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 65536u

/*
 * Between the writer and a receiver, in C or Java (SharedLoop.java has the same offsets). Each
 * counter has a cache line of its own; sent_at[n % SLOTS] is when event n was written.
 */
struct shared {
	_Alignas(64) _Atomic uint64_t consumed;
	_Alignas(64) _Atomic uint64_t ready;
	_Alignas(64) _Atomic uint64_t queued; /* written in whole bursts */
	_Alignas(4096) uint64_t sent_at[SLOTS];
};

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline _Noreturn void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline uint64_t number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end) {
		fprintf(stderr, "not a number: %s\n", text);
		exit(2);
	}
	return value;
}

static inline struct shared *map_shared(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *memory;

	if (fd < 0)
		die(path);
	memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	close(fd);
	return memory;
}

#endif
