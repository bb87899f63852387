// SPDX-License-Identifier: GPL-2.0
/*
 * uring: io_uring on a device, which needs no code of its own in a driver.
 *
 * A program writes requests into a ring that it shares with the kernel, and
 * finds completions in another. For a request that cannot be done at once the
 * kernel has two ways:
 *
 * - The driver sets FMODE_NOWAIT, answers -EAGAIN to IOCB_NOWAIT, and has .poll:
 *   the request costs nothing while it waits.
 * - Else a worker thread of the kernel's sleeps in the driver's read, one for
 *   each request. It works, and does not scale.
 *
 * io_uring does not use the driver's queue for io_submit(2), nor its cancel
 * function.
 *
 * The system calls are used as they are: liburing is not needed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#include "probe.h"

/* How long to look when nothing may happen. */
#define SILENCE_NS	100000000L
#define MAX_DEPTH	64

static long depth = 8;
static int fd;			/* may sleep: for requests that wait */
static int plain;		/* O_NONBLOCK: for all else */
static char buffers[MAX_DEPTH][64];

/*
 * The two rings. The kernel writes the tail of the completions and the head of
 * the submissions; the program the other two. Each side may look at the other's
 * number at any time, hence acquire and release.
 */
static int ring = -1;
static unsigned int *sq_tail, *sq_mask, *sq_array;
static unsigned int *cq_head, *cq_tail, *cq_mask;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static void *mapped;
static size_t mapped_length, sqes_length;
static unsigned int queued;	/* written, and not yet handed over */
static unsigned char known[256];	/* which operations there are */

static bool failed(const char *call)
{
	ktap_note("%s: %s", call, strerror(errno));
	return false;
}

static void *map(size_t length, off_t what)
{
	void *at = mmap(NULL, length, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring, what);

	if (at == MAP_FAILED)
		ktap_bail_out("mmap of a ring: %s", strerror(errno));
	return at;
}

static void begin_ring(void)
{
	struct io_uring_params params = { 0 };
	size_t sq_length, cq_length;

	probe_drain(plain);
	ring = syscall(SYS_io_uring_setup, MAX_DEPTH, &params);
	if (ring < 0)
		ktap_bail_out("io_uring_setup: %s", strerror(errno));
	sq_length = params.sq_off.array + params.sq_entries * sizeof(*sq_array);
	cq_length = params.cq_off.cqes + params.cq_entries * sizeof(*cqes);
	/* One mapping holds both (IORING_FEAT_SINGLE_MMAP, Linux 5.4). */
	mapped_length = sq_length > cq_length ? sq_length : cq_length;
	mapped = map(mapped_length, IORING_OFF_SQ_RING);
	sq_tail = mapped + params.sq_off.tail;
	sq_mask = mapped + params.sq_off.ring_mask;
	sq_array = mapped + params.sq_off.array;
	cq_head = mapped + params.cq_off.head;
	cq_tail = mapped + params.cq_off.tail;
	cq_mask = mapped + params.cq_off.ring_mask;
	cqes = mapped + params.cq_off.cqes;
	sqes_length = params.sq_entries * sizeof(*sqes);
	sqes = map(sqes_length, IORING_OFF_SQES);
	queued = 0;
}

/* Closing the ring cancels what is pending. */
static bool end_ring(void)
{
	bool right = !munmap(sqes, sqes_length) && !munmap(mapped, mapped_length);

	return !close(ring) && right;
}

/* The next free submission, with its number as the user's data. */
static struct io_uring_sqe *prepare(int operation, int file, int number)
{
	unsigned int index = (*sq_tail + queued) & *sq_mask;
	struct io_uring_sqe *sqe = &sqes[index];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = operation;
	sqe->fd = file;
	sqe->user_data = number;
	sq_array[index] = index;
	queued++;
	return sqe;
}

static void prepare_read(int number, int file, size_t length)
{
	struct io_uring_sqe *sqe = prepare(IORING_OP_READ, file, number);

	memset(buffers[number], '.', sizeof(buffers[number]));
	sqe->addr = (uintptr_t)buffers[number];
	sqe->len = length;
	/* Of the file's own position, as for read(2). */
	sqe->off = -1;
}

