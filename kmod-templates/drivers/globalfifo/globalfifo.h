/* SPDX-License-Identifier: GPL-2.0 */
/*
 * globalfifo: what the parts of the driver share.
 *
 * #ifdef KMOD_MINORS
 * Each device is a FIFO of its own. Each open(2) of it gets a globalfifo_file;
 * all those of one device point to its globalfifo_dev.
 * #else
 * There is one FIFO. Each open(2) of it gets a globalfifo_file of its own;
 * all of them point to the one globalfifo_dev.
 * #endif
 */
#ifndef GLOBALFIFO_H
#define GLOBALFIFO_H

#ifdef KMOD_CDEV
#include <linux/cdev.h>
#include <linux/device.h>
#endif
#include <linux/fs.h>
#ifndef KMOD_CDEV
#ifdef KMOD_TRACE
#include <linux/major.h>
#endif
#include <linux/miscdevice.h>
#endif
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/wait.h>
#ifdef KMOD_AIO
#include <linux/workqueue.h>
#endif

#define GLOBALFIFO_DEVICE	"globalfifo"

/**
 * struct globalfifo_dev - a FIFO and those who wait for it
 * #ifdef KMOD_CDEV
 * @device: the device node; its last reference frees all of this
 * @cdev: the file operations find the rest through it
 * #else
 * @misc: the device node; the file operations find the rest through it
 * #endif
 * #ifdef KMOD_MINORS
 * #ifndef KMOD_CDEV
 * @name: the device's name with its number
 * #endif
 * #ifdef KMOD_AIO
 * #ifndef KMOD_WORKQUEUE_SYSTEM
 * @index: the device's number
 * #endif
 * #endif
 * #endif
 * @buf: the bytes, a ring
 * @size: how many bytes @buf holds; fixed when the module is loaded
 * @head: where the oldest byte is
 * @len: how many bytes are in; read without @lock to decide about sleeping
 * #ifdef KMOD_POLL
 * @wait: everyone who waits: sleeping readers, sleeping writers and poll
 * #else
 * @wait: everyone who waits: sleeping readers and sleeping writers
 * #endif
 * #ifdef KMOD_FASYNC
 * @async: the files that asked for SIGIO; kept by fasync_helper()
 * #endif
 * #ifdef KMOD_AIO_QUEUED
 * @reads: requests that wait for bytes, the oldest first
 * @writes: requests that wait for room, the oldest first
 * @held: requests whose memory is kept alive for the moment
 * #ifndef KMOD_WORKQUEUE_SYSTEM
 * @wq: where @work runs
 * #endif
 * @work: goes on with requests and completes them
 * @let_go: lets go of the memory of @held
 * #ifdef KMOD_FSYNC
 * @queued: how many writes have ever been queued
 * @settled: how many of them, from the first without a gap, are through
 * @synced: those who wait in fsync(2) for @settled
 * #endif
 * #endif
 * #ifdef KMOD_AIO_DEFERRED
 * #ifdef KMOD_WORKQUEUE_SYSTEM
 * @spare: records that no request uses now
 * #else
 * @wq: where results are reported from
 * #endif
 * @delay: how many jiffies later they are reported
 * #endif
 */
struct globalfifo_dev {
#ifdef KMOD_CDEV
	struct device device;
	struct cdev cdev;
#else
	struct miscdevice misc;
#endif
#ifdef KMOD_MINORS
#ifndef KMOD_CDEV
	char name[sizeof(GLOBALFIFO_DEVICE) + 10];
#endif
#ifdef KMOD_AIO
#ifndef KMOD_WORKQUEUE_SYSTEM
	unsigned int index;
#endif
#endif
#endif
	/** @lock: for all that changes, and for each file's counters */
	struct mutex lock;
	u8 *buf;
	size_t size;
	size_t head;
	size_t len;
	wait_queue_head_t wait;
#ifdef KMOD_FASYNC
	struct fasync_struct *async;
#endif
#ifdef KMOD_AIO_QUEUED
	struct list_head reads;
	struct list_head writes;
	struct list_head held;
#ifndef KMOD_WORKQUEUE_SYSTEM
	struct workqueue_struct *wq;
#endif
	struct work_struct work;
	struct work_struct let_go;
#ifdef KMOD_FSYNC
	unsigned long queued;
	unsigned long settled;
	wait_queue_head_t synced;
#endif
#endif
#ifdef KMOD_AIO_DEFERRED
#ifdef KMOD_WORKQUEUE_SYSTEM
	struct list_head spare;
#else
	struct workqueue_struct *wq;
#endif
	unsigned long delay;
#endif
};

/**
 * struct globalfifo_file - what one open file knows, see /proc/PID/fdinfo/FD
 * @dev: the FIFO it was opened on
 * @bytes_read: how much was read through it
 * @bytes_written: how much was written through it
 */
struct globalfifo_file {
	struct globalfifo_dev *dev;
	u64 bytes_read;
	u64 bytes_written;
};

extern const struct file_operations globalfifo_fops;

ssize_t globalfifo_take(struct globalfifo_dev *dev, struct iov_iter *to);
ssize_t globalfifo_put(struct globalfifo_dev *dev, struct iov_iter *from);
void globalfifo_tell_readable(struct globalfifo_dev *dev);
void globalfifo_tell_writable(struct globalfifo_dev *dev);
#ifdef KMOD_AIO_QUEUED

ssize_t globalfifo_submit(struct globalfifo_dev *dev, struct kiocb *iocb,
			  struct iov_iter *iter);
void globalfifo_kick(struct globalfifo_dev *dev);
#ifdef KMOD_FSYNC
int globalfifo_sync(struct globalfifo_dev *dev);
#endif
#endif
#ifdef KMOD_AIO_DEFERRED

ssize_t globalfifo_defer(struct globalfifo_dev *dev, struct kiocb *iocb,
			 ssize_t result);
#endif
#ifdef KMOD_AIO
int globalfifo_aio_init(struct globalfifo_dev *dev);
void globalfifo_aio_exit(struct globalfifo_dev *dev);
#endif
#ifdef KMOD_TRACE

/* What trace events call the device. */
static inline dev_t
globalfifo_devt(const struct globalfifo_dev *dev)
{
#ifdef KMOD_CDEV
	return dev->device.devt;
#else
	return MKDEV(MISC_MAJOR, dev->misc.minor);
#endif
}
#endif

#endif
