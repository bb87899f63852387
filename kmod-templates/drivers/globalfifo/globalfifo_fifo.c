// SPDX-License-Identifier: GPL-2.0
/*
 * The FIFO itself: bytes go in, bytes come out, and those who wait are told.
 *
 * Nothing in this file knows who asks. That is why the same functions serve
 * read(2), readv(2), io_uring and whatever context carries out a request later.
 */
#include <linux/errno.h>
#ifdef KMOD_AIO_QUEUED
#include <linux/list.h>
#endif
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/poll.h>
#ifdef KMOD_FASYNC
#include <linux/signal.h>
#endif

#include "globalfifo.h"
#ifdef KMOD_TRACE
#include "globalfifo_trace.h"
#endif

/*
 * Readers decide about sleeping by looking at the length without the mutex,
 * hence WRITE_ONCE() here and READ_ONCE() there.
 */
static void globalfifo_set_len(struct globalfifo_dev *dev, size_t len)
{
	WRITE_ONCE(dev->len, len);
}

/**
 * globalfifo_take() - move bytes from the FIFO to a reader
 * @dev: the FIFO, its lock held
 * @to: where the bytes go: one buffer or many, it makes no difference here
 *
 * A short count is no error: it is what was there. Bytes that could not be
 * delivered because the memory is bad stay in the FIFO.
 *
 * Return: how many bytes were moved, or -EFAULT when none could be.
 */
ssize_t globalfifo_take(struct globalfifo_dev *dev, struct iov_iter *to)
{
	size_t want = min(dev->len, iov_iter_count(to));
	size_t done = 0;

	lockdep_assert_held(&dev->lock);

	while (done < want) {
		size_t part = min(want - done, dev->size - dev->head);
		size_t copied = copy_to_iter(dev->buf + dev->head, part, to);

		dev->head = (dev->head + copied) % dev->size;
		globalfifo_set_len(dev, dev->len - copied);
		done += copied;
		if (copied < part)
			break;
	}
	return done || !want ? done : -EFAULT;
}

/**
 * globalfifo_put() - move bytes from a writer to the FIFO
 * @dev: the FIFO, its lock held
 * @from: where the bytes come from
 *
 * Return: how many bytes were moved, or -EFAULT when none could be.
 */
ssize_t globalfifo_put(struct globalfifo_dev *dev, struct iov_iter *from)
{
	size_t want = min(dev->size - dev->len, iov_iter_count(from));
	size_t done = 0;

	lockdep_assert_held(&dev->lock);

	while (done < want) {
		size_t tail = (dev->head + dev->len) % dev->size;
		size_t part = min(want - done, dev->size - tail);
		size_t copied = copy_from_iter(dev->buf + tail, part, from);

		globalfifo_set_len(dev, dev->len + copied);
		done += copied;
		if (copied < part)
			break;
	}
	return done || !want ? done : -EFAULT;
}

/**
 * globalfifo_tell_readable() - say that bytes have come in
 * @dev: the FIFO, its lock not held: whoever wakes wants it next
 */
void globalfifo_tell_readable(struct globalfifo_dev *dev)
{
#ifdef KMOD_POLL
	/*
	 * The key wakes, of those in poll(2), only who asked for input.
	 * Sleeping readers and writers wake in any case and look for
	 * themselves.
	 */
#endif
#ifdef KMOD_TRACE
	trace_globalfifo_wake(dev, true);
#endif
	wake_up_interruptible_poll(&dev->wait, EPOLLIN | EPOLLRDNORM);
#ifdef KMOD_FASYNC
	/*
	 * The driver's second step: signal, with the band that says why.
	 *
	 * kill_fasync() takes locks of its own, which the kernel also holds
	 * around parts of .fasync. A driver that holds a lock here and takes
	 * the same one in .fasync has built a deadlock.
	 */
#ifdef KMOD_TRACE
	trace_globalfifo_kill_fasync(dev, POLL_IN);
#endif
	kill_fasync(&dev->async, SIGIO, POLL_IN);
#endif
#ifdef KMOD_AIO_QUEUED
	if (!list_empty(&dev->reads))
		globalfifo_kick(dev);
#endif
}

/**
 * globalfifo_tell_writable() - say that there is room again
 * @dev: the FIFO, its lock not held
 */
void globalfifo_tell_writable(struct globalfifo_dev *dev)
{
#ifdef KMOD_TRACE
	trace_globalfifo_wake(dev, false);
#endif
	wake_up_interruptible_poll(&dev->wait, EPOLLOUT | EPOLLWRNORM);
#ifdef KMOD_POLLOUT
#ifdef KMOD_TRACE
	trace_globalfifo_kill_fasync(dev, POLL_OUT);
#endif
	kill_fasync(&dev->async, SIGIO, POLL_OUT);
#endif
#ifdef KMOD_AIO_QUEUED
	if (!list_empty(&dev->writes))
		globalfifo_kick(dev);
#endif
}
