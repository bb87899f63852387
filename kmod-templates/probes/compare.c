// SPDX-License-Identifier: GPL-2.0
/*
 * compare: the ways to wait for a device, side by side.
 *
 * A second process writes small records, each with the time at which it was
 * written. This process waits for them in one way after the other, and measures
 * how long it takes from the write to the moment it has the record in its hands:
 *
 *   blocking    read() sleeps in the driver
 *   retry       O_NONBLOCK, and again after each EAGAIN: never asleep
 *   poll        poll() sleeps, then read()
 *   epoll       epoll_wait() sleeps, then read()
 *   sigio       the driver sends a signal, then read()
 *   posix-aio   aio_read(): a thread of the C library's sleeps in read()
 *   libaio      io_submit() first, and the driver moves the bytes by itself
 *   uring       io_uring: the kernel tries, polls, and tries again
 *
 * The first five say ready, and the program then reads. The last three say done.
 * The next record is written when the last was taken, after a pause in which the
 * reader falls asleep. "calls" is what a record costs in system calls.
 */
#define _GNU_SOURCE
#include <aio.h>
#include <limits.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "probe.h"

#define MAX_COUNT	10000
#define MAX_SIZE	512
/* What the writer waits, so that the reader is asleep by then. */
#define PAUSE_NS	200000L
#define LATE_NS		50000000L
#define LATEST_NS	800000000L

struct record {
	long long written;	/* when, in nanoseconds */
	long number;
};

static long count = 100;
static long size = sizeof(struct record);
static int fd;			/* may sleep */
static int plain;		/* O_NONBLOCK */
static int go;			/* an eventfd: the writer may write one */
static pid_t writer;
static long long latency[MAX_COUNT];
static long long calls;		/* system calls of the reader's */
static long long retries;	/* EAGAIN that it got */
static char room[MAX_SIZE];

static bool failed(const char *call)
{
	ktap_note("%s: %s", call, strerror(errno));
	return false;
}

/* The other process: one record for each time that it is told to. */
static void write_records(long pause)
{
	struct timespec moment = { .tv_nsec = pause };
	struct record record = { 0 };
	static char bytes[MAX_SIZE];
	eventfd_t one;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!eventfd_read(go, &one)) {
		nanosleep(&moment, NULL);
		record.written = probe_now();
		memcpy(bytes, &record, sizeof(record));
		if (write(fd, bytes, size) != size)
			break;
		record.number++;
	}
	_exit(3);
}

static void start_writer(long pause)
{
	go = eventfd(0, EFD_CLOEXEC);
	if (go < 0)
		ktap_bail_out("eventfd: %s", strerror(errno));
	writer = fork();
	if (writer < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!writer)
		write_records(pause);
}

static bool stop_writer(void)
{
	int status;

	if (!writer)
		return true;
	kill(writer, SIGKILL);
	if (waitpid(writer, &status, 0) != writer)
		return failed("waitpid");
	writer = 0;
	close(go);
	if (WIFSIGNALED(status))
		return true;
	ktap_note("the writer gave up: the device did not take its record");
	return false;
}

static void let_write(void)
{
	if (eventfd_write(go, 1))
		ktap_bail_out("eventfd: %s", strerror(errno));
}

/* A reader takes one record and says how many bytes it got, or -1. */
typedef ssize_t (*reader)(void);

static int by_time(const void *one, const void *other)
{
	long long a = *(const long long *)one, b = *(const long long *)other;

	return (a > b) - (a < b);
}

static void tell(const char *name, const char *what, double value,
		 const char *unit)
{
	char full[64];

	snprintf(full, sizeof(full), "%s.%s", name, what);
	ktap_measure(full, value, unit);
}

/* The smallest that this part of all are not above (nearest rank). */
static double percentile(int percent)
{
	return latency[(count * percent + 99) / 100 - 1] / 1e3;
}

static bool measure(const char *name, reader take)
{
	struct record record;

	start_writer(PAUSE_NS);
	calls = 0;
	retries = 0;
	for (long i = 0; i < count; i++) {
		ssize_t got;

		probe_guard(name, 2 * probe_seconds);
		let_write();
		got = take();
		memcpy(&record, room, sizeof(record));
		latency[i] = probe_now() - record.written;
		if (got != size || record.number != i) {
			ktap_note("record %ld: %zd bytes of %ld (%s)", i, got, size,
				  got < 0 ? strerror(errno) : "out of order?");
			return false;
		}
	}
	qsort(latency, count, sizeof(latency[0]), by_time);
	tell(name, "p50", percentile(50), "us");
	tell(name, "p90", percentile(90), "us");
	tell(name, "p99", percentile(99), "us");
	tell(name, "max", percentile(100), "us");
	tell(name, "calls", (double)calls / count, "calls");
	tell(name, "retries", retries, "EAGAIN");
	return true;
}

