/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sampler: what the parts of the driver share.
 *
 * There is one device with one ring of samples. Whoever opens it reads from the
 * same ring, and a sample that one has read is gone for the others.
 */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/wait.h>
#ifdef KMOD_WORKQUEUE
#include <linux/workqueue.h>
#else
#ifdef KMOD_SIGNAL_WORK
#include <linux/workqueue.h>
#endif
#endif

#include "sampler_uapi.h"

#define SAMPLER_DEVICE		"sampler"
#define SAMPLER_MAX_RATE	10000

/**
 * struct sampler_dev - the device, its ring and those who wait for it
 * @misc: the device node; the file operations find the rest through it
 * @timer: stands for the hardware, and its function for the interrupt handler
 * @period: the time from one sample to the next
 * @rate: the same in samples per second
 * @users: how many files are open; samples are taken while there is one
 * @ring: the samples
 * @size: how many samples @ring holds; fixed when the module is loaded
 * @head: where the oldest sample is
 * @len: how many samples are in; read without @lock to decide about sleeping
 * @sequence: the number that the next sample has
 * @expected: the number it would have if none had been lost before it
 * @lost: how many were lost since @timer was started
 * #ifdef KMOD_POLL
 * @wait: everyone who waits: sleeping readers and poll
 * #else
 * @wait: sleeping readers
 * #endif
 * #ifdef KMOD_FASYNC
 * @async: the files that asked for SIGIO; kept by fasync_helper()
 * #endif
 * #ifdef KMOD_WORKQUEUE
 * @wq: where the work items run
 * #endif
 * #ifdef KMOD_SIGNAL_WORK
 * @tell: tells those who wait
 * #endif
 * #ifdef KMOD_AIO_QUEUED
 * @reads: requests that wait for a sample, the oldest first
 * @held: requests whose memory is kept alive for the moment
 * @work: completes requests
 * @let_go: lets go of the memory of @held
 * #endif
 */
struct sampler_dev {
	struct miscdevice misc;
	/** @mutex: one reader at a time; also for starting and stopping */
	struct mutex mutex;
	/** @lock: for the members that the interrupt changes */
	spinlock_t lock;
	struct hrtimer timer;
	ktime_t period;
	unsigned int rate;
	unsigned int users;
	struct sampler_sample *ring;
	unsigned int size;
	unsigned int head;
	unsigned int len;
	u64 sequence;
	u64 expected;
	u64 lost;
	wait_queue_head_t wait;
#ifdef KMOD_FASYNC
	struct fasync_struct *async;
#endif
#ifdef KMOD_WORKQUEUE
	struct workqueue_struct *wq;
#endif
#ifdef KMOD_SIGNAL_WORK
	struct work_struct tell;
#endif
#ifdef KMOD_AIO_QUEUED
	struct list_head reads;
	struct list_head held;
	struct work_struct work;
	struct work_struct let_go;
#endif
};

void sampler_ring_init(struct sampler_dev *dev);
void sampler_set_rate(struct sampler_dev *dev, unsigned int rate);
void sampler_start(struct sampler_dev *dev);
void sampler_stop(struct sampler_dev *dev);
ssize_t sampler_take(struct sampler_dev *dev, struct iov_iter *to);
#ifdef KMOD_AIO_QUEUED

ssize_t sampler_submit(struct sampler_dev *dev, struct kiocb *iocb,
		       struct iov_iter *to);
void sampler_aio_init(struct sampler_dev *dev);
#endif

#endif
