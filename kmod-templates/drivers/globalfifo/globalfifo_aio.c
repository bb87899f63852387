// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous I/O: io_submit(2) returns at once, and what cannot be done now
 * is done when the device is ready.
 *
 * A request that has to wait is written down and put on a list. Whoever changes
 * the FIFO queues the work item, and the work item does what has become
 * possible, first come, first served. It is never the process that happened to
 * write which completes somebody else's read: that process has another memory,
 * other limits and no time.
 *
 * What to know before changing anything here:
 *
 * - From the moment a request is on its list, another CPU may complete it.
 *   Nothing of the kiocb and nothing of the caller's iov_iter is touched after
 *   that.
 * - Each request is completed exactly once, also when it is cancelled, when its
 *   process dies, and when its memory is bad. One that is forgotten lets its
 *   process hang in exit for ever.
 * - A pending request holds a reference to its file. Hence .release and the
 *   module's exit can rely on empty lists.
 */
#include <linux/aio.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/list.h>
#ifdef KMOD_FSYNC
#include <linux/sched.h>
#endif
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "globalfifo.h"
#ifdef KMOD_BEFORE_5_16
#include "globalfifo_compat.h"
#endif
#ifdef KMOD_TRACE
#include "globalfifo_trace.h"
#endif

/**
 * struct globalfifo_req - a read or write that waits
 * @ref: one is dropped when it is complete, one when its memory was let go
 * @node: its place in the list of its direction
 * @held: its place in the list of those whose memory is kept alive
 * @dev: the FIFO
 * @iocb: what is to be completed
 * @iter: what is still to be moved; the caller's own is on the caller's stack
 * @iov: the copy of the vector that @iter walks through; NULL without a vector
 * @mm: the memory of the process; as a rule only the structure is kept
 * @done: bytes moved so far, then the result
 * #ifdef KMOD_FSYNC
 * @turn: which write it is, in the order of queueing
 * #endif
 * @cancelled: the only member that is changed without the lock
 */
struct globalfifo_req {
	struct kref ref;
	struct list_head node;
	struct list_head held;
	struct globalfifo_dev *dev;
	struct kiocb *iocb;
	struct iov_iter iter;
	const void *iov;
	struct mm_struct *mm;
	ssize_t done;
#ifdef KMOD_FSYNC
	unsigned long turn;
#endif
	bool cancelled;
};

/*
 * Moves what can be moved now. A read is complete as soon as it has something,
 * as read(2) is; a write when all of it is in.
 */
static ssize_t globalfifo_move(struct globalfifo_dev *dev, struct kiocb *iocb,
			       struct iov_iter *iter)
{
	struct globalfifo_file *file = iocb->ki_filp->private_data;
	ssize_t ret;

	if (iov_iter_rw(iter) == WRITE) {
		ret = globalfifo_put(dev, iter);
		if (ret > 0)
			file->bytes_written += ret;
	} else {
		ret = globalfifo_take(dev, iter);
		if (ret > 0)
			file->bytes_read += ret;
	}
	return ret;
}

/**
 * globalfifo_kick() - have the requests looked at
 * @dev: the FIFO; its lock may be held or not
 */
void globalfifo_kick(struct globalfifo_dev *dev)
{
#ifdef KMOD_WORKQUEUE_SYSTEM
	schedule_work(&dev->work);
#else
	queue_work(dev->wq, &dev->work);
#endif
}

/*
 * The kernel calls this with interrupts off and a lock held that completing
 * needs as well. So it only leaves a note, and the work item does the rest.
 */
static int globalfifo_cancel(struct kiocb *iocb)
{
	struct globalfifo_req *req = iocb->private;

#ifdef KMOD_TRACE
	trace_globalfifo_cancel(req->dev, iocb);
#endif
	WRITE_ONCE(req->cancelled, true);
	globalfifo_kick(req->dev);
	return 0;
}

/* Keeps what the request needs when its caller has gone on. */
static int globalfifo_hold(struct globalfifo_req *req, struct iov_iter *iter)
{
	/* A single buffer has no vector: then NULL is no failure. */
	req->iov = dup_iter(&req->iter, iter, GFP_KERNEL);
	if (!req->iov && iter_is_iovec(iter))
		return -ENOMEM;

	/*
	 * The pages could be pinned instead. That costs more for each request
	 * and would let the copy happen in interrupt context.
	 */
	mmgrab(current->mm);
	req->mm = current->mm;
	kref_init(&req->ref);
	INIT_LIST_HEAD(&req->held);
	return 0;
}

/* Nobody will touch the request again. */
static void globalfifo_req_free(struct kref *ref)
{
	struct globalfifo_req *req;

	req = container_of(ref, struct globalfifo_req, ref);
	mmdrop(req->mm);
	kfree(req->iov);
	kfree(req);
}

/**
 * globalfifo_submit() - do a request of io_submit(2), now or later
 * @dev: the FIFO, its lock not held
 * @iocb: the request
 * @iter: its memory
 *
 * Return: the result when there is one, or -EIOCBQUEUED.
 */
