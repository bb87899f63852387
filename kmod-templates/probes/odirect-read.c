// SPDX-License-Identifier: GPL-2.0
/*
 * odirect-read: reads one block of a file, past the page cache, asynchronously.
 *
 * For a file, io_submit(2) is asynchronous with O_DIRECT only. Without it, the
 * data goes through the page cache, and io_submit() returns when all is done:
 * the program has waited without noticing.
 *
 * O_DIRECT has a price: the disk moves the bytes by itself, so that the place in
 * the file, the length and the memory all have to lie on its boundaries. 4096 is
 * on the boundaries of all usual disks. Memory from malloc() is on none.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <linux/aio_abi.h>
#include <linux/time_types.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "probe.h"

#define BLOCK	4096

static const char *file = "/mnt/disk/hello.txt";
static int fd = -1;
static char *block;
static aio_context_t context;

static bool failed(const char *call)
{
	ktap_note("%s: %s", call, strerror(errno));
	return false;
}

static bool test_open(void)
{
	fd = open(file, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (fd >= 0)
		return true;
	if (errno == ENOENT) {
		probe_stop("there is no %s; --file names another", file);
		return probe_skip("there is no %s; --file names another", file);
	}
	if (errno == EINVAL) {
		probe_stop("the file system of %s has no O_DIRECT", file);
		return probe_skip("the file system of %s has no O_DIRECT", file);
	}
	failed("open");
	probe_stop("it cannot be opened");
	return false;
}

static bool test_memory(void)
{
	void *aligned;
	int error = posix_memalign(&aligned, BLOCK, BLOCK + 1);

	/* This one returns its error, and leaves errno alone. */
	if (error) {
		probe_stop("posix_memalign: %s", strerror(error));
		return false;
	}
	block = aligned;
	return (uintptr_t)block % BLOCK == 0;
}

static bool test_setup(void)
{
	if (!syscall(SYS_io_setup, 1, &context))
		return true;
	failed("io_setup");
	probe_stop("io_setup failed");
	return false;
}

/* One read, of one block; its result is in *result. */
static bool read_block(char *memory, off_t offset, long *result)
{
	struct __kernel_old_timespec limit = { .tv_sec = probe_seconds };
	struct iocb request = {
		.aio_fildes = fd,
		.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_buf = (uintptr_t)memory,
		.aio_nbytes = BLOCK,
		.aio_offset = offset,
	};
	struct iocb *list[] = { &request };
	long long start = probe_now(), returned;
	struct io_event event;

	if (syscall(SYS_io_submit, context, 1L, list) != 1)
		return failed("io_submit");
	returned = probe_now();
	if (syscall(SYS_io_getevents, context, 1L, 1L, &event, &limit) != 1)
		return failed("io_getevents");
	ktap_measure("submit", (returned - start) / 1e3, "us");
	ktap_measure("complete", (probe_now() - start) / 1e3, "us");
	/* The result is in res, not in res2. */
	*result = event.res;
	return true;
}

static bool test_read(void)
{
	struct stat about;
	long expected, result;
	int shown = 0;

	if (fstat(fd, &about))
		return failed("fstat");
	expected = about.st_size < BLOCK ? about.st_size : BLOCK;
	memset(block, 0, BLOCK + 1);
	if (!read_block(block, 0, &result))
		return false;
	if (result != expected) {
		ktap_note("res is %ld (%s), and the file has %lld bytes", result,
			  result < 0 ? strerror(-result) : "bytes",
			  (long long)about.st_size);
		return false;
	}
	while (shown < 60 && isprint((unsigned char)block[shown]))
		shown++;
	ktap_note("%ld bytes: %.*s", result, shown, block);
	return true;
}

/* The same bytes as through the page cache. */
static bool test_same(void)
{
	static char cached[BLOCK];
	int usual = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (usual < 0)
		return failed("open without O_DIRECT");
	got = pread(usual, cached, BLOCK, 0);
	close(usual);
	return got >= 0 && !memcmp(cached, block, got);
}

/* It submits well: the error is in the result. */
static bool test_misaligned(void)
{
	long result;

	if (!read_block(block + 1, 0, &result))
		return false;
	ktap_note("res is %ld (%s)", result,
		  result < 0 ? strerror(-result) : "bytes");
	return result == -EINVAL;
}

static bool test_past_end(void)
{
	off_t end = lseek(fd, 0, SEEK_END);
	long result;

	if (end < 0)
		return failed("lseek");
	return read_block(block, (end + BLOCK) / BLOCK * BLOCK, &result) &&
	       result == 0;
}

static bool test_end(void)
{
	bool right = !syscall(SYS_io_destroy, context) || failed("io_destroy");

	if (close(fd))
		return failed("close");
	free(block);
	return right;
}

static const struct probe_test tests[] = {
	{ "open with O_DIRECT", test_open, NULL },
	{ "posix_memalign: memory on a boundary of 4096", test_memory, NULL },
	{ "io_setup: a queue for one request", test_setup, NULL },
	{ "one read of 4096 bytes", test_read, NULL },
	{ "the bytes are those of the file", test_same, NULL },
	{ "past the end: 0 bytes", test_past_end, NULL },
	{ "memory off the boundary: EINVAL", test_misaligned, NULL },
	{ "io_destroy and close", test_end, NULL },
};

int main(int argc, char **argv)
{
	const struct probe_option options[] = {
		PROBE_TEXT("file", file, "what to read"),
		{ 0 }
	};

	probe_options(argc, argv, "one block of a file by O_DIRECT", options);
	ktap_plan(PROBE_COUNT(tests));
	probe_run(tests, PROBE_COUNT(tests), NULL, NULL);
	return ktap_finish();
}
