/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kernels of the chosen range do differently. It is kept out of the
 * driver's code so that it can be deleted when the oldest kernel is given up.
 */
#ifndef GLOBALFIFO_COMPAT_H
#define GLOBALFIFO_COMPAT_H

#include <linux/fs.h>
#include <linux/version.h>

#ifdef KMOD_BEFORE_5_16
/* 5.16 took away the second result, which nobody had used. */
static inline void globalfifo_complete(struct kiocb *iocb, long res)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
	iocb->ki_complete(iocb, res, 0);
#else
	iocb->ki_complete(iocb, res);
#endif
}
#endif

#endif
