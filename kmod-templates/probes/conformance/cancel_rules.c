// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of io_cancel(2). The kernel says yes by failing with EINPROGRESS, and
 * the completion comes as any other does, with -ECANCELED.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"

static bool cancelled(struct iocb *request)
{
	int said = try_cancel(request);

	return check(said == -EINPROGRESS, "io_cancel() says EINPROGRESS, which means yes",
		     "it gave %d (%s)", said, said ? strerror(-said) : "no error");
}

static bool one(void)
{
	begin_requests();
	submit_read(0, 4);
	return cancelled(&requests[0]) && completes(&requests[0], -ECANCELED) &&
	       nothing_completes();
}

static bool bytes_stay(void)
{
	begin_requests();
	submit_read(0, 4);
	if (!cancelled(&requests[0]) || !completes(&requests[0], -ECANCELED))
		return false;
	put("kept", 4);
	return contains("kept", 4) && same(buffers[0], ".....", 5);
}

static bool among_others(void)
{
	static const int out_of[] = { 2, 0, 4 };

	begin_requests();
	for (int i = 0; i < 5; i++)
		submit_read(i, 1);
	for (int i = 0; i < 3; i++) {
		struct iocb *request = &requests[out_of[i]];

		if (!cancelled(request) || !completes(request, -ECANCELED))
			return false;
	}
	put("13", 2);
	return completes(&requests[1], 1) && completes(&requests[3], 1) &&
	       same(buffers[1], "1", 1) && same(buffers[3], "3", 1);
}

static bool twice(void)
{
	int said;

	begin_requests();
	submit_read(0, 4);
	if (!cancelled(&requests[0]) || !completes(&requests[0], -ECANCELED))
		return false;
	said = try_cancel(&requests[0]);
	return check(said == -EINVAL, "a completed request is not found: EINVAL",
		     "it gave %d", said);
}

static bool after_completion(void)
{
	int said;

	begin_requests();
	submit_read(0, 4);
	put("done", 4);
	if (!completes(&requests[0], 4))
		return false;
	said = try_cancel(&requests[0]);
	return check(said == -EINVAL, "a completed request is not found: EINVAL",
		     "it gave %d", said);
}

/* A write that is half in: what is in was written, and res tells that. */
static bool half_a_write(void)
{
	struct io_event event;
	long long result;
	long before, after;

	begin_requests();
	before = fill();
	if (read(plain, buffers[1], 16) != 16)
		give_up("what filled the device can be read", "%s", strerror(errno));
	before -= 16;
	memset(buffers[0], 'c', TEXT_SIZE);
	prepare(&requests[0], IOCB_CMD_PWRITE, buffers[0], 48);
	submit(&requests[0]);
	if (!nothing_completes() || !cancelled(&requests[0]))
		return false;
	if (!check(reap(&event, 1) == 1, "the write is completed", "no event within %ld s", limit))
		return false;
	result = event.res;
	for (after = 0; after < room; after++) {
		char byte;

		if (read(plain, &byte, 1) != 1)
			break;
	}
	return check(result == -ECANCELED ? after == before : after == before + result,
		     "res tells how many bytes went in, or is -ECANCELED when none did",
		     "res is %lld, and %ld bytes are in where %ld were before", result, after,
		     before);
}

static int to_child;

static int write_bytes(void *unused)
{
	(void)unused;
	while (told(to_child))
		put("r", 1);
	return 1;
}

/*
 * One process writes, and this one cancels, at the same time. How long it waits
 * before it does is adjusted until either may come first.
 */
static bool race(void)
{
	struct timespec delay = { .tv_nsec = 0 };
	long long end = now_ms() + 1000 * limit;
	long rounds = 0, won = 0;
	pid_t child;

	to_child = gate();
	prctl(PR_SET_TIMERSLACK, 1);
	begin_requests();
	child = start(write_bytes, NULL);
	for (; rounds < count && now_ms() < end; rounds++) {
		struct io_event event;
		long long result;
		int said, got;
		char byte;

		submit_read(0, 1);
		tell(to_child);
		if (delay.tv_nsec)
			nanosleep(&delay, NULL);
		said = try_cancel(&requests[0]);
		if (!check(said == -EINPROGRESS || said == -EINVAL,
			   "io_cancel() says EINPROGRESS, or EINVAL when it is too late",
			   "it gave %d in round %ld", said, rounds + 1))
			return false;
		got = reap(&event, 1);
		if (!check(got == 1, "the request is completed, cancelled or not",
			   "no event within %ld s in round %ld", limit, rounds + 1) ||
		    !check(event.obj == (uintptr_t)&requests[0], "the event is that of the request",
			   "it is another one's"))
			return false;
		result = event.res;
		if (!check(result == 1 || result == -ECANCELED, "res is 1 or -ECANCELED",
			   "res is %lld in round %ld", result, rounds + 1))
			return false;
		if (result == 1) {
			won++;
			delay.tv_nsec = delay.tv_nsec * 3 / 4;
			continue;
		}
		delay.tv_nsec += 3000;
		doing("read(2) of the byte that a cancelled request did not take");
		if (!check(read(fd, &byte, 1) == 1, "a byte is not lost with a cancelled request",
			   "%s in round %ld", strerror(errno), rounds + 1))
			return false;
	}
	note("%ld of %ld requests were served before they could be cancelled", won, rounds);
	return dies(child) && nothing_completes() && contains("", 0);
}

const struct rule cancel_rules[] = {
	{ "cancel.pending", "a waiting request is completed with -ECANCELED", "fifo,aio=queued",
	  "no kiocb_set_cancel_fn(), or its function completes nothing",
	  one },
	{ "cancel.bytes", "a cancelled request takes no bytes", "fifo,aio=queued",
	  "the request stays on the list although it was completed",
	  bytes_stay },
	{ "cancel.others", "the others go on in their order", "fifo,aio=queued",
	  "all requests are cancelled, or the wrong one is",
	  among_others },
	{ "cancel.twice", "a request is cancelled once", "fifo,aio=queued",
	  "the request was completed twice",
	  twice },
	{ "cancel.too-late", "what is completed cannot be cancelled", "fifo,aio=queued",
	  "the request was not completed by ki_complete()",
	  after_completion },
	{ "cancel.half", "a write that is half in says how much", "fifo,aio=queued",
	  "what was moved before the cancellation is forgotten",
	  half_a_write },
	{ "cancel.race", "cancelling and completing at the same time", "fifo,aio=queued",
	  "cancel is not locked against completion (CVE-2024-36894 is one of those)",
	  race },
	{ 0 }
};
