// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous requests, by the kernel's own system calls: libaio hides what
 * io_cancel(2) really says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/time_types.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conformance.h"

struct iocb requests[MAX_REQUESTS];
char buffers[MAX_REQUESTS][TEXT_SIZE];

static aio_context_t context;

void begin_requests(void)
{
	context = 0;
	if (!syscall(SYS_io_setup, 2 * MAX_REQUESTS, &context))
		return;
	if (errno == ENOSYS)
		skip("this kernel has no asynchronous I/O (CONFIG_AIO)");
	give_up("io_setup() makes a context", "%s", strerror(errno));
}

void end_requests(void)
{
	aio_context_t ended = context;

	context = 0;
	doing("io_destroy(2): it waits until each request is completed");
	if (ended && syscall(SYS_io_destroy, ended))
		give_up("io_destroy() succeeds", "%s", strerror(errno));
}

void prepare(struct iocb *request, int command, void *buffer, size_t length)
{
	memset(request, 0, sizeof(*request));
	request->aio_fildes = fd;
	request->aio_lio_opcode = command;
	request->aio_buf = (uintptr_t)buffer;
	request->aio_nbytes = length;
	request->aio_data = (uintptr_t)request ^ 0x5a;
}

int try_submit(struct iocb *request)
{
	int taken;

	doing("io_submit(2)");
	taken = syscall(SYS_io_submit, context, 1L, &request);
	doing("waiting after io_submit(2)");
	return taken < 0 ? -errno : taken;
}

void submit(struct iocb *request)
{
	int taken = try_submit(request);

	if (taken != 1)
		give_up("io_submit() takes the request", "it gave %d (%s)", taken,
			taken < 0 ? strerror(-taken) : "it took none");
}

void submit_both(struct iocb *first, struct iocb *second)
{
	struct iocb *both[] = { first, second };
	int taken;

	doing("io_submit(2) of two requests");
	taken = syscall(SYS_io_submit, context, 2L, both);
	doing("waiting after io_submit(2)");
	if (taken != 2)
		give_up("io_submit() takes both requests", "it gave %d (%s)", taken,
			taken < 0 ? strerror(errno) : "it took fewer");
}

void submit_read(int number, size_t length)
{
	memset(buffers[number], '.', TEXT_SIZE);
	prepare(&requests[number], IOCB_CMD_PREAD, buffers[number], length);
	submit(&requests[number]);
}

int try_cancel(struct iocb *request)
{
	struct io_event unused;

	doing("io_cancel(2)");
	if (!syscall(SYS_io_cancel, context, request, &unused))
		return 0;
	return -errno;
}

int reap_within(struct io_event *events, int number, long milliseconds)
{
	struct __kernel_old_timespec time = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};
	int got;

	do {
		got = syscall(SYS_io_getevents, context, (long)number, (long)number,
			      events, &time);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		give_up("io_getevents() returns events", "%s", strerror(errno));
	return got;
}

int reap(struct io_event *events, int number)
{
	doing("waiting for completions");
	return reap_within(events, number, 1000 * limit);
}

bool completes(struct iocb *request, long long result)
{
	struct io_event event;

	if (!check(reap(&event, 1) == 1, "the request is completed",
		   "no event within %ld s", limit))
		return false;
	return check(event.obj == (uintptr_t)request &&
		     event.data == request->aio_data,
		     "the event is that of the request that is due",
		     "it is that of another request, with res %lld", (long long)event.res) &&
	       check((long long)event.res == result, "res is what was transferred, or -errno",
		     "res is %lld where %lld is right", (long long)event.res, result);
}

bool nothing_completes(void)
{
	struct io_event event;
	int got = reap_within(&event, 1, QUIET_MS);

	return check(!got, "no event comes now", "there is one, with res %lld",
		     (long long)event.res);
}
