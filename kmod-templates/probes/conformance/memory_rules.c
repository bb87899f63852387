// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of the memory of requests that wait: io_submit(2) has long returned when
 * it is used.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "conformance.h"

/* A read of three segments, the second empty: at once or after the write. */
static bool read_apart(bool waits)
{
	struct iovec in[] = { { buffers[0], 2 }, { NULL, 0 }, { buffers[1], 20 } };

	memset(buffers, '.', sizeof(buffers));
	prepare(&requests[0], IOCB_CMD_PREADV, in, 3);
	submit(&requests[0]);
	if (waits)
		put("vectors", 7);
	return completes(&requests[0], 7) && same(buffers[0], "ve.", 3) &&
	       same(buffers[1], "ctors.", 6);
}

/* One request at a time: nothing says whose event would come first. */
static bool vectors(void)
{
	struct iovec out[] = { { "v", 1 }, { "ect", 3 }, { "ors", 3 } };

	begin_requests();
	prepare(&requests[1], IOCB_CMD_PWRITEV, out, 3);
	submit(&requests[1]);
	return completes(&requests[1], 7) && read_apart(false) && read_apart(true);
}

/*
 * The caller's array is his own again as soon as io_submit() has returned. And
 * the kernel's copy, to which the iov_iter of the call points, is on its stack:
 * the second request of the same io_submit() puts its own there.
 */
static bool vector_reused(void)
{
	struct iovec in[] = { { buffers[0], 2 }, { buffers[1], 2 } };
	struct iovec next[] = { { buffers[2], 3 }, { buffers[3], 1 } };

	begin_requests();
	memset(buffers, '.', sizeof(buffers));
	prepare(&requests[0], IOCB_CMD_PREADV, in, 2);
	prepare(&requests[1], IOCB_CMD_PREADV, next, 2);
	submit_both(&requests[0], &requests[1]);
	in[0] = (struct iovec){ buffers[4], 1 };
	in[1] = (struct iovec){ buffers[5], 3 };
	memcpy(next, in, sizeof(next));
	put("abcd", 4);
	if (!completes(&requests[0], 4) || !same(buffers[0], "ab.", 3) ||
	    !same(buffers[1], "cd.", 3))
		return false;
	put("wxyz", 4);
	return completes(&requests[1], 4) && same(buffers[2], "wxy.", 4) &&
	       same(buffers[3], "z.", 2) && same(buffers[4], "..", 2);
}

/* One buffer: an iovec in older kernels, ITER_UBUF in newer ones. */
static bool one_segment(void)
{
	struct iovec in = { buffers[1], 2 };

	begin_requests();
	submit_read(0, 2);
	memset(buffers[1], '.', TEXT_SIZE);
	prepare(&requests[1], IOCB_CMD_PREADV, &in, 1);
	submit(&requests[1]);
	in = (struct iovec){ buffers[2], 1 };
	put("abcd", 4);
	return completes(&requests[0], 2) && completes(&requests[1], 2) &&
	       same(buffers[0], "ab.", 3) && same(buffers[1], "cd.", 3);
}

static bool bad_at_once(void)
{
	begin_requests();
	put("kept", 4);
	prepare(&requests[0], IOCB_CMD_PREAD, bad_page(), 4);
	submit(&requests[0]);
	return completes(&requests[0], -EFAULT) && contains("kept", 4);
}

static bool bad_while_queued(void)
{
	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREAD, bad_page(), 4);
	submit(&requests[0]);
	submit_read(1, 4);
	put("good", 4);
	return completes(&requests[0], -EFAULT) && completes(&requests[1], 4) &&
	       same(buffers[1], "good.", 5);
}

/* A driver that pins pages still has them; one that copies later has not. */
static bool gone_while_queued(void)
{
	char *page = bad_page() - page_size();
	struct io_event event;
	long long result;

	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREAD, page, 4);
	submit(&requests[0]);
	munmap(page, page_size());
	put("gone", 4);
	if (!check(reap(&event, 1) == 1, "the request is completed",
		   "no event within %ld s", limit))
		return false;
	result = event.res;
	return check(result == -EFAULT || result == 4, "-EFAULT, or 4 when the pages were pinned",
		     "res is %lld", result) &&
	       contains("gone", result == 4 ? 0 : 4);
}

static bool bad_write(void)
{
	char *bad = bad_page();

	begin_requests();
	fill();
	prepare(&requests[0], IOCB_CMD_PWRITE, bad, 4);
	submit(&requests[0]);
	drain();
	return completes(&requests[0], -EFAULT) && contains("", 0);
}

static int write_as_another(void *unused)
{
	/* Here, the address of the buffer means another page. */
	(void)unused;
	memset(buffers, '!', sizeof(buffers));
	put("mine", 4);
	return !same(buffers[0], "!!!!!", 5);
}

static bool memory(void)
{
	begin_requests();
	submit_read(0, 4);
	return ends_with(start(write_as_another, NULL), 0) && completes(&requests[0], 4) &&
	       same(buffers[0], "mine.", 5);
}

const struct rule memory_rules[] = {
	{ "memory.vectors", "requests go through all segments", "fifo,aio=queued",
	  "only the first segment is used; keep the whole iov_iter",
	  vectors },
	{ "memory.vector-reused", "the vector is the caller's after io_submit", "fifo,aio=queued",
	  "the iov_iter was copied, but not the array that it points to: dup_iter()",
	  vector_reused },
	{ "memory.one-segment", "a single buffer works as well as a vector", "fifo,aio=queued",
	  "dup_iter() gives NULL for a single buffer (ITER_UBUF); that is no error",
	  one_segment },
	{ "memory.efault", "bad memory gives -EFAULT at once", "fifo,aio=queued",
	  "the return value of copy_to_iter() is not used",
	  bad_at_once },
	{ "memory.efault-queued", "bad memory harms only its own request", "fifo,aio=queued",
	  "the return value of copy_to_iter() is not used in the worker",
	  bad_while_queued },
	{ "memory.gone", "memory may go while a request waits", "fifo,aio=queued",
	  "a kernel address of the caller's memory is kept, and its page is not",
	  gone_while_queued },
	{ "memory.efault-write", "a write from bad memory gives -EFAULT", "fifo,aio=queued",
	  "the return value of copy_from_iter() is not used in the worker",
	  bad_write },
	{ "memory.submitter", "the submitter's memory is used, whoever writes", "fifo,aio=queued",
	  "the copy runs in the context of the writer: kthread_use_mm() in a worker",
	  memory },
	{ 0 }
};
