/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kernels of the chosen range do differently. It is kept out of the
 * driver's code so that it can be deleted when the oldest kernel is given up.
 */
#ifndef SAMPLER_COMPAT_H
#define SAMPLER_COMPAT_H

#ifdef KMOD_AIO_QUEUED
#ifdef KMOD_BEFORE_5_16
#include <linux/fs.h>
#endif
#endif
#include <linux/hrtimer.h>
#include <linux/version.h>

/* 6.13 joined the two steps, so that no timer is without its function. */
static inline void
sampler_timer_setup(struct hrtimer *timer,
		    enum hrtimer_restart (*function)(struct hrtimer *timer))
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = function;
#else
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#endif
}
#ifdef KMOD_AIO_QUEUED
#ifdef KMOD_BEFORE_5_16

/* 5.16 took away the second result, which nobody had used. */
static inline void sampler_complete(struct kiocb *iocb, long res)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
	iocb->ki_complete(iocb, res, 0);
#else
	iocb->ki_complete(iocb, res);
#endif
}
#endif
#endif

#endif