/* Hands over what was prepared. */
static bool submit(void)
{
	unsigned int n = queued;

	__atomic_store_n(sq_tail, *sq_tail + n, __ATOMIC_RELEASE);
	queued = 0;
	if (syscall(SYS_io_uring_enter, ring, n, 0, 0, NULL, 0) == n)
		return true;
	return failed("io_uring_enter");
}

/* The next completion; false when there is none in time. */
static bool next(struct io_uring_cqe *completion, time_t secs, long nanos)
{
	struct timespec limit = { .tv_sec = secs, .tv_nsec = nanos };
	struct pollfd item = { .fd = ring, .events = POLLIN };
	unsigned int head = *cq_head;

	/* The ring is a file that can be waited for like any other. */
	while (head == __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE)) {
		if (!ppoll(&item, 1, &limit, NULL))
			return false;
	}
	*completion = cqes[head & *cq_mask];
	__atomic_store_n(cq_head, head + 1, __ATOMIC_RELEASE);
	return true;
}

static bool completes(int number, int result)
{
	struct io_uring_cqe completion;

	if (!next(&completion, probe_seconds, 0)) {
		ktap_note("no completion within %ld s", probe_seconds);
		return false;
	}
	if ((int)completion.user_data == number && completion.res == result)
		return true;
	ktap_note("request %d gave %d where %d of request %d is right",
		  (int)completion.user_data, completion.res, result, number);
	return false;
}

static bool nothing_completes(void)
{
	struct io_uring_cqe completion;

	if (!next(&completion, 0, SILENCE_NS))
		return true;
	ktap_note("request %d gave %d too early", (int)completion.user_data,
		  completion.res);
	return false;
}

static bool arrived(int number, const char *text)
{
	if (!memcmp(buffers[number], text, strlen(text)))
		return true;
	ktap_note("the bytes are not those that were written");
	return false;
}

static void put(const char *text)
{
	ssize_t length = strlen(text);

	if (write(plain, text, length) != length)
		ktap_bail_out("%s: write: %s", probe_device, strerror(errno));
}