ssize_t globalfifo_submit(struct globalfifo_dev *dev, struct kiocb *iocb,
			  struct iov_iter *iter)
{
	bool write = iov_iter_rw(iter) == WRITE;
	struct list_head *queue = write ? &dev->writes : &dev->reads;
	struct globalfifo_req *req;
	ssize_t done = 0;

	if (mutex_lock_interruptible(&dev->lock))
		return -ERESTARTSYS;

	/* Not past those who wait already. */
	if (list_empty(queue)) {
		done = globalfifo_move(dev, iocb, iter);
		if (done < 0 || (done && !write) || !iov_iter_count(iter))
			goto unlock;
	}

	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req || globalfifo_hold(req, iter)) {
		kfree(req);
		done = done ? done : -ENOMEM;
		goto unlock;
	}
	req->dev = dev;
	req->iocb = iocb;
	req->done = done;
	iocb->private = req;
#ifdef KMOD_FSYNC
	if (write)
		req->turn = dev->queued++;
#endif
#ifdef KMOD_TRACE
	trace_globalfifo_queue(dev, iocb, write, iov_iter_count(iter));
#endif

	/*
	 * Before it is on the list: after that it may be gone at any time. A
	 * cancellation in between is not missed: its work waits for the lock.
	 */
	kiocb_set_cancel_fn(iocb, globalfifo_cancel);
	list_add_tail(&req->node, queue);
	mutex_unlock(&dev->lock);

	if (done)
		globalfifo_tell_readable(dev);
	return -EIOCBQUEUED;

unlock:
	mutex_unlock(&dev->lock);
	if (done > 0 && write)
		globalfifo_tell_readable(dev);
	else if (done > 0)
		globalfifo_tell_writable(dev);
	return done;
}

/*
 * Keeps the memory of a process alive, until globalfifo_let_go() has run. It
 * may be kept already: a write that goes in piece by piece comes here often.
 */
static bool globalfifo_keep(struct globalfifo_req *req)
{
	if (!list_empty(&req->held))
		return true;
	if (!mmget_not_zero(req->mm))
		return false;
	kref_get(&req->ref);
	list_add_tail(&req->held, &req->dev->held);
	return true;
}

/*
 * Lets go of the memory that was kept.
 *
 * If the process has died meanwhile, mmput() is what tears its memory down, and
 * that waits for all its requests. Here it may wait: those of this driver are
 * completed by the other work item. There, it would wait for itself.
 *
 * So it is not to run where the other has to wait for it, which an ordered work
 * queue or one with a single worker would do. It runs on the system's queue, as
 * the kernel's own mmput_async() does. That one was not there for modules when
 * 5.10 was made.
 */
static void globalfifo_let_go(struct work_struct *work)
{
	struct globalfifo_dev *dev;
	struct globalfifo_req *req;

	dev = container_of(work, struct globalfifo_dev, let_go);

	mutex_lock(&dev->lock);
	while (!list_empty(&dev->held)) {
		req = list_first_entry(&dev->held, struct globalfifo_req, held);
		list_del_init(&req->held);
		mutex_unlock(&dev->lock);

		/* Not under the mutex, which completing wants. */
		mmput(req->mm);
		kref_put(&req->ref, globalfifo_req_free);
		mutex_lock(&dev->lock);
	}
	mutex_unlock(&dev->lock);
}

/*
 * Goes on with one request: moves bytes between the FIFO and the memory of
 * another process.
 *
 * Return: whether the request is complete.
 */
static bool globalfifo_go_on(struct globalfifo_req *req)
{
	bool write = iov_iter_rw(&req->iter) == WRITE;
	struct globalfifo_dev *dev = req->dev;
	ssize_t ret = -EFAULT;

	if (write ? dev->len == dev->size : !dev->len)
		return false;

	if (globalfifo_keep(req)) {
		kthread_use_mm(req->mm);
		ret = globalfifo_move(dev, req->iocb, &req->iter);
		kthread_unuse_mm(req->mm);
	}
	if (ret < 0) {
		req->done = req->done ? req->done : ret;
		return true;
	}

	req->done += ret;
	return !write || !iov_iter_count(&req->iter);
}

/*
 * Goes through the list of one direction. The first that cannot be completed
 * keeps those behind it waiting, but not those that were cancelled.
 *
 * Return: whether bytes were moved, so that the other direction may go on.
 */
static bool globalfifo_run(struct globalfifo_dev *dev, struct list_head *queue,
			   struct list_head *complete)
{
	struct globalfifo_req *req, *next;
	size_t before = dev->len;
	bool blocked = false;

	list_for_each_entry_safe(req, next, queue, node) {
		if (READ_ONCE(req->cancelled)) {
			req->done = req->done ? req->done : -ECANCELED;
		} else {
			blocked = blocked || !globalfifo_go_on(req);
			if (blocked)
				continue;
		}
		list_move_tail(&req->node, complete);
	}
	return dev->len != before;
}

