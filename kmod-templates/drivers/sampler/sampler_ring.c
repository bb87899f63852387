// SPDX-License-Identifier: GPL-2.0
/*
 * The ring of samples: an interrupt fills it, readers empty it.
 *
 * Two locks share the work. The mutex lets one reader in at a time, who may
 * sleep in the copy to a program's memory. The spinlock is for what the
 * interrupt changes; it is held for a few instructions and never around
 * anything that sleeps, signals or wakes.
 *
 * The interrupt writes only to free places and a reader reads only from filled
 * ones, so samples are copied without the spinlock.
 */
#include <linux/errno.h>
#ifdef KMOD_AIO_QUEUED
#include <linux/list.h>
#endif
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/poll.h>
#ifdef KMOD_FASYNC
#include <linux/signal.h>
#endif
#include <linux/timekeeping.h>

#include "sampler.h"
#ifdef KMOD_BEFORE_6_13
#include "sampler_compat.h"
#endif

/* Where a driver would read a register; here, a triangle from -100 to 100. */
static s32 sampler_measure(u64 sequence)
{
	s32 phase = lower_32_bits(sequence) % 400;

	return phase < 200 ? phase - 100 : 300 - phase;
}

/*
 * Takes one sample. When the ring is full the sample is lost, as with a
 * hardware FIFO: what is in already stays whole and in order. The next one that
 * finds room says how many were lost before it, so that no reader can miss it.
 *
 * Return: whether there is something new to read.
 */
static bool sampler_add(struct sampler_dev *dev)
{
	u64 sequence = dev->sequence++;
	struct sampler_sample *sample;

	lockdep_assert_held(&dev->lock);

	if (dev->len == dev->size) {
		dev->lost++;
		return false;
	}

	sample = &dev->ring[(dev->head + dev->len) % dev->size];
	sample->time = ktime_get_ns();
	sample->sequence = sequence;
	sample->value = sampler_measure(sequence);
	sample->lost = min_t(u64, sequence - dev->expected, U32_MAX);
	dev->expected = dev->sequence;
	WRITE_ONCE(dev->len, dev->len + 1);
	return true;
}

/*
 * Says that samples have come in. Never call it with the spinlock held:
 * whoever wakes wants that next, and kill_fasync() takes locks under which
 * other CPUs may be interrupted by this device.
 */
static void sampler_tell(struct sampler_dev *dev)
{
	wake_up_interruptible_poll(&dev->wait, EPOLLIN | EPOLLRDNORM);
#ifdef KMOD_FASYNC
	/* The driver's second step: signal, with the band that says why. */
	kill_fasync(&dev->async, SIGIO, POLL_IN);
#endif
#ifdef KMOD_AIO_QUEUED
	/* Looks without a lock; sampler_submit() makes sure that this is right. */
	if (!list_empty(&dev->reads))
		queue_work(dev->wq, &dev->work);
#endif
}

#ifdef KMOD_SIGNAL_WORK
static void sampler_tell_work(struct work_struct *work)
{
	struct sampler_dev *dev;

	dev = container_of(work, struct sampler_dev, tell);
	sampler_tell(dev);
}

#endif
/*
 * The interrupt handler. Here it is a timer's function, which runs in the same
 * context: with interrupts off, on any CPU, in the middle of anything.
 *
 * What cannot wait is done here: the sample is taken, with its time.
 * #ifdef KMOD_SIGNAL_WORK
 *
 * Telling can wait. kill_fasync() goes through all files that asked for
 * signals, and signals each of them; in here, interrupts would be off for as
 * long as that takes. So a work item does it, and several samples that come
 * before it runs share one signal. Programs read until EAGAIN anyway. Signalling
 * from here would be right where each event needs its own signal at once, the
 * listeners are few, and no lock is held.
 * #else
 * #ifdef KMOD_FASYNC
 *
 * Telling is done here, too: at once, and one signal for each sample. That is
 * allowed, because kill_fasync() is safe in interrupts and no lock is held. It
 * is right as long as the listeners are few: kill_fasync() signals each of them,
 * with interrupts off. With many of them, or where a lock has to be held, a
 * work item is the place.
 *
 * PREEMPT_RT runs this function, as interrupt handlers, in a thread, and all of
 * this holds. It would not in HRTIMER_MODE_REL_HARD or with IRQF_NO_THREAD:
 * there a spinlock_t may not be taken, nor anything be signalled or woken.
 * #endif
 * #endif
 */
