// SPDX-License-Identifier: GPL-2.0
/*
 * sampler: a device that becomes ready by itself, /dev/sampler.
 *
 * It takes a sample again and again and keeps the last ones until somebody reads
 * them. Nobody has to write for it to become readable, as with most hardware: an
 * interrupt says that there is something.
 *
 * Readers sleep while there is none, and nobody has to sleep: O_NONBLOCK answers
 * -EAGAIN instead.
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
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/module.h>
#ifdef KMOD_POLL
#include <linux/poll.h>
#endif
#include <linux/seq_file.h>
#include <linux/sizes.h>
#ifdef KMOD_IOCTL
#include <linux/uaccess.h>
#endif

#include "sampler.h"

static unsigned int sampler_rate = 100;
module_param_named(rate, sampler_rate, uint, 0444);
MODULE_PARM_DESC(rate, "Samples per second, 1 to 10000 (100)");

static unsigned int sampler_size = 64;
module_param_named(size, sampler_size, uint, 0444);
MODULE_PARM_DESC(size, "How many samples the ring holds, 1 to 65536 (64)");

/* One reader at a time. IOCB_NOWAIT forbids to wait even for that. */
static int sampler_lock(struct sampler_dev *dev, struct kiocb *iocb)
{
	if (iocb->ki_flags & IOCB_NOWAIT)
		return mutex_trylock(&dev->mutex) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&dev->mutex) ? -ERESTARTSYS : 0;
}

/* O_NONBLOCK is the file's wish for all its calls, IOCB_NOWAIT that of one. */
static bool sampler_may_sleep(struct kiocb *iocb)
{
	return !(iocb->ki_flags & IOCB_NOWAIT) &&
	       !(iocb->ki_filp->f_flags & O_NONBLOCK);
}

#ifdef KMOD_AIO_QUEUED
/* In 6.8, and in 5.10.211, 5.15.150, 6.1.80 and 6.6.19 of the stable kernels. */
#ifndef IOCB_AIO_RW
#error "This kernel does not tell libaio's requests from others."
#endif

/*
 * Only libaio's requests may be answered later. A synchronous caller must never
 * see -EIOCBQUEUED, and readv(2) comes here as well. io_uring gets -EAGAIN and
 * polls, or comes again from a thread of its own that may sleep.
 */
static bool sampler_may_queue(struct kiocb *iocb)
{
	return !is_sync_kiocb(iocb) && (iocb->ki_flags & IOCB_AIO_RW) &&
	       sampler_may_sleep(iocb);
}

#endif
/*
 * A read returns whole samples, at least one and as many as there are and fit.
 * A buffer that no sample fits into would never make progress: -EINVAL.
 *
 * Sleeping with the mutex held would keep other readers out, even those who do
 * not want to sleep. So: let go, sleep, take it again, and look again, because
 * somebody else may have been faster.
 */
static ssize_t sampler_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct sampler_dev *dev = iocb->ki_filp->private_data;
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	if (iov_iter_count(to) < sizeof(struct sampler_sample))
		return -EINVAL;
#ifdef KMOD_AIO_QUEUED
	if (sampler_may_queue(iocb))
		return sampler_submit(dev, iocb, to);
#endif

	ret = sampler_lock(dev, iocb);
	if (ret)
		return ret;

	while (!READ_ONCE(dev->len)) {
		mutex_unlock(&dev->mutex);
		if (!sampler_may_sleep(iocb))
			return -EAGAIN;
		if (wait_event_interruptible(dev->wait, READ_ONCE(dev->len)))
			return -ERESTARTSYS;
		if (mutex_lock_interruptible(&dev->mutex))
			return -ERESTARTSYS;
	}

	ret = sampler_take(dev, to);
	mutex_unlock(&dev->mutex);
	return ret;
}

#ifdef KMOD_POLL
/*
 * Register first, look second. The other way round, what happens in between
 * wakes nobody.
 */
static __poll_t sampler_poll(struct file *filp, poll_table *wait)
{
	struct sampler_dev *dev = filp->private_data;

	poll_wait(filp, &dev->wait, wait);
	return READ_ONCE(dev->len) ? EPOLLIN | EPOLLRDNORM : 0;
}

#endif
#ifdef KMOD_FASYNC
/*
 * The driver's first step. The kernel calls this when O_ASYNC is set or cleared
 * on a file; fasync_helper() adds the file to the list or takes it off.
 */
static int sampler_fasync(int fd, struct file *filp, int on)
{
	struct sampler_dev *dev = filp->private_data;

	return fasync_helper(fd, filp, on, &dev->async);
}

#endif
#ifdef KMOD_IOCTL
static int sampler_get_rate(struct sampler_dev *dev, u32 __user *to)
{
	u32 rate;

	if (mutex_lock_interruptible(&dev->mutex))
		return -ERESTARTSYS;
	rate = dev->rate;
	mutex_unlock(&dev->mutex);
	return put_user(rate, to);
}

static int sampler_new_rate(struct sampler_dev *dev, u32 __user *from)
{
	u32 rate;

	if (get_user(rate, from))
		return -EFAULT;
	if (!rate || rate > SAMPLER_MAX_RATE)
		return -EINVAL;

	if (mutex_lock_interruptible(&dev->mutex))
		return -ERESTARTSYS;
	sampler_set_rate(dev, rate);
	mutex_unlock(&dev->mutex);
	return 0;
}

static int sampler_stats(struct sampler_dev *dev, void __user *to)
{
	struct sampler_stats stats;

	spin_lock_irq(&dev->lock);
	stats.taken = dev->sequence - dev->lost;
	stats.lost = dev->lost;
	spin_unlock_irq(&dev->lock);
	return copy_to_user(to, &stats, sizeof(stats)) ? -EFAULT : 0;
}

