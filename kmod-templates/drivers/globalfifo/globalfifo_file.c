// SPDX-License-Identifier: GPL-2.0
/*
 * What a program can do with the device: the file operations.
 *
 * Readers sleep while it is empty, writers sleep while it is full, and nobody
 * has to sleep: O_NONBLOCK answers -EAGAIN instead.
 * #ifdef KMOD_FASYNC
 *
 * Asynchronous notification needs three steps here, and each answers one of the
 * three steps of a program:
 *
 *   program                           driver
 *   1 fcntl(fd, F_SETOWN, getpid())   nothing: the kernel keeps the owner
 *   2 fcntl(fd, F_SETFL, O_ASYNC)     .fasync: fasync_helper() keeps the list
 *   3 catch SIGIO                     kill_fasync() when the device is ready
 *
 * and .release takes the file off the list again.
 * #endif
 */
#include <linux/errno.h>
#include <linux/module.h>
#ifdef KMOD_POLL
#include <linux/poll.h>
#endif
#include <linux/seq_file.h>
#include <linux/slab.h>
#ifdef KMOD_IOCTL
#include <linux/uaccess.h>
#endif

#include "globalfifo.h"
#ifdef KMOD_IOCTL
#include "globalfifo_ioctl.h"
#endif
#ifdef KMOD_TRACE
#ifdef KMOD_AIO
#include "globalfifo_trace.h"
#endif
#endif

/* The one lock. IOCB_NOWAIT forbids to wait even for that. */
static int globalfifo_lock(struct globalfifo_dev *dev, struct kiocb *iocb)
{
	if (iocb->ki_flags & IOCB_NOWAIT)
		return mutex_trylock(&dev->lock) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&dev->lock) ? -ERESTARTSYS : 0;
}

#ifdef KMOD_AIO
/* In 6.8, and in 5.10.211, 5.15.150, 6.1.80 and 6.6.19 of the stable kernels. */
#ifndef IOCB_AIO_RW
#error "This kernel does not tell libaio's requests from others."
#endif

/*
 * Only libaio's requests may be answered later. A synchronous caller must never
 * see -EIOCBQUEUED, and readv(2) comes here as well. io_uring gets -EAGAIN and
 * polls, or comes again from a thread of its own that may sleep.
 */
static bool globalfifo_is_aio(struct kiocb *iocb)
{
	return !is_sync_kiocb(iocb) && (iocb->ki_flags & IOCB_AIO_RW);
}

#endif
/* O_NONBLOCK is the file's wish for all its calls, IOCB_NOWAIT that of one. */
static bool globalfifo_may_sleep(struct kiocb *iocb)
{
#ifdef KMOD_AIO_DEFERRED
	/* io_submit(2) is not the place to wait until there is something. */
	if (globalfifo_is_aio(iocb))
		return false;
#endif
	return !(iocb->ki_flags & IOCB_NOWAIT) &&
	       !(iocb->ki_filp->f_flags & O_NONBLOCK);
}

/*
 * Sleeping with the mutex held would keep everyone out who could end the wait.
 * So: let go, sleep, take it again, and look again, because somebody else may
 * have been faster.
 * #ifdef KMOD_POLL
 *
 * One wait queue serves readers, writers and poll alike; with two of them,
 * pollers that can register only once (libaio's) would fail.
 * #endif
 */
static ssize_t globalfifo_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct globalfifo_file *file = iocb->ki_filp->private_data;
	struct globalfifo_dev *dev = file->dev;
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
#ifdef KMOD_TRACE
#ifdef KMOD_AIO
	if (globalfifo_is_aio(iocb))
		trace_globalfifo_submit(dev, iocb, false, iov_iter_count(to));
#endif
#endif
#ifdef KMOD_AIO_QUEUED
	if (globalfifo_is_aio(iocb) && globalfifo_may_sleep(iocb))
		return globalfifo_submit(dev, iocb, to);
#endif

	ret = globalfifo_lock(dev, iocb);
	if (ret)
		return ret;

	while (!dev->len) {
		mutex_unlock(&dev->lock);
		if (!globalfifo_may_sleep(iocb))
			return -EAGAIN;
		if (wait_event_interruptible(dev->wait, READ_ONCE(dev->len)))
			return -ERESTARTSYS;
		if (mutex_lock_interruptible(&dev->lock))
			return -ERESTARTSYS;
	}

	ret = globalfifo_take(dev, to);
	if (ret > 0)
		file->bytes_read += ret;
	mutex_unlock(&dev->lock);

	if (ret > 0)
		globalfifo_tell_writable(dev);
#ifdef KMOD_AIO_DEFERRED
	if (ret > 0 && globalfifo_is_aio(iocb))
		return globalfifo_defer(dev, iocb, ret);
#endif
	return ret;
}

/* As with a pipe that is nearly full, a write may be short. */
static ssize_t globalfifo_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct globalfifo_file *file = iocb->ki_filp->private_data;
	struct globalfifo_dev *dev = file->dev;
	ssize_t ret;

	if (!iov_iter_count(from))
		return 0;
#ifdef KMOD_TRACE
#ifdef KMOD_AIO
	if (globalfifo_is_aio(iocb))
		trace_globalfifo_submit(dev, iocb, true, iov_iter_count(from));
#endif
#endif
#ifdef KMOD_AIO_QUEUED
	if (globalfifo_is_aio(iocb) && globalfifo_may_sleep(iocb))
		return globalfifo_submit(dev, iocb, from);