static ssize_t take_blocking(void)
{
	calls++;
	return read(fd, room, size);
}

static bool test_blocking(void)
{
	return measure("blocking", take_blocking);
}

/* What is there; counts when there was nothing. */
static ssize_t take_now(void)
{
	ssize_t got = read(plain, room, size);

	calls++;
	retries += got < 0 && errno == EAGAIN;
	return got;
}

static ssize_t take_retry(void)
{
	ssize_t got;

	while ((got = take_now()) < 0 && errno == EAGAIN)
		sched_yield();
	return got;
}

static bool test_retry(void)
{
	return measure("retry", take_retry);
}

static ssize_t take_poll(void)
{
	struct pollfd item = { .fd = plain, .events = POLLIN };
	ssize_t got;

	do {
		calls++;
		if (poll(&item, 1, -1) < 0)
			return -1;
		got = take_now();
	} while (got < 0 && errno == EAGAIN);
	return got;
}

static bool test_poll(void)
{
	return measure("poll", take_poll);
}

static int epoll;

static ssize_t take_epoll(void)
{
	struct epoll_event event;
	ssize_t got;

	do {
		calls++;
		if (epoll_wait(epoll, &event, 1, -1) < 0)
			return -1;
		got = take_now();
	} while (got < 0 && errno == EAGAIN);
	return got;
}

static bool test_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	bool right;

	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, plain, &event))
		return failed("epoll");
	right = measure("epoll", take_epoll);
	close(epoll);
	return right;
}

static ssize_t take_sigio(void)
{
	siginfo_t info;
	sigset_t set;
	ssize_t got;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	do {
		calls++;
		if (sigwaitinfo(&set, &info) < 0)
			return -1;
		/* It may tell of something that was taken already. */
		got = take_now();
	} while (got < 0 && errno == EAGAIN);
	return got;
}

static bool test_sigio(void)
{
	int flags = fcntl(plain, F_GETFL);
	bool right;

	if (fcntl(plain, F_SETOWN, getpid()) ||
	    fcntl(plain, F_SETFL, flags | O_ASYNC))
		return failed("fcntl");
	if (!(fcntl(plain, F_GETFL) & O_ASYNC)) {
		ktap_note("O_ASYNC was not kept: the driver has no .fasync");
		return false;
	}
	right = measure("sigio", take_sigio);
	if (fcntl(plain, F_SETFL, flags))
		return failed("fcntl");
	return right;
}