/* Skips a test whose operation this kernel does not have. */
#define NEED(operation)							\
	do {								\
		if (!known[operation])					\
			return probe_skip("this kernel has no " #operation); \
	} while (0)

static bool test_at_once(void)
{
	NEED(IORING_OP_READ);
	put("now");
	prepare_read(0, fd, 3);
	return submit() && completes(0, 3) && arrived(0, "now");
}

static bool test_pending(void)
{
	NEED(IORING_OP_READ);
	prepare_read(0, fd, 5);
	if (!submit() || !nothing_completes())
		return false;
	put("later");
	return completes(0, 5) && arrived(0, "later");
}

static bool test_write(void)
{
	struct io_uring_sqe *sqe;
	char got[8];

	NEED(IORING_OP_WRITE);
	sqe = prepare(IORING_OP_WRITE, fd, 1);
	sqe->addr = (uintptr_t)"ring";
	sqe->len = 4;
	sqe->off = -1;
	return submit() && completes(1, 4) && read(plain, got, 8) == 4 &&
	       !memcmp(got, "ring", 4);
}

static bool test_vectors(void)
{
	struct iovec parts[] = { { buffers[0], 2 }, { buffers[1], 20 } };
	struct io_uring_sqe *sqe;

	memset(buffers, '.', sizeof(buffers));
	sqe = prepare(IORING_OP_READV, fd, 2);
	sqe->addr = (uintptr_t)parts;
	sqe->len = 2;
	sqe->off = -1;
	if (!submit() || !nothing_completes())
		return false;
	/* Taken over at submit (IORING_FEAT_SUBMIT_STABLE, Linux 5.5). */
	memset(parts, 0, sizeof(parts));
	put("vectors");
	return completes(2, 7) && arrived(0, "ve.") && arrived(1, "ctors.");
}

/* Many in one call. Whose turn it is, is not promised, unlike io_submit(2). */
static bool test_many(void)
{
	struct io_uring_cqe completion;
	long total = 0;

	NEED(IORING_OP_READ);
	for (int i = 0; i < depth; i++)
		prepare_read(i, fd, 1);
	if (!submit() || !nothing_completes())
		return false;
	for (int i = 0; i < depth; i++) {
		put("x");
		if (!next(&completion, probe_seconds, 0))
			break;
		total += completion.res;
	}
	ktap_measure("many.requests", depth, "requests");
	if (total != depth)
		ktap_note("%ld bytes came of %ld", total, depth);
	return total == depth;
}

static bool test_poll(void)
{
	struct io_uring_sqe *sqe;
	struct io_uring_cqe completion;

	NEED(IORING_OP_POLL_ADD);
	sqe = prepare(IORING_OP_POLL_ADD, fd, 3);
	sqe->poll_events = POLLIN;
	if (!submit() || !nothing_completes())
		return false;
	put("ready");
	if (!next(&completion, probe_seconds, 0))
		return false;
	ktap_note("res %#x", completion.res);
	/* It says ready, not done: the bytes are still to be read. */
	return completion.res > 0 && completion.res & POLLIN &&
	       read(plain, buffers[0], 64) == 5;
}

static bool test_cancel(void)
{
	struct io_uring_cqe one, other;
	struct io_uring_sqe *sqe;
	int cancelled, cancel;

	NEED(IORING_OP_READ);
	NEED(IORING_OP_ASYNC_CANCEL);
	prepare_read(4, fd, 1);
	if (!submit() || !nothing_completes())
		return false;
	sqe = prepare(IORING_OP_ASYNC_CANCEL, -1, 5);
	sqe->addr = 4;
	if (!submit() || !next(&one, probe_seconds, 0) ||
	    !next(&other, probe_seconds, 0))
		return failed("the read or its cancellation does not complete");
	cancelled = one.user_data == 4 ? one.res : other.res;
	cancel = one.user_data == 4 ? other.res : one.res;
	ktap_note("the read: %s, the cancellation: %s", strerror(-cancelled),
		  cancel ? strerror(-cancel) : "0");
	/* A worker that sleeps in the driver is interrupted instead. */
	if (cancelled == -EINTR && cancel == -EALREADY)
		return true;
	if (cancelled != -ECANCELED || cancel)
		return false;
	put("kept");
	return read(plain, buffers[0], 64) == 4;
}

static bool test_timeout(void)
{
	struct __kernel_timespec limit = { .tv_nsec = SILENCE_NS };
	struct io_uring_cqe completion;
	struct io_uring_sqe *sqe;
	int result = 0;

	NEED(IORING_OP_READ);
	NEED(IORING_OP_LINK_TIMEOUT);
	prepare_read(6, fd, 1);
	sqes[(*sq_tail + queued - 1) & *sq_mask].flags = IOSQE_IO_LINK;
	sqe = prepare(IORING_OP_LINK_TIMEOUT, -1, 7);
	sqe->addr = (uintptr_t)&limit;
	sqe->len = 1;
	if (!submit())
		return false;
	for (int i = 0; i < 2; i++) {
		if (!next(&completion, probe_seconds, 0))
			return failed("the read or its time-out does not complete");
		if (completion.user_data == 6)
			result = completion.res;
	}
	ktap_note("the read: %s", strerror(-result));
	return result == -ECANCELED || result == -EINTR;
}

/* The kernel's worker threads of this process; -1 when they cannot be seen. */
static int workers(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	int found = 0;

	if (!tasks)
		return -1;
	while ((task = readdir(tasks))) {
		char path[300], name[32] = "";
		int file;

		snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
			 task->d_name);
		file = open(path, O_RDONLY | O_CLOEXEC);
		if (file < 0)
			continue;
		if (read(file, name, sizeof(name) - 1) > 0)
			found += !strncmp(name, "iou-wrk", 7);
		close(file);
	}
	closedir(tasks);
	return found;
}

