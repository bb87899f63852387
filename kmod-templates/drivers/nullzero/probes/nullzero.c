// SPDX-License-Identifier: GPL-2.0
/*
 * Do devices that never have to wait answer every form of read and write?
 *
 * The device has zeros, and the one with -null behind its name is at its end.
 * Both swallow what is written. Nothing is ever pending: a request of
 * io_submit(2) is complete when that call returns.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/time_types.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe.h"

#define MAX_SIZE	(64L << 20)

static long size = 1 << 20;
static int zero;
static int null;
static char *buffer;
static char *gone;	/* two pages; the second cannot be reached */
static size_t page;

static bool clean(const char *from, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (from[i]) {
			ktap_note("byte %zu of %zu is %#x, not 0", i, length, from[i]);
			return false;
		}
	}
	return true;
}

static bool test_zeros(void)
{
	memset(buffer, 'k', size + 1);
	return read(zero, buffer, size) == size && clean(buffer, size) &&
	       buffer[size] == 'k';
}

static bool test_end(void)
{
	buffer[0] = 'k';
	return read(null, buffer, size) == 0 && pread(null, buffer, size, 12345) == 0 &&
	       buffer[0] == 'k';
}

static bool test_nothing(void)
{
	return read(zero, buffer, 0) == 0 && write(zero, buffer, 0) == 0 &&
	       read(null, buffer, 0) == 0 && write(null, buffer, 0) == 0;
}

static bool test_swallow(void)
{
	return write(zero, buffer, size) == size && write(null, buffer, size) == size &&
	       pwrite(null, buffer, size, 12345) == size;
}

static bool test_vectors(void)
{
	struct iovec parts[] = { { buffer, 1 }, { buffer + 10, 0 }, { buffer + 20, 5000 } };

	memset(buffer, 'k', 6000);
	return readv(zero, parts, 3) == 5001 && clean(buffer, 1) && buffer[1] == 'k' &&
	       buffer[19] == 'k' && clean(buffer + 20, 5000) && buffer[5020] == 'k' &&
	       readv(null, parts, 3) == 0 && writev(zero, parts, 3) == 5001 &&
	       writev(null, parts, 3) == 5001;
}

static bool test_bad_memory(void)
{
	memset(gone, 'k', page);
	if (read(zero, gone + page, 10) != -1 || errno != EFAULT) {
		ktap_note("a read into no memory is not answered by EFAULT");
		return false;
	}
	/* Inside a page, how much was filled is not known to the byte everywhere. */
	if (read(zero, gone, page + 10) != (ssize_t)page || !clean(gone, page)) {
		ktap_note("a read into memory that ends does not tell how much was filled");
		return false;
	}
	/* What is swallowed is not looked at. */
	return write(null, gone + page, 10) == 10;
}

static bool test_nowait(void)
{
	struct iovec part = { buffer, 100 };
	int plain = probe_open(O_RDWR | O_NONBLOCK);
	bool right;

	right = read(plain, buffer, 100) == 100 && write(plain, buffer, 100) == 100;
	close(plain);
	return right && preadv2(zero, &part, 1, 0, RWF_NOWAIT) == 100 &&
	       preadv2(null, &part, 1, 0, RWF_NOWAIT) == 0 &&
	       pwritev2(zero, &part, 1, 0, RWF_NOWAIT) == 100;
}

static bool test_seek(void)
{
	return lseek(zero, 1000, SEEK_SET) >= 0 && read(zero, buffer, 1) == 1 &&
	       lseek(null, 0, SEEK_END) >= 0 && read(null, buffer, 1) == 0;
}

static aio_context_t context;

/* Submits one request; its event has to be there when that returns. */
static bool done_at_once(struct iocb *request, long result)
{
	struct __kernel_old_timespec now = { 0, 0 };
	struct io_event event;

	if (syscall(SYS_io_submit, context, 1L, &request) != 1) {
		ktap_note("io_submit: %s", strerror(errno));
		return false;
	}
	if (syscall(SYS_io_getevents, context, 1L, 1L, &event, &now) != 1) {
		ktap_note("the request is pending");
		return false;
	}
	if ((long)event.res != result)
		ktap_note("res is %lld where %ld is right", (long long)event.res, result);
	return (long)event.res == result && event.obj == (uintptr_t)request;
}

static struct iocb request(int file, int command, void *from, size_t length)
{
	return (struct iocb){
		.aio_fildes = file,
		.aio_lio_opcode = command,
		.aio_buf = (uintptr_t)from,
		.aio_nbytes = length,
	};
}

