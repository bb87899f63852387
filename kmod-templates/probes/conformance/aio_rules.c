// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of requests that wait: when they are completed, in what order, and with
 * what result.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "conformance.h"

#define DEPTH	8

static bool pending_read(void)
{
	begin_requests();
	submit_read(0, 5);
	if (!nothing_completes())
		return false;
	put("hello", 5);
	return completes(&requests[0], 5) && same(buffers[0], "hello.", 6);
}

static bool at_once(void)
{
	struct io_event event;

	begin_requests();
	feed();
	prepare(&requests[0], IOCB_CMD_PREAD, pattern(unit), unit);
	submit(&requests[0]);
	return check(reap(&event, 1) == 1, "the request is completed",
		     "no event within %ld s", limit) &&
	       check((long long)event.res > 0 && (long long)event.res <= unit,
		     "res is what was transferred", "res is %lld for %ld bytes",
		     (long long)event.res, unit);
}

static bool short_read(void)
{
	begin_requests();
	submit_read(0, TEXT_SIZE);
	put("abc", 3);
	return completes(&requests[0], 3) && same(buffers[0], "abc.", 4);
}

/* Each request gives one event, and it is its own. */
static bool once(void)
{
	struct io_event events[2 * DEPTH];
	unsigned int seen = 0;
	int got;

	begin_requests();
	for (int i = 0; i < DEPTH; i++)
		submit_read(i, 1);
	put("abcdefgh", DEPTH);
	got = reap(events, DEPTH);
	got += reap_within(events + got, DEPTH, QUIET_MS);
	for (int i = 0; i < got; i++) {
		struct iocb *request = (struct iocb *)(uintptr_t)events[i].obj;

		if (!check(events[i].data == request->aio_data, "the event has its request's data",
			   "it has another one's"))
			return false;
		seen |= 1u << (request - requests);
	}
	return check(got == DEPTH && seen == (1u << DEPTH) - 1,
		     "one event for each request", "%d events for %d requests, those of %#x",
		     got, DEPTH, seen);
}

static bool order(void)
{
	struct io_event events[DEPTH];
	static const char text[] = "aabbccddeeffgghh";

	begin_requests();
	for (int i = 0; i < DEPTH; i++)
		submit_read(i, 2);
	put(text, 2 * DEPTH);
	if (!check(reap(events, DEPTH) == DEPTH, "all requests are completed",
		   "not all within %ld s", limit))
		return false;
	for (int i = 0; i < DEPTH; i++) {
		if (!check(events[i].obj == (uintptr_t)&requests[i],
			   "completions come in the order of submission",
			   "event %d is not that of request %d", i, i) ||
		    !same(buffers[i], text + 2 * i, 2))
			return false;
	}
	return true;
}

static bool order_of_writes(void)
{
	char bytes[20];

	begin_requests();
	fill();
	for (int i = 0; i < 2; i++) {
		memset(buffers[i], 'A' + i, 10);
		prepare(&requests[i], IOCB_CMD_PWRITE, buffers[i], 10);
		submit(&requests[i]);
	}
	if (!nothing_completes())
		return false;
	for (long left = room; left;) {
		char thrown[4096];
		ssize_t got = read(plain, thrown, left < 4096 ? left : 4096);

		if (got <= 0)
			give_up("what filled the device can be read", "%s", strerror(errno));
		left -= got;
	}
	if (!completes(&requests[0], 10) || !completes(&requests[1], 10))
		return false;
	return check(read(plain, bytes, sizeof(bytes)) == sizeof(bytes), "both writes went in",
		     "less can be read") &&
	       same(bytes, "AAAAAAAAAABBBBBBBBBB", sizeof(bytes));
}

/* What res says went in is what comes out. */
static bool large_write(void)
{
	long length = room + room / 2 + 1;
	char *sent = pattern(length);
	char *received = pattern(length);
	struct io_event event;
	long done = 0;

	begin_requests();
	prepare(&requests[0], IOCB_CMD_PWRITE, sent, length);
	submit(&requests[0]);
	for (long long end = now_ms() + 1000 * limit; !reap_within(&event, 1, 1);) {
		done += read_on(received + done, length - done);
		if (!check(now_ms() < end, "the write goes on when there is room, and is completed",
			   "it is not, %ld of %ld bytes have come out", done, length))
			return false;
	}
	/* What it put in last is still there. */
	done += read_on(received + done, length - done);
	return check(done > 0 && (long)event.res == done, "res tells how many bytes went in",
		     "res is %lld, and %ld came out", (long long)event.res, done) &&
	       same(received, sent, done);
}

