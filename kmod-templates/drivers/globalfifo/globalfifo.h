/* SPDX-License-Identifier: GPL-2.0 */
/*
 * globalfifo: what the parts of the driver share.
 *
 * There is one FIFO. Each open(2) of it gets a globalfifo_file of its own;
 * all of them point to the one globalfifo_dev.
 */
#ifndef GLOBALFIFO_H
#define GLOBALFIFO_H

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/wait.h>
#ifdef KMOD_WORKQUEUE
#include <linux/workqueue.h>
#endif

#define GLOBALFIFO_DEVICE	"globalfifo"

/**
 * struct globalfifo_dev - the FIFO and those who wait for it
 * @misc: the device node; the file operations find the rest through it
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
 * @wq: where @work and @let_go run
 * @work: goes on with requests and completes them
 * @let_go: lets go of the memory of @held
 * #endif
 */
struct globalfifo_dev {
	struct miscdevice misc;
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
	struct workqueue_struct *wq;
	struct work_struct work;
	struct work_struct let_go;
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

ssize_t globalfifo_take(struct globalfifo_dev *dev, struct iov_iter *to);
ssize_t globalfifo_put(struct globalfifo_dev *dev, struct iov_iter *from);
void globalfifo_tell_readable(struct globalfifo_dev *dev);
void globalfifo_tell_writable(struct globalfifo_dev *dev);
#ifdef KMOD_AIO_QUEUED

ssize_t globalfifo_submit(struct globalfifo_dev *dev, struct kiocb *iocb,
			  struct iov_iter *iter);
int globalfifo_aio_init(struct globalfifo_dev *dev);
void globalfifo_aio_exit(struct globalfifo_dev *dev);
#endif

#endif