/* What is pointed to looks the same to 32-bit programs: they need no code. */
static long sampler_ioctl(struct file *filp, unsigned int cmd,
			  unsigned long arg)
{
	struct sampler_dev *dev = filp->private_data;
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case SAMPLER_IOC_GET_RATE:
		return sampler_get_rate(dev, argp);
	case SAMPLER_IOC_SET_RATE:
		return sampler_new_rate(dev, argp);
	case SAMPLER_IOC_GET_STATS:
		return sampler_stats(dev, argp);
	default:
		return -ENOTTY;
	}
}

#endif
/* What `cat /proc/PID/fdinfo/FD` shows. */
static void sampler_show_fdinfo(struct seq_file *seq, struct file *filp)
{
	struct sampler_dev *dev = filp->private_data;
	u64 taken, lost;

	spin_lock_irq(&dev->lock);
	lost = dev->lost;
	taken = dev->sequence - lost;
	spin_unlock_irq(&dev->lock);
	seq_printf(seq, "taken:\t%llu\nlost:\t%llu\n", taken, lost);
}

/*
 * Samples are taken while a file is open: hardware that nobody reads from would
 * only cost power, and its samples would be old when somebody comes.
 */
static int sampler_open(struct inode *inode, struct file *filp)
{
	struct miscdevice *misc = filp->private_data;
	struct sampler_dev *dev;

	dev = container_of(misc, struct sampler_dev, misc);

	if (mutex_lock_interruptible(&dev->mutex))
		return -ERESTARTSYS;
	if (!dev->users++)
		sampler_start(dev);
	mutex_unlock(&dev->mutex);

	filp->private_data = dev;
	/* True only because IOCB_NOWAIT really never sleeps here. */
	filp->f_mode |= FMODE_NOWAIT;
	/* A stream of samples has no position: no seeking, no pread. */
	return stream_open(inode, filp);
}

static int sampler_release(struct inode *inode, struct file *filp)
{
	struct sampler_dev *dev = filp->private_data;

#ifdef KMOD_FASYNC
	/*
	 * The driver's third step: a closed file gets no more signals. The
	 * kernel does the same at the last close of a file with O_ASYNC; done
	 * here, it holds whatever the file's flags say.
	 */
	sampler_fasync(-1, filp, 0);
#endif
	mutex_lock(&dev->mutex);
	if (!--dev->users)
		sampler_stop(dev);
	mutex_unlock(&dev->mutex);
	return 0;
}

/* .owner is what makes rmmod refuse while a file is open. */
static const struct file_operations sampler_fops = {
	.owner = THIS_MODULE,
	.open = sampler_open,
	.release = sampler_release,
	.read_iter = sampler_read_iter,
#ifdef KMOD_POLL
	.poll = sampler_poll,
#endif
#ifdef KMOD_FASYNC
	.fasync = sampler_fasync,
#endif
#ifdef KMOD_IOCTL
	.unlocked_ioctl = sampler_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
#endif
	.show_fdinfo = sampler_show_fdinfo,
};

static struct sampler_dev sampler_device = {
	.misc = {
		.minor = MISC_DYNAMIC_MINOR,
		.name = SAMPLER_DEVICE,
		.fops = &sampler_fops,
	},
};

/*
 * Registering comes last: from then on programs can open the device, so all
 * that open and read need must be there. What was done before a step that
 * fails is undone in reverse order.
 */
static int __init sampler_init(void)
{
	struct sampler_dev *dev = &sampler_device;
	int ret;

	if (!sampler_rate || sampler_rate > SAMPLER_MAX_RATE) {
		pr_err("rate=%u is not between 1 and %u\n", sampler_rate,
		       SAMPLER_MAX_RATE);
		return -EINVAL;
	}
	if (!sampler_size || sampler_size > SZ_64K) {
		pr_err("size=%u is not between 1 and %u\n", sampler_size,
		       SZ_64K);
		return -EINVAL;
	}

	mutex_init(&dev->mutex);
	sampler_ring_init(dev);
	sampler_set_rate(dev, sampler_rate);
	dev->size = sampler_size;
	dev->ring = kvmalloc_array(dev->size, sizeof(*dev->ring), GFP_KERNEL);
	if (!dev->ring)
		return -ENOMEM;

#ifdef KMOD_WORKQUEUE
	/*
	 * A work queue of its own, so that nobody else's work delays this
	 * driver's, and so that destroying it waits for this driver's alone.
	 */
	dev->wq = alloc_workqueue("%s", WQ_UNBOUND, 0, KBUILD_MODNAME);
	if (!dev->wq) {
		ret = -ENOMEM;
		goto free_ring;
	}
#endif
#ifdef KMOD_AIO_QUEUED
	sampler_aio_init(dev);
#endif
	ret = misc_register(&dev->misc);
	if (ret) {
		pr_err("no device node %s: %d\n", SAMPLER_DEVICE, ret);
#ifdef KMOD_WORKQUEUE
		goto destroy_wq;
#else
		goto free_ring;
#endif
	}
	return 0;

#ifdef KMOD_WORKQUEUE
destroy_wq:
	destroy_workqueue(dev->wq);
#endif
free_ring:
	kvfree(dev->ring);
	return ret;
}
module_init(sampler_init);

/* No file is open any more, so the timer was stopped by the last release. */
static void __exit sampler_exit(void)
{
	misc_deregister(&sampler_device.misc);
#ifdef KMOD_WORKQUEUE
	destroy_workqueue(sampler_device.wq);
#endif
	kvfree(sampler_device.ring);
}
module_exit(sampler_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("@DESCRIPTION@");
MODULE_LICENSE("GPL");