static bool test_aio(void)
{
	struct iovec parts[] = { { buffer, 3 }, { buffer + 5, 4 } };
	struct iocb forms[] = {
		request(zero, IOCB_CMD_PREAD, buffer, size),
		request(null, IOCB_CMD_PREAD, buffer, size),
		request(zero, IOCB_CMD_PWRITE, buffer, size),
		request(zero, IOCB_CMD_PREADV, parts, 2),
		request(null, IOCB_CMD_PREADV, parts, 2),
		request(null, IOCB_CMD_PWRITEV, parts, 2),
		request(zero, IOCB_CMD_PREAD, gone + page, 1),
		request(zero, IOCB_CMD_PREAD, gone, page + 9),
	};
	const long results[] = { size, 0, size, 7, 0, 7, -EFAULT, page };
	bool right = true;

	memset(buffer, 'k', size);
	for (unsigned int i = 0; i < PROBE_COUNT(forms); i++) {
		if (!done_at_once(&forms[i], results[i])) {
			ktap_note("that was request %u", i);
			right = false;
		}
		if (!i)
			right = right && clean(buffer, size);
	}
	return right;
}

static bool test_aio_cancel(void)
{
	struct iocb one = request(zero, IOCB_CMD_PREAD, buffer, 10);
	struct io_event event;

	return done_at_once(&one, 10) &&
	       syscall(SYS_io_cancel, context, &one, &event) == -1 && errno == EINVAL;
}

static bool test_aio_eventfd(void)
{
	int counter = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct iocb one = request(zero, IOCB_CMD_PREAD, buffer, 10);
	eventfd_t completions = 0;
	bool right;

	if (counter < 0)
		ktap_bail_out("eventfd: %s", strerror(errno));
	one.aio_flags = IOCB_FLAG_RESFD;
	one.aio_resfd = counter;
	right = done_at_once(&one, 10) && !eventfd_read(counter, &completions) &&
		completions == 1;
	close(counter);
	return right;
}

static bool test_poll(void)
{
	struct pollfd both[] = {
		{ .fd = zero, .events = POLLIN | POLLOUT },
		{ .fd = null, .events = POLLIN | POLLOUT },
	};

	return poll(both, 2, 0) == 2 && both[0].revents == (POLLIN | POLLOUT) &&
	       both[1].revents == (POLLIN | POLLOUT);
}

/* A device without .poll is ready for poll(2), but nothing for epoll. */
static bool test_epoll(void)
{
	struct epoll_event wanted = { .events = EPOLLIN }, event;
	int set = epoll_create1(EPOLL_CLOEXEC);
	int added, error;
	bool ready;

	if (set < 0)
		ktap_bail_out("epoll_create1: %s", strerror(errno));
	added = epoll_ctl(set, EPOLL_CTL_ADD, zero, &wanted);
	error = errno;
	ready = !added && epoll_wait(set, &event, 1, 0) == 1 && event.events == EPOLLIN;
	close(set);
	if (probe_claims("poll"))
		return ready;
	return added == -1 && error == EPERM;
}

static const struct probe_test tests[] = {
	{ "read: zeros, as many as there is room for", test_zeros, NULL },
	{ "read: end of file on the other", test_end, NULL },
	{ "nothing: 0 bytes are 0 bytes", test_nothing, NULL },
	{ "write: all is swallowed", test_swallow, NULL },
	{ "readv and writev: several segments", test_vectors, NULL },
	{ "EFAULT: only when not a byte could be moved", test_bad_memory, NULL },
	{ "O_NONBLOCK and RWF_NOWAIT: never EAGAIN", test_nowait, NULL },
	{ "lseek: allowed, without effect", test_seek, NULL },
	{ "io_submit: complete when it returns", test_aio, NULL },
	{ "io_cancel: nothing is pending", test_aio_cancel, NULL },
	{ "IOCB_FLAG_RESFD: the eventfd is told at once", test_aio_eventfd, NULL },
	{ "poll: ready in both directions", test_poll, NULL },
	{ "epoll: takes a device that has .poll", test_epoll, NULL },
};

int main(int argc, char **argv)
{
	const struct probe_option options[] = {
		PROBE_NUMBER("size", size, 8192, MAX_SIZE, "bytes of a large read"),
		{ 0 }
	};
	char *other;

	probe_options(argc, argv, "do devices that never wait answer every call?", options);
	page = sysconf(_SC_PAGESIZE);
	buffer = malloc(size + 1);
	gone = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!buffer || gone == MAP_FAILED || mprotect(gone + page, page, PROT_NONE))
		ktap_bail_out("memory: %s", strerror(errno));
	if (syscall(SYS_io_setup, 1, &context))
		ktap_bail_out("io_setup: %s", strerror(errno));

	ktap_plan(PROBE_COUNT(tests));
	zero = probe_open(O_RDWR);
	if (asprintf(&other, "%s-null", probe_device) < 0)
		ktap_bail_out("asprintf: %s", strerror(errno));
	null = open(other, O_RDWR | O_CLOEXEC);
	if (null < 0)
		ktap_bail_out("%s cannot be opened: %s", other, strerror(errno));
	probe_run(tests, PROBE_COUNT(tests), NULL, NULL);
	return ktap_finish();
}