static bool test_no_worker(void)
{
	struct utsname kernel;
	int major = 0, minor = 0, found;

	NEED(IORING_OP_READ);
	if (uname(&kernel) ||
	    sscanf(kernel.release, "%d.%d", &major, &minor) != 2)
		return failed("uname");
	if (major < 5 || (major == 5 && minor < 12))
		return probe_skip("before Linux 5.12 a worker is no thread of the process");
	for (int i = 0; i < depth; i++)
		prepare_read(i, fd, 1);
	if (!submit() || !nothing_completes())
		return false;
	found = workers();
	ktap_measure("pending.requests", depth, "requests");
	ktap_measure("pending.workers", found, "threads");
	if (found)
		ktap_note("the driver lacks FMODE_NOWAIT, or .poll");
	return !found;
}

/* The ring goes away with a read pending, and the read takes nothing with it. */
static bool test_closed(void)
{
	bool right;

	NEED(IORING_OP_READ);
	prepare_read(0, fd, 1);
	if (!submit() || !nothing_completes() || !end_ring())
		return false;
	put("kept");
	right = read(plain, buffers[1], 64) == 4;
	begin_ring();
	return right;
}

static const struct probe_test tests[] = {
	{ "read: complete at once when there is something", test_at_once, NULL },
	{ "write", test_write, NULL },
	{ "read: pending until a write completes it", test_pending, "poll" },
	{ "readv: several segments", test_vectors, "poll" },
	{ "many reads in one call", test_many, "poll" },
	{ "poll: says ready", test_poll, "poll" },
	{ "cancel of a read that waits", test_cancel, "poll" },
	{ "a read with a time-out", test_timeout, "poll" },
	{ "reads that wait need no worker (FMODE_NOWAIT)", test_no_worker,
	  "poll" },
	{ "closing the ring with a read pending", test_closed, "poll" },
};

/* Finds out whether there is io_uring, and which operations it has. */
static void look(void)
{
	static const char *const names[] = {
		[IORING_OP_READV] = "readv",
		[IORING_OP_POLL_ADD] = "poll",
		[IORING_OP_ASYNC_CANCEL] = "cancel",
		[IORING_OP_LINK_TIMEOUT] = "link timeout",
		[IORING_OP_READ] = "read",
		[IORING_OP_WRITE] = "write",
	};
	struct io_uring_params params = { 0 };
	struct io_uring_probe *probe;

	ring = syscall(SYS_io_uring_setup, 1, &params);
	if (ring < 0) {
		if (errno == EPERM)
			probe_stop("io_uring is disabled (kernel.io_uring_disabled)");
		else
			probe_stop("io_uring_setup: %s", strerror(errno));
		return;
	}
	probe = calloc(1, sizeof(*probe) + 256 * sizeof(probe->ops[0]));
	if (!probe)
		ktap_bail_out("calloc: %s", strerror(errno));
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_PROBE, probe, 256))
		probe_stop("this kernel cannot tell which operations it has: %s",
			   strerror(errno));
	for (int i = 0; i < probe->ops_len; i++)
		known[i] = !!(probe->ops[i].flags & IO_URING_OP_SUPPORTED);
	for (size_t i = 0; i < PROBE_COUNT(names); i++) {
		if (names[i] && !known[i])
			ktap_note("this kernel's io_uring has no %s", names[i]);
	}
	ktap_note("io_uring has %d operations", probe->last_op + 1);
	free(probe);
	close(ring);
}

int main(int argc, char **argv)
{
	const struct probe_option options[] = {
		PROBE_NUMBER("depth", depth, 1, MAX_DEPTH, "requests at a time"),
		{ 0 }
	};

	probe_options(argc, argv, "io_uring on a device", options);
	ktap_plan(PROBE_COUNT(tests));
	fd = probe_open(O_RDWR);
	plain = probe_open(O_RDWR | O_NONBLOCK);
	look();
	probe_run(tests, PROBE_COUNT(tests), begin_ring, end_ring);
	return ktap_finish();
}