static ssize_t take_posix(void)
{
	static struct aiocb request;
	const struct aiocb *list[] = { &request };

	memset(&request, 0, sizeof(request));
	request.aio_fildes = fd;
	request.aio_buf = room;
	request.aio_nbytes = size;
	request.aio_sigevent.sigev_notify = SIGEV_NONE;
	/* Calls of the library: what they become is the library's business. */
	calls += 2;
	if (aio_read(&request))
		return -1;
	while (aio_error(&request) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	return aio_return(&request);
}

static bool test_posix(void)
{
	return measure("posix-aio", take_posix);
}

static aio_context_t context;
static struct iocb request;

static bool submit_read(void)
{
	struct iocb *list[] = { &request };

	memset(&request, 0, sizeof(request));
	request.aio_fildes = fd;
	request.aio_lio_opcode = IOCB_CMD_PREAD;
	request.aio_buf = (uintptr_t)room;
	request.aio_nbytes = size;
	calls++;
	return syscall(SYS_io_submit, context, 1L, list) == 1;
}

static ssize_t reap_read(void)
{
	struct io_event event;

	calls++;
	if (syscall(SYS_io_getevents, context, 1L, 1L, &event, NULL) != 1)
		return -1;
	retries += (long)event.res == -EAGAIN;
	if ((long)event.res < 0) {
		errno = -event.res;
		return -1;
	}
	return event.res;
}

/* A driver that only defers cannot wait for data: the program asks again. */
static ssize_t take_libaio(void)
{
	ssize_t got;

	do {
		got = submit_read() ? reap_read() : -1;
	} while (got < 0 && errno == EAGAIN && probe_claims("aio=deferred"));
	return got;
}

static bool test_libaio(void)
{
	bool right;

	context = 0;
	if (syscall(SYS_io_setup, 1, &context))
		return failed("io_setup");
	right = measure("libaio", take_libaio);
	if (syscall(SYS_io_destroy, context))
		return failed("io_destroy");
	return right;
}

/*
 * Nothing is there, and the writer is late. A driver that queues lets the
 * program go on at once. One that only defers its report has read first: then
 * it fails with EAGAIN, or the program sleeps inside io_submit().
 *
 * A program that was kept from running looks the same; so the writer is given
 * ever more time before that is believed.
 */
static bool test_submit_returns(void)
{
	long long start, returned, complete;
	bool before = false;
	ssize_t got = 0;

	context = 0;
	if (syscall(SYS_io_setup, 1, &context))
		return failed("io_setup");
	for (long late = LATE_NS; !before && got >= 0 && late <= LATEST_NS; late *= 2) {
		struct record record;

		if (!stop_writer())
			return false;
		start_writer(late);
		start = probe_now();
		let_write();
		if (!submit_read())
			return failed("io_submit");
		returned = probe_now();
		got = reap_read();
		complete = probe_now();
		memcpy(&record, room, sizeof(record));
		before = got == size && returned < record.written;
	}
	ktap_measure("submit.returned", (returned - start) / 1e3, "us");
	ktap_measure("submit.complete", (complete - start) / 1e3, "us");
	if (syscall(SYS_io_destroy, context))
		return failed("io_destroy");
	if (before)
		return true;
	ktap_note("%s", got < 0 ? "the result came at once, and is an error" :
			"io_submit returned when the data was there");
	if (probe_claims("aio=deferred"))
		return probe_xfail("the deferred form only reports later");
	return false;
}

/* Just enough of io_uring for one request at a time; the probe uring has more. */
static int ring = -1;
static void *mapped;
static struct io_uring_sqe *sqes;
static struct io_uring_params params;

static ssize_t take_uring(void)
{
	unsigned int *sq_tail = mapped + params.sq_off.tail;
	unsigned int *sq_mask = mapped + params.sq_off.ring_mask;
	unsigned int *sq_array = mapped + params.sq_off.array;
	unsigned int *cq_head = mapped + params.cq_off.head;
	unsigned int *cq_mask = mapped + params.cq_off.ring_mask;
	struct io_uring_cqe *cqes = mapped + params.cq_off.cqes;
	unsigned int index = *sq_tail & *sq_mask;
	int result;

	memset(&sqes[index], 0, sizeof(sqes[index]));
	sqes[index].opcode = IORING_OP_READ;
	sqes[index].fd = fd;
	sqes[index].addr = (uintptr_t)room;
	sqes[index].len = size;
	sqes[index].off = -1;
	sq_array[index] = index;
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
	calls++;
	/* Submits one and waits for one, in a single call. */
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -1;
	result = cqes[*cq_head & *cq_mask].res;
	__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
	retries += result == -EAGAIN;
	errno = result < 0 ? -result : 0;
	return result;
}

static bool test_uring(void)
{
	size_t sq_length, cq_length, length;
	bool right;

	memset(&params, 0, sizeof(params));
	ring = syscall(SYS_io_uring_setup, 1, &params);
	if (ring < 0)
		return probe_skip("io_uring_setup: %s", strerror(errno));
	sq_length = params.sq_off.array + params.sq_entries * sizeof(unsigned int);
	cq_length = params.cq_off.cqes +
		    params.cq_entries * sizeof(struct io_uring_cqe);
	length = sq_length > cq_length ? sq_length : cq_length;
	mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		      IORING_OFF_SQ_RING);
	sqes = mmap(NULL, params.sq_entries * sizeof(*sqes),
		    PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	if (mapped == MAP_FAILED || (void *)sqes == MAP_FAILED)
		return failed("mmap of a ring");
	right = measure("uring", take_uring);
	munmap(sqes, params.sq_entries * sizeof(*sqes));
	munmap(mapped, length);
	close(ring);
	return right;
}

static void before(void)
{
	probe_drain(plain);
}

static const struct probe_test tests[] = {
	{ "blocking: read sleeps", test_blocking, NULL },
	{ "retry: O_NONBLOCK, and again after EAGAIN", test_retry, NULL },
	{ "poll, then read", test_poll, "poll" },
	{ "epoll, then read", test_epoll, "poll" },
	{ "SIGIO, then read", test_sigio, "fasync" },
	{ "aio_read of POSIX: a thread reads", test_posix, NULL },
	{ "io_submit: queued requests need no retry, deferred ones do",
	  test_libaio, "aio" },
	{ "io_submit returns before the device is ready", test_submit_returns,
	  "aio" },
	{ "io_uring", test_uring, "poll" },
};

int main(int argc, char **argv)
{
	const struct probe_option options[] = {
		PROBE_NUMBER("count", count, 1, MAX_COUNT, "records for each way"),
		PROBE_NUMBER("size", size, sizeof(struct record), MAX_SIZE,
			     "bytes of a record"),
		{ 0 }
	};
	sigset_t blocked;

	probe_options(argc, argv, "the ways to wait for a device", options);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	sigprocmask(SIG_BLOCK, &blocked, NULL);

	ktap_plan(PROBE_COUNT(tests));
	fd = probe_open(O_RDWR);
	plain = probe_open(O_RDWR | O_NONBLOCK);
	probe_run(tests, PROBE_COUNT(tests), before, stop_writer);
	return ktap_finish();
}
