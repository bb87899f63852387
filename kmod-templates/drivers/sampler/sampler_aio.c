// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous I/O: io_submit(2) returns at once, and a read for which there is
 * no sample yet is completed when one has come.
 *
 * A request that has to wait is written down and put on a list. Whoever tells
 * readers queues the work item, and the work item does what has become possible,
 * first come, first served. It cannot be done in the interrupt: the memory of
 * another process is reached only from a context that may sleep.
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
 *   module's exit can rely on empty lists, and samples are taken for it.
 */
#include <linux/aio.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "sampler.h"
#ifdef KMOD_BEFORE_5_16
#include "sampler_compat.h"
#endif

/**
 * struct sampler_req - a read that waits
 * @ref: one is dropped when it is complete, one when its memory was let go
 * @node: its place in the list of reads
 * @held: its place in the list of those whose memory is kept alive
 * @dev: the device
 * @iocb: what is to be completed
 * @iter: where the samples go; the caller's own is on the caller's stack
 * @iov: the copy of the vector that @iter walks through; NULL without a vector
 * @mm: the memory of the process; as a rule only the structure is kept
 * @result: what it is completed with
 * @cancelled: the only member that is changed without the mutex
 */
struct sampler_req {
	struct kref ref;
	struct list_head node;
	struct list_head held;
	struct sampler_dev *dev;
	struct kiocb *iocb;
	struct iov_iter iter;
	const void *iov;
	struct mm_struct *mm;
	ssize_t result;
	bool cancelled;
};

/*
 * The kernel calls this with interrupts off and a lock held that completing
 * needs as well. So it only leaves a note, and the work item does the rest.
 */
static int sampler_cancel(struct kiocb *iocb)
{
	struct sampler_req *req = iocb->private;

	WRITE_ONCE(req->cancelled, true);
	queue_work(req->dev->wq, &req->dev->work);
	return 0;
}

/* Keeps what the request needs when its caller has gone on. */
static int sampler_hold(struct sampler_req *req, struct iov_iter *to)
{
	/* A single buffer has no vector: then NULL is no failure. */
	req->iov = dup_iter(&req->iter, to, GFP_KERNEL);
	if (!req->iov && iter_is_iovec(to))
		return -ENOMEM;

	/*
	 * The pages could be pinned instead. That costs more for each request
	 * and would let the interrupt itself do the copy.
	 */
	mmgrab(current->mm);
	req->mm = current->mm;
	kref_init(&req->ref);
	INIT_LIST_HEAD(&req->held);
	return 0;
}

/* Nobody will touch the request again. */
static void sampler_req_free(struct kref *ref)
{
	struct sampler_req *req;

	req = container_of(ref, struct sampler_req, ref);
	mmdrop(req->mm);
	kfree(req->iov);
	kfree(req);
}

/**
 * sampler_submit() - do a read of io_submit(2), now or later
 * @dev: the device, its mutex not held
 * @iocb: the request
 * @to: its memory, with room for a sample
 *
 * Return: the result when there is one, or -EIOCBQUEUED.
 */
ssize_t sampler_submit(struct sampler_dev *dev, struct kiocb *iocb,
		       struct iov_iter *to)
{
	struct sampler_req *req;
	ssize_t ret = 0;
	bool ready;

	if (mutex_lock_interruptible(&dev->mutex))
		return -ERESTARTSYS;

	/* Not past those who wait already. */
	if (list_empty(&dev->reads))
		ret = sampler_take(dev, to);
	if (ret)
		goto unlock;

	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req || sampler_hold(req, to)) {
		kfree(req);
		ret = -ENOMEM;
		goto unlock;
	}
	req->dev = dev;
	req->iocb = iocb;
	iocb->private = req;

	/*
	 * Before it is on the list: after that it may be gone at any time. A
	 * cancellation in between is not missed: its work waits for the mutex.
	 */
	kiocb_set_cancel_fn(iocb, sampler_cancel);

	/*
	 * A sample may come at any moment. One that came before this lock is
	 * seen here; whoever brings one after it sees the list.
	 */
	spin_lock_irq(&dev->lock);
	list_add_tail(&req->node, &dev->reads);
	ready = dev->len;
	spin_unlock_irq(&dev->lock);
	mutex_unlock(&dev->mutex);

	if (ready)
		queue_work(dev->wq, &dev->work);
	return -EIOCBQUEUED;

