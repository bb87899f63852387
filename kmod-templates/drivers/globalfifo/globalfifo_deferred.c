// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous I/O in its simplest form: the work is done at once, and its
 * result is reported later, from delayed work. io_submit(2) has returned by
 * then.
 *
 * Its limit: it delays a synchronous result. It does not wait until the device
 * is ready. A request that finds nothing to read, or no room, is not kept until
 * there is; it fails with -EAGAIN, as with O_NONBLOCK, and the program has to
 * come again. Failures are reported at once, since nothing was done that could
 * be finished later. A driver that is to complete requests when it is ready has
 * to queue them.
 *
 * Hence two things that are missing here on purpose:
 *
 * - Nothing of the caller's memory is kept, because nothing of it is used after
 *   the call.
 * - There is no cancel function. What is done cannot be taken back, and
 *   io_cancel(2) says so with EINVAL. Whoever waits for all requests, in exit
 *   or io_destroy(2), waits no longer than the delay. A driver whose requests
 *   wait for the device must have one, or such a program would never end.
 */
#include <linux/errno.h>
#include <linux/slab.h>

#include "globalfifo.h"
#ifdef KMOD_BEFORE_5_16
#include "globalfifo_compat.h"
#endif
#ifdef KMOD_TRACE
#include "globalfifo_trace.h"
#endif

/**
 * struct globalfifo_async_work - a result that is not reported yet
 * @work: reports it
 * @iocb: the request; it holds a reference to its file, and so to the module
 * @result: how many bytes were moved
 * #ifdef KMOD_WORKQUEUE_SYSTEM
 * @node: its place among the spare records
 * #endif
 */
struct globalfifo_async_work {
	struct delayed_work work;
	struct kiocb *iocb;
	ssize_t result;
#ifdef KMOD_WORKQUEUE_SYSTEM
	struct list_head node;
#endif
};

#ifdef KMOD_WORKQUEUE_SYSTEM
/*
 * Puts the record back before it completes the request: with the last request
 * the last file may go, and from then on the module may be unloaded.
 */
#endif
static void globalfifo_report(struct work_struct *work)
{
	struct globalfifo_async_work *later;
#ifdef KMOD_WORKQUEUE_SYSTEM
	struct globalfifo_file *file;
	struct kiocb *iocb;
	ssize_t result;
#else
#ifdef KMOD_TRACE
	struct globalfifo_file *file;
#endif
#endif

	later = container_of(to_delayed_work(work),
			     struct globalfifo_async_work, work);
#ifdef KMOD_WORKQUEUE_SYSTEM
	iocb = later->iocb;
	result = later->result;
	file = iocb->ki_filp->private_data;
#ifdef KMOD_TRACE
	trace_globalfifo_complete(file->dev, iocb, result);
#endif

	mutex_lock(&file->dev->lock);
	list_add(&later->node, &file->dev->spare);
	mutex_unlock(&file->dev->lock);

#ifdef KMOD_BEFORE_5_16
	globalfifo_complete(iocb, result);
#else
	iocb->ki_complete(iocb, result);
#endif
#else
#ifdef KMOD_TRACE
	file = later->iocb->ki_filp->private_data;
	trace_globalfifo_complete(file->dev, later->iocb, later->result);
#endif
#ifdef KMOD_BEFORE_5_16
	globalfifo_complete(later->iocb, later->result);
#else
	later->iocb->ki_complete(later->iocb, later->result);
#endif
	kfree(later);
#endif
}

#ifdef KMOD_WORKQUEUE_SYSTEM
/*
 * A record is used again and freed only with the device: on a queue that the
 * driver cannot flush as a whole, the work items are what it waits for when it
 * is unloaded.
 */
static struct globalfifo_async_work *
globalfifo_record(struct globalfifo_dev *dev)
{
	struct globalfifo_async_work *later;

	mutex_lock(&dev->lock);
	later = list_first_entry_or_null(&dev->spare,
					 struct globalfifo_async_work, node);
	if (later)
		list_del(&later->node);
	mutex_unlock(&dev->lock);
	if (later)
		return later;

	later = kmalloc(sizeof(*later), GFP_KERNEL);
	if (later)
		INIT_DELAYED_WORK(&later->work, globalfifo_report);
	return later;
}