static enum hrtimer_restart sampler_interrupt(struct hrtimer *timer)
{
	struct sampler_dev *dev;
	bool readable;
	u64 missed;

	dev = container_of(timer, struct sampler_dev, timer);

	/* Interrupts are off already, hence no _irqsave. */
	spin_lock(&dev->lock);
	readable = sampler_add(dev);
	/*
	 * Interrupts that were held off for longer than a period: the moments
	 * in between have passed without a sample, and that is a loss as well.
	 */
	missed = hrtimer_forward_now(timer, dev->period) - 1;
	dev->sequence += missed;
	dev->lost += missed;
	spin_unlock(&dev->lock);

	if (!readable)
		return HRTIMER_RESTART;
#ifdef KMOD_SIGNAL_WORK
#ifdef KMOD_WORKQUEUE
	queue_work(dev->wq, &dev->tell);
#else
	schedule_work(&dev->tell);
#endif
#else
	sampler_tell(dev);
#endif
	return HRTIMER_RESTART;
}

/**
 * sampler_ring_init() - make the timer ready to be started
 * @dev: the device
 */
void sampler_ring_init(struct sampler_dev *dev)
{
	spin_lock_init(&dev->lock);
	init_waitqueue_head(&dev->wait);
#ifdef KMOD_SIGNAL_WORK
	INIT_WORK(&dev->tell, sampler_tell_work);
#endif
#ifdef KMOD_BEFORE_6_13
	sampler_timer_setup(&dev->timer, sampler_interrupt);
#else
	hrtimer_setup(&dev->timer, sampler_interrupt, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
#endif
}

/**
 * sampler_set_rate() - say how often a sample is taken
 * @dev: the device, its mutex held once programs can open it
 * @rate: samples per second, 1 to SAMPLER_MAX_RATE
 *
 * The interrupt reads the period; so it changes while there is none.
 */
void sampler_set_rate(struct sampler_dev *dev, unsigned int rate)
{
	hrtimer_cancel(&dev->timer);
	dev->rate = rate;
	dev->period = ns_to_ktime(NSEC_PER_SEC / rate);
	if (dev->users)
		hrtimer_start(&dev->timer, dev->period, HRTIMER_MODE_REL);
}

/**
 * sampler_start() - begin to take samples, with an empty ring
 * @dev: the device, its mutex held and its timer not running
 */
void sampler_start(struct sampler_dev *dev)
{
	lockdep_assert_held(&dev->mutex);

	dev->head = 0;
	WRITE_ONCE(dev->len, 0);
	dev->sequence = 0;
	dev->expected = 0;
	dev->lost = 0;
	hrtimer_start(&dev->timer, dev->period, HRTIMER_MODE_REL);
}

/**
 * sampler_stop() - take no more samples
 * @dev: the device, its mutex held
 *
 * When this returns, neither the interrupt nor what it has set off is running
 * or will run. The order matters: the timer queues the work, so the timer goes
 * first. Both calls wait, which is why no lock that the two take is held.
 */
void sampler_stop(struct sampler_dev *dev)
{
	lockdep_assert_held(&dev->mutex);
	hrtimer_cancel(&dev->timer);
#ifdef KMOD_SIGNAL_WORK
	cancel_work_sync(&dev->tell);
#endif
}

/**
 * sampler_take() - move samples from the ring to a reader
 * @dev: the device, its mutex held
 * @to: where the samples go
 *
 * Only whole samples are moved. One that could not be delivered because the
 * memory is bad stays in the ring.
 *
 * Return: how many bytes were moved, or -EFAULT when no sample could be.
 */
ssize_t sampler_take(struct sampler_dev *dev, struct iov_iter *to)
{
	unsigned int want, done;

	lockdep_assert_held(&dev->mutex);

	want = min_t(size_t, READ_ONCE(dev->len),
		     iov_iter_count(to) / sizeof(*dev->ring));
	for (done = 0; done < want; done++) {
		struct sampler_sample *sample;

		sample = &dev->ring[(dev->head + done) % dev->size];
		if (copy_to_iter(sample, sizeof(*sample), to) <
		    sizeof(*sample))
			break;
	}

	spin_lock_irq(&dev->lock);
	dev->head = (dev->head + done) % dev->size;
	WRITE_ONCE(dev->len, dev->len - done);
	spin_unlock_irq(&dev->lock);

	return done || !want ? done * sizeof(*dev->ring) : -EFAULT;
}