#endif

	ret = globalfifo_lock(dev, iocb);
	if (ret)
		return ret;

	while (dev->len == dev->size) {
		mutex_unlock(&dev->lock);
		if (!globalfifo_may_sleep(iocb))
			return -EAGAIN;
		if (wait_event_interruptible(dev->wait,
					     READ_ONCE(dev->len) < dev->size))
			return -ERESTARTSYS;
		if (mutex_lock_interruptible(&dev->lock))
			return -ERESTARTSYS;
	}

	ret = globalfifo_put(dev, from);
	if (ret > 0)
		file->bytes_written += ret;
	mutex_unlock(&dev->lock);

	if (ret > 0)
		globalfifo_tell_readable(dev);
#ifdef KMOD_AIO_DEFERRED
	if (ret > 0 && globalfifo_is_aio(iocb))
		return globalfifo_defer(dev, iocb, ret);
#endif
	return ret;
}

#ifdef KMOD_POLL
/*
 * Register first, look second. The other way round, what happens in between
 * wakes nobody.
 */
static __poll_t globalfifo_poll(struct file *filp, poll_table *wait)
{
	struct globalfifo_file *file = filp->private_data;
	struct globalfifo_dev *dev = file->dev;
	__poll_t mask = 0;
	size_t len;

	poll_wait(filp, &dev->wait, wait);

	len = READ_ONCE(dev->len);
	if (len)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (len < dev->size)
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

#endif
#ifdef KMOD_FASYNC
/*
 * The driver's first step. The kernel calls this when O_ASYNC is set or cleared
 * on a file; fasync_helper() adds the file to the list or takes it off.
 */
static int globalfifo_fasync(int fd, struct file *filp, int on)
{
	struct globalfifo_file *file = filp->private_data;

	return fasync_helper(fd, filp, on, &file->dev->async);
}

#endif
#ifdef KMOD_IOCTL
static long globalfifo_clear(struct globalfifo_dev *dev)
{
	if (mutex_lock_interruptible(&dev->lock))
		return -ERESTARTSYS;
	dev->head = 0;
	WRITE_ONCE(dev->len, 0);
	mutex_unlock(&dev->lock);

	globalfifo_tell_writable(dev);
	return 0;
}

static long globalfifo_fill(struct globalfifo_dev *dev, void __user *to)
{
	struct globalfifo_fill fill = {
		.len = READ_ONCE(dev->len),
		.size = dev->size,
	};

	return copy_to_user(to, &fill, sizeof(fill)) ? -EFAULT : 0;
}

/*
 * The structures look the same to 32-bit programs, which therefore need no code
 * of their own: compat_ptr_ioctl() only widens the pointer.
 */
static long globalfifo_ioctl(struct file *filp, unsigned int cmd,
			     unsigned long arg)
{
	struct globalfifo_file *file = filp->private_data;

	switch (cmd) {
	case GLOBALFIFO_IOC_CLEAR:
		return globalfifo_clear(file->dev);
	case GLOBALFIFO_IOC_FILL:
		return globalfifo_fill(file->dev, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

#endif
#ifdef KMOD_FSYNC
/* There is nothing on a disk: what fsync can wait for are queued writes. */
static int globalfifo_fsync(struct file *filp, loff_t start, loff_t end,
			    int datasync)
{
	struct globalfifo_file *file = filp->private_data;

	return globalfifo_sync(file->dev);
}

#endif
/* What `cat /proc/PID/fdinfo/FD` shows of this file. */
static void globalfifo_show_fdinfo(struct seq_file *seq, struct file *filp)
{
	struct globalfifo_file *file = filp->private_data;

	mutex_lock(&file->dev->lock);
	seq_printf(seq, "read:\t%llu\nwritten:\t%llu\n", file->bytes_read,
		   file->bytes_written);
	mutex_unlock(&file->dev->lock);
}

#ifndef KMOD_CDEV
/* The misc device has put itself into private_data; that leads to the FIFO. */
#endif
static int globalfifo_open(struct inode *inode, struct file *filp)
{
#ifndef KMOD_CDEV
	struct miscdevice *misc = filp->private_data;
#endif
	struct globalfifo_file *file;

	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return -ENOMEM;

#ifdef KMOD_CDEV
	file->dev = container_of(inode->i_cdev, struct globalfifo_dev, cdev);
#else
	file->dev = container_of(misc, struct globalfifo_dev, misc);
#endif
	filp->private_data = file;
	/* True only because IOCB_NOWAIT really never sleeps here. */
	filp->f_mode |= FMODE_NOWAIT;
	/* A FIFO has no position: no seeking, no pread. */
	return stream_open(inode, filp);
}

static int globalfifo_release(struct inode *inode, struct file *filp)
{
#ifdef KMOD_FASYNC
	/*
	 * The driver's third step: a closed file gets no more signals. The
	 * kernel does the same at the last close of a file with O_ASYNC; done
	 * here, it holds whatever the file's flags say.
	 */
	globalfifo_fasync(-1, filp, 0);
#endif
	kfree(filp->private_data);
	return 0;
}

/* .owner is what makes rmmod refuse while a file is open. */
const struct file_operations globalfifo_fops = {
	.owner = THIS_MODULE,
	.open = globalfifo_open,
	.release = globalfifo_release,
	.read_iter = globalfifo_read_iter,
	.write_iter = globalfifo_write_iter,
#ifdef KMOD_POLL
	.poll = globalfifo_poll,
#endif
#ifdef KMOD_FASYNC
	.fasync = globalfifo_fasync,
#endif
#ifdef KMOD_IOCTL
	.unlocked_ioctl = globalfifo_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
#endif
#ifdef KMOD_FSYNC
	.fsync = globalfifo_fsync,
#endif
	.show_fdinfo = globalfifo_show_fdinfo,
};