#endif
/**
 * globalfifo_defer() - report a result later
 * @dev: the FIFO, its lock not held
 * @iocb: a request of libaio
 * @result: how many bytes were moved
 *
 * Without a record of it the result cannot be put off, but it can still be
 * reported at once. IOCB_NOWAIT forbids to wait for the record's memory.
 *
 * Return: -EIOCBQUEUED, or the result when it is to be reported now.
 */
ssize_t globalfifo_defer(struct globalfifo_dev *dev, struct kiocb *iocb,
			 ssize_t result)
{
	struct globalfifo_async_work *later;

	if (iocb->ki_flags & IOCB_NOWAIT)
		return result;
#ifdef KMOD_WORKQUEUE_SYSTEM
	later = globalfifo_record(dev);
	if (!later)
		return result;

#else
	later = kmalloc(sizeof(*later), GFP_KERNEL);
	if (!later)
		return result;

	INIT_DELAYED_WORK(&later->work, globalfifo_report);
#endif
	later->iocb = iocb;
	later->result = result;
#ifdef KMOD_TRACE
	trace_globalfifo_queue(dev, iocb, iocb->ki_flags & IOCB_WRITE, result);
#endif
	/* The last that touches the request: it may be complete at any time. */
#ifdef KMOD_WORKQUEUE_SYSTEM
	schedule_delayed_work(&later->work, dev->delay);
#else
	queue_delayed_work(dev->wq, &later->work, dev->delay);
#endif
	return -EIOCBQUEUED;
}

/**
 * globalfifo_aio_init() - make ready for requests
 * @dev: the FIFO
 *
 * #ifdef KMOD_WORKQUEUE_SYSTEM
 * Results are reported from the system's work queue, which costs nothing and is
 * shared with everybody: other work may delay them more.
 * #endif
 * #ifdef KMOD_WORKQUEUE_DEDICATED
 * A work queue of its own: destroying it waits for this driver's work alone. It
 * runs several work items side by side, so that results which fall due together
 * are reported in any order.
 * #endif
 * #ifdef KMOD_WORKQUEUE_ORDERED
 * A work queue of its own that runs one work item at a time, in the order in
 * which their delays end. That is not quite the order of the requests: timers
 * that end in the same tick end in any order.
 * #endif
 *
 * Return: 0 or -ENOMEM.
 */
int globalfifo_aio_init(struct globalfifo_dev *dev)
{
#ifdef KMOD_WORKQUEUE_SYSTEM
	INIT_LIST_HEAD(&dev->spare);
#endif
#ifdef KMOD_WORKQUEUE_SYSTEM
	return 0;
#endif
#ifdef KMOD_WORKQUEUE_DEDICATED
#ifdef KMOD_MINORS
	dev->wq = alloc_workqueue("%.20s%u", WQ_UNBOUND, 0, KBUILD_MODNAME,
				  dev->index);
#else
	dev->wq = alloc_workqueue("%s", WQ_UNBOUND, 0, KBUILD_MODNAME);
#endif
	return dev->wq ? 0 : -ENOMEM;
#endif
#ifdef KMOD_WORKQUEUE_ORDERED
#ifdef KMOD_MINORS
	dev->wq = alloc_ordered_workqueue("%.20s%u", 0, KBUILD_MODNAME,
					  dev->index);
#else
	dev->wq = alloc_ordered_workqueue("%s", 0, KBUILD_MODNAME);
#endif
	return dev->wq ? 0 : -ENOMEM;
#endif
}

/**
 * globalfifo_aio_exit() - wait for the work that still runs
 * @dev: the FIFO, with no file open and therefore no result to be reported
 *
 * Each request that waits for its report holds a reference to its file, and an
 * open file keeps the module loaded. So no delay is running here. But the last
 * work item may have reported and not yet returned, and it returns into this
 * module's code.
 */
void globalfifo_aio_exit(struct globalfifo_dev *dev)
{
#ifdef KMOD_WORKQUEUE_SYSTEM
	struct globalfifo_async_work *later, *next;

	list_for_each_entry_safe(later, next, &dev->spare, node) {
		flush_delayed_work(&later->work);
		kfree(later);
	}
#else
	destroy_workqueue(dev->wq);
#endif
}
