/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * globalfifo: the commands that programs give by ioctl(2).
 */
#ifndef GLOBALFIFO_IOCTL_H
#define GLOBALFIFO_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct globalfifo_fill - how full the FIFO is
 * @len: how many bytes are in it
 * @size: how many it holds
 *
 * Members of fixed width that need no padding: it looks the same to 32-bit and
 * 64-bit programs.
 */
struct globalfifo_fill {
	__u32 len;
	__u32 size;
};

/* Empties the FIFO; what was in it is gone. */
#define GLOBALFIFO_IOC_CLEAR	_IO(0xF2, 0x01)

/* Tells how full it is; the next moment it may be otherwise. */
#define GLOBALFIFO_IOC_FILL \
	_IOR(0xF2, 0x02, struct globalfifo_fill)

#endif