unlock:
	mutex_unlock(&dev->mutex);
	return ret;
}

/* Keeps the memory of a process alive, until sampler_let_go() has run. */
static bool sampler_keep(struct sampler_req *req)
{
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
 * completed by the other work item. There, it would wait for itself. For the
 * same reason the work queue is not an ordered one, which would run one work
 * item at a time.
 *
 * The kernel has mmput_async() for this, but did not export it to modules before
 * 6.1.
 */
static void sampler_let_go(struct work_struct *work)
{
	struct sampler_dev *dev;
	struct sampler_req *req;

	dev = container_of(work, struct sampler_dev, let_go);

	mutex_lock(&dev->mutex);
	while (!list_empty(&dev->held)) {
		req = list_first_entry(&dev->held, struct sampler_req, held);
		list_del_init(&req->held);
		mutex_unlock(&dev->mutex);

		/* Not under the mutex, which completing wants. */
		mmput(req->mm);
		kref_put(&req->ref, sampler_req_free);
		mutex_lock(&dev->mutex);
	}
	mutex_unlock(&dev->mutex);
}

/*
 * Moves samples into the memory of another process, if there are any.
 *
 * Return: whether the request is complete.
 */
static bool sampler_go_on(struct sampler_req *req)
{
	struct sampler_dev *dev = req->dev;

	if (!READ_ONCE(dev->len))
		return false;

	req->result = -EFAULT;
	if (sampler_keep(req)) {
		kthread_use_mm(req->mm);
		req->result = sampler_take(dev, &req->iter);
		kthread_unuse_mm(req->mm);
	}
	return true;
}

/*
 * The one that completes. A work item never runs twice at the same time, which
 * keeps completions in order. The first request for which there is nothing keeps
 * those behind it waiting, but not those that were cancelled.
 *
 * Completing comes after the mutex: what follows a completion, in the kernel or
 * in a program that is woken, may want it.
 */
static void sampler_work(struct work_struct *work)
{
	struct sampler_req *req, *next;
	struct sampler_dev *dev;
	bool blocked = false;
	LIST_HEAD(complete);

	dev = container_of(work, struct sampler_dev, work);

	mutex_lock(&dev->mutex);
	list_for_each_entry_safe(req, next, &dev->reads, node) {
		if (READ_ONCE(req->cancelled)) {
			req->result = -ECANCELED;
		} else {
			blocked = blocked || !sampler_go_on(req);
			if (blocked)
				continue;
		}
		list_move_tail(&req->node, &complete);
	}
	if (!list_empty(&dev->held))
		queue_work(dev->wq, &dev->let_go);
	mutex_unlock(&dev->mutex);

	list_for_each_entry_safe(req, next, &complete, node) {
#ifdef KMOD_BEFORE_5_16
		sampler_complete(req->iocb, req->result);
#else
		req->iocb->ki_complete(req->iocb, req->result);
#endif
		/* Not before: until then it could be cancelled. */
		kref_put(&req->ref, sampler_req_free);
	}
}

/**
 * sampler_aio_init() - make ready for requests
 * @dev: the device
 */
void sampler_aio_init(struct sampler_dev *dev)
{
	INIT_LIST_HEAD(&dev->reads);
	INIT_LIST_HEAD(&dev->held);
	INIT_WORK(&dev->work, sampler_work);
	INIT_WORK(&dev->let_go, sampler_let_go);
}
