/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * globalfifo: the commands that programs give by ioctl(2).
 */
#ifndef GLOBALFIFO_IOCTL_H
#define GLOBALFIFO_IOCTL_H

#include <linux/ioctl.h>

/* Empties the FIFO; what was in it is gone. */
#define GLOBALFIFO_IOC_CLEAR	_IO(0xF2, 0x01)

#endif