#ifdef KMOD_FSYNC
/*
 * All writes before the oldest that still waits are through: in the FIFO, or
 * given up. Those are counted without a gap, whatever was cancelled behind it.
 */
static void globalfifo_settle(struct globalfifo_dev *dev)
{
	struct globalfifo_req *first;

	first = list_first_entry_or_null(&dev->writes, struct globalfifo_req,
					 node);
	WRITE_ONCE(dev->settled, first ? first->turn : dev->queued);
	wake_up_interruptible(&dev->synced);
}

/* The difference, so that the counters may begin again at 0. */
static bool globalfifo_through(struct globalfifo_dev *dev, unsigned long turn)
{
	return (long)(READ_ONCE(dev->settled) - turn) >= 0;
}

/**
 * globalfifo_sync() - wait until the writes that are queued now are through
 * @dev: the FIFO, its lock not held
 *
 * They are through when their bytes are in the FIFO or they were cancelled.
 * Writes that come later are not waited for.
 *
 * libaio's IOCB_CMD_FSYNC comes from a thread of the kernel, which no signal
 * reaches: a program that ends would hang until somebody else's write is done.
 * So there the answer is -EAGAIN instead of a wait.
 *
 * Return: 0, -EAGAIN or -ERESTARTSYS.
 */
int globalfifo_sync(struct globalfifo_dev *dev)
{
	unsigned long turn;

	if (mutex_lock_interruptible(&dev->lock))
		return -ERESTARTSYS;
	turn = dev->queued;
	mutex_unlock(&dev->lock);

	if (globalfifo_through(dev, turn))
		return 0;
	if (current->flags & PF_KTHREAD)
		return -EAGAIN;
	return wait_event_interruptible(dev->synced,
					globalfifo_through(dev, turn));
}

#endif
/*
 * The one that completes. A work item never runs twice at the same time, which
 * keeps completions in order.
 *
 * Completing comes after the lock: what follows a completion, in the kernel or
 * in a program that is woken, may want it.
 */
static void globalfifo_work(struct work_struct *work)
{
	struct globalfifo_dev *dev;
	struct globalfifo_req *req, *next;
	bool taken, put, readable = false, writable = false;
	LIST_HEAD(complete);

	dev = container_of(work, struct globalfifo_dev, work);

	mutex_lock(&dev->lock);
	do {
		taken = globalfifo_run(dev, &dev->reads, &complete);
		put = globalfifo_run(dev, &dev->writes, &complete);
		writable |= taken;
		readable |= put;
	} while (put && !list_empty(&dev->reads));
	if (!list_empty(&dev->held))
		schedule_work(&dev->let_go);
#ifdef KMOD_FSYNC
	globalfifo_settle(dev);
#endif
	mutex_unlock(&dev->lock);

	list_for_each_entry_safe(req, next, &complete, node) {
#ifdef KMOD_TRACE
		trace_globalfifo_complete(dev, req->iocb, req->done);
#endif
#ifdef KMOD_BEFORE_5_16
		globalfifo_complete(req->iocb, req->done);
#else
		req->iocb->ki_complete(req->iocb, req->done);
#endif
		/* Not before: until then it could be cancelled. */
		kref_put(&req->ref, globalfifo_req_free);
	}

	if (readable)
		globalfifo_tell_readable(dev);
	if (writable)
		globalfifo_tell_writable(dev);
}

/**
 * globalfifo_aio_init() - make ready for requests
 * @dev: the FIFO
 *
 * #ifdef KMOD_WORKQUEUE_SYSTEM
 * Requests are completed on the system's work queue, which costs nothing and is
 * shared with everybody: other work may delay completions.
 * #endif
 * #ifdef KMOD_WORKQUEUE_DEDICATED
 * A work queue of its own, so that nobody else's work delays completions, and
 * so that destroying it waits for this driver's work alone.
 * #endif
 * #ifdef KMOD_WORKQUEUE_ORDERED
 * A work queue of its own, so that nobody else's work delays completions. It
 * runs one work item at a time, in the order of queueing; whatever is added to
 * it later never runs beside the completions. No item on it may ever wait for
 * another, see globalfifo_let_go().
 * #endif
 *
 * Return: 0 or -ENOMEM.
 */
int globalfifo_aio_init(struct globalfifo_dev *dev)
{
	INIT_LIST_HEAD(&dev->reads);
	INIT_LIST_HEAD(&dev->writes);
	INIT_LIST_HEAD(&dev->held);
	INIT_WORK(&dev->work, globalfifo_work);
	INIT_WORK(&dev->let_go, globalfifo_let_go);
#ifdef KMOD_FSYNC
	init_waitqueue_head(&dev->synced);
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
 * @dev: the FIFO, with no file open and therefore no request pending
 *
 * In this order, because the first may queue the second.
 */
void globalfifo_aio_exit(struct globalfifo_dev *dev)
{
#ifdef KMOD_WORKQUEUE_SYSTEM
	/* The system's queue is not ours to flush, but its items are. */
	flush_work(&dev->work);
#else
	destroy_workqueue(dev->wq);
#endif
	flush_work(&dev->let_go);
}
