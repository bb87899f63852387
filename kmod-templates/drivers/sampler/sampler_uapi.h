/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * sampler: what programs have to know.
 */
#ifndef SAMPLER_UAPI_H
#define SAMPLER_UAPI_H

#ifdef KMOD_IOCTL
#include <linux/ioctl.h>
#endif
#include <linux/types.h>

/**
 * struct sampler_sample - what read(2) returns, one or several
 * @time: when it was taken: nanoseconds of CLOCK_MONOTONIC
 * @sequence: its number, from 0; those that were lost are counted, too
 * @value: what was measured
 * @lost: how many were lost between the one before and this one
 *
 * The members are ordered and sized so that there is no gap, and so that 32-bit
 * and 64-bit programs see the same.
 */
struct sampler_sample {
	__aligned_u64 time;
	__aligned_u64 sequence;
	__s32 value;
	__u32 lost;
};
#ifdef KMOD_IOCTL

/**
 * struct sampler_stats - what happened since sampling was started
 * @taken: samples that were put into the ring
 * @lost: samples that were not
 */
struct sampler_stats {
	__aligned_u64 taken;
	__aligned_u64 lost;
};

/* Samples per second, 1 to 10000. A new rate begins a new period. */
#define SAMPLER_IOC_GET_RATE	_IOR(0xF3, 0x01, __u32)
#define SAMPLER_IOC_SET_RATE	_IOW(0xF3, 0x02, __u32)
#define SAMPLER_IOC_GET_STATS \
	_IOR(0xF3, 0x03, struct sampler_stats)
#endif

#endif
