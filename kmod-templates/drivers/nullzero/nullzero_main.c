// SPDX-License-Identifier: GPL-2.0
/*
 * nullzero: two devices that swallow what is written.
 *
 * /dev/nullzero has zeros to read without end, /dev/nullzero-null is at its end
 * from the beginning.
 *
 * This is all that a driver needs for read(2), readv(2), pread(2) and
 * preadv2(2), for libaio and for io_uring: one function for each direction. What
 * kind of call it is, how many buffers there are and whose memory they are in is
 * the business of struct kiocb and struct iov_iter.
 *
 * Asynchronous I/O needs nothing more here, because nothing ever has to wait.
 * io_submit(2) reaches the same functions; when they return a result instead of
 * -EIOCBQUEUED, the kernel completes the request at once. A driver has to queue
 * a request only if it cannot do it now.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#ifdef KMOD_POLL
#include <linux/poll.h>
#endif
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#define NULLZERO_DEVICE	"nullzero"

/*
 * Fills all segments with zeros, a page at a time: whoever asks for a gigabyte
 * can be killed on the way, and does not keep the CPU from others.
 *
 * Return: how many bytes were filled, which is less than was asked for when a
 * signal came or the memory ended; -EFAULT when none could be.
 */
static ssize_t nullzero_read_zeros(struct kiocb *iocb, struct iov_iter *to)
{
	size_t done = 0;

	while (iov_iter_count(to)) {
		size_t part = min_t(size_t, iov_iter_count(to), PAGE_SIZE);
		size_t filled = iov_iter_zero(part, to);

		done += filled;
		if (filled < part)
			return done ? done : -EFAULT;
		if (signal_pending(current))
			break;
		/* Whoever said IOCB_NOWAIT does not want to be away for long. */
		if (need_resched() && iocb->ki_flags & IOCB_NOWAIT)
			break;
		cond_resched();
	}
	return done;
}

/* 0 is the end of the file. */
static ssize_t nullzero_read_end(struct kiocb *iocb, struct iov_iter *to)
{
	return 0;
}

/*
 * Takes everything. The iterator is moved to its end, as if the bytes had been
 * copied: a caller may go on from where it stands. The memory is not looked at,
 * so a bad address is no error, just as on /dev/null.
 */
static ssize_t nullzero_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	size_t count = iov_iter_count(from);

	iov_iter_advance(from, count);
	return count;
}

#ifdef KMOD_POLL
/*
 * Always ready, which is what the kernel assumes of a device without .poll, too.
 * But epoll refuses such a device, and this one it takes. There is nothing to
 * wait for and so no wait queue to register on.
 */
static __poll_t nullzero_poll(struct file *filp, poll_table *wait)
{
	return EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
}

#endif
/*
 * FMODE_NOWAIT says that these calls never sleep. Without it, RWF_NOWAIT is
 * refused, and io_uring hands each call to a thread of its own.
 */
static int nullzero_open(struct inode *inode, struct file *filp)
{
	filp->f_mode |= FMODE_NOWAIT;
	return 0;
}

/*
 * Seeking is allowed and changes nothing: programs do it, whatever the file is.
 * .owner is what makes rmmod refuse while a file is open.
 */
static const struct file_operations nullzero_zero_fops = {
	.owner = THIS_MODULE,
	.open = nullzero_open,
	.read_iter = nullzero_read_zeros,
	.write_iter = nullzero_write_iter,
#ifdef KMOD_POLL
	.poll = nullzero_poll,
#endif
	.llseek = noop_llseek,
};

static const struct file_operations nullzero_null_fops = {
	.owner = THIS_MODULE,
	.open = nullzero_open,
	.read_iter = nullzero_read_end,
	.write_iter = nullzero_write_iter,
#ifdef KMOD_POLL
	.poll = nullzero_poll,
#endif
	.llseek = noop_llseek,
};

static struct miscdevice nullzero_zero = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = NULLZERO_DEVICE,
	.fops = &nullzero_zero_fops,
};

static struct miscdevice nullzero_null = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = NULLZERO_DEVICE "-null",
	.fops = &nullzero_null_fops,
};

/* What was done before a step that fails is undone. */
static int __init nullzero_init(void)
{
	int ret;

	ret = misc_register(&nullzero_zero);
	if (ret) {
		pr_err("no device node %s: %d\n", nullzero_zero.name, ret);
		return ret;
	}
	ret = misc_register(&nullzero_null);
	if (ret) {
		pr_err("no device node %s: %d\n", nullzero_null.name, ret);
		misc_deregister(&nullzero_zero);
	}
	return ret;
}
module_init(nullzero_init);

static void __exit nullzero_exit(void)
{
	misc_deregister(&nullzero_null);
	misc_deregister(&nullzero_zero);
}
module_exit(nullzero_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("@DESCRIPTION@");
MODULE_LICENSE("GPL");