static bool nonblock(void)
{
	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREAD, buffers[0], 1);
	requests[0].aio_fildes = plain;
	submit(&requests[0]);
	return completes(&requests[0], -EAGAIN);
}

static bool nowait(void)
{
	int taken;

	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREAD, buffers[0], 1);
	requests[0].aio_rw_flags = RWF_NOWAIT;
	taken = try_submit(&requests[0]);
	if (taken == -EOPNOTSUPP || taken == -EINVAL)
		skip("the driver does not offer it: no FMODE_NOWAIT");
	return check(taken == 1, "io_submit() takes the request", "it gave %d", taken) &&
	       completes(&requests[0], -EAGAIN);
}

static bool with_eventfd(void)
{
	int counter = gate();

	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREAD, buffers[0], 4);
	requests[0].aio_flags = IOCB_FLAG_RESFD;
	requests[0].aio_resfd = counter;
	submit(&requests[0]);
	if (!check(!told_within(counter, 0), "the eventfd is told of the completion",
		   "it was told before"))
		return false;
	put("ring", 4);
	return check(told(counter), "the eventfd is told of the completion",
		     "not within %ld s", limit) &&
	       check(!told_within(counter, 0), "once", "more than once") &&
	       completes(&requests[0], 4);
}

static int to_parent;

static int read_one(void *unused)
{
	char byte;

	(void)unused;
	tell(to_parent);
	return read(fd, &byte, 1) != 1;
}

static bool beside_sync(void)
{
	pid_t child;

	to_parent = gate();
	begin_requests();
	submit_read(0, 1);
	child = start(read_one, NULL);
	if (!told(to_parent) || !falls_asleep(child))
		return false;
	put("12", 2);
	return completes(&requests[0], 1) && ends_with(child, 0) && contains("", 0);
}

const struct rule aio_rules[] = {
	{ "aio.at-once", "a request that can be done is done", "read,aio",
	  "ki_complete() is not called, or -EIOCBQUEUED is not returned after it",
	  at_once },
	{ "aio.pending", "a request waits until the device is ready", "fifo,aio=queued",
	  "who makes the device ready does not look at the waiting requests",
	  pending_read },
	{ "aio.short-read", "a request is completed with what there is", "fifo,aio=queued",
	  "the request waits for all of it, or res is what was asked for",
	  short_read },
	{ "aio.once", "each request is completed once", "fifo,aio=queued",
	  "completion from two paths, or an entry that stays on the list",
	  once },
	{ "aio.order", "requests are served in their order", "fifo,aio=queued",
	  "list_add() where list_add_tail() is right, or several workers at the same time",
	  order },
	{ "aio.order-writes", "writes that wait are taken in their order", "fifo,aio=queued",
	  "list_add() where list_add_tail() is right, or a new write overtakes the list",
	  order_of_writes },
	{ "aio.large-write", "a write says how much went in", "fifo,aio=queued",
	  "what was done before the request was queued is not added",
	  large_write },
	{ "aio.nonblock", "O_NONBLOCK: -EAGAIN, nothing is queued", "fifo,aio=queued",
	  "O_NONBLOCK is not looked at before the request is queued",
	  nonblock },
	{ "aio.nowait", "RWF_NOWAIT: -EAGAIN, nothing is queued", "fifo,aio=queued",
	  "IOCB_NOWAIT is not looked at before the request is queued",
	  nowait },
	{ "aio.eventfd", "IOCB_FLAG_RESFD: an eventfd is told once", "fifo,aio=queued",
	  "the request is completed twice, or not by ki_complete()",
	  with_eventfd },
	{ "aio.beside-sync", "a read sleeps beside a request that waits", "fifo,aio=queued",
	  "is_sync_kiocb() is not asked: a read(2) must never see -EIOCBQUEUED",
	  beside_sync },
	{ 0 }
};
