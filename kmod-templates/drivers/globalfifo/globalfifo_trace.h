/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What can be watched in /sys/kernel/tracing/events/globalfifo.
 *
 * A device is shown by its numbers, a request by its address, which the kernel
 * scrambles: it tells requests apart and nothing else.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM globalfifo

#if !defined(GLOBALFIFO_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define GLOBALFIFO_TRACE_H

#include <linux/types.h>
#include <linux/kdev_t.h>
#include <linux/tracepoint.h>

#include "globalfifo.h"

#ifdef KMOD_AIO
DECLARE_EVENT_CLASS(globalfifo_request,
	TP_PROTO(const struct globalfifo_dev *dev, const struct kiocb *iocb,
		 bool write, size_t len),
	TP_ARGS(dev, iocb, write, len),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(const void *, iocb)
		__field(bool, write)
		__field(size_t, len)
	),
	TP_fast_assign(
		__entry->dev = globalfifo_devt(dev);
		__entry->iocb = iocb;
		__entry->write = write;
		__entry->len = len;
	),
	TP_printk("dev=%d:%d iocb=%p %s len=%zu",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->iocb,
		  __entry->write ? "write" : "read", __entry->len)
);

/* io_submit(2) has brought a request. */
DEFINE_EVENT(globalfifo_request, globalfifo_submit,
	TP_PROTO(const struct globalfifo_dev *dev, const struct kiocb *iocb,
		 bool write, size_t len),
	TP_ARGS(dev, iocb, write, len)
);

#ifdef KMOD_AIO_QUEUED
/* It has to wait, with so many bytes still to be moved. */
#endif
#ifdef KMOD_AIO_DEFERRED
/* So many bytes were moved, which is reported later. */
#endif
DEFINE_EVENT(globalfifo_request, globalfifo_queue,
	TP_PROTO(const struct globalfifo_dev *dev, const struct kiocb *iocb,
		 bool write, size_t len),
	TP_ARGS(dev, iocb, write, len)
);

/* It is about to be completed. */
TRACE_EVENT(globalfifo_complete,
	TP_PROTO(const struct globalfifo_dev *dev, const struct kiocb *iocb,
		 ssize_t result),
	TP_ARGS(dev, iocb, result),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(const void *, iocb)
		__field(ssize_t, result)
	),
	TP_fast_assign(
		__entry->dev = globalfifo_devt(dev);
		__entry->iocb = iocb;
		__entry->result = result;
	),
	TP_printk("dev=%d:%d iocb=%p result=%zd",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->iocb,
		  __entry->result)
);

#endif
#ifdef KMOD_AIO_QUEUED
/* Somebody wants it cancelled. */
TRACE_EVENT(globalfifo_cancel,
	TP_PROTO(const struct globalfifo_dev *dev, const struct kiocb *iocb),
	TP_ARGS(dev, iocb),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(const void *, iocb)
	),
	TP_fast_assign(
		__entry->dev = globalfifo_devt(dev);
		__entry->iocb = iocb;
	),
	TP_printk("dev=%d:%d iocb=%p",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->iocb)
);

#endif
#ifdef KMOD_FASYNC
/* Those on the list are about to be signalled. */
TRACE_EVENT(globalfifo_kill_fasync,
	TP_PROTO(const struct globalfifo_dev *dev, int band),
	TP_ARGS(dev, band),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(int, band)
	),
	TP_fast_assign(
		__entry->dev = globalfifo_devt(dev);
		__entry->band = band;
	),
	TP_printk("dev=%d:%d band=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->band)
);

#endif
/* Those who wait are about to be woken. */
TRACE_EVENT(globalfifo_wake,
	TP_PROTO(const struct globalfifo_dev *dev, bool readable),
	TP_ARGS(dev, readable),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(bool, readable)
	),
	TP_fast_assign(
		__entry->dev = globalfifo_devt(dev);
		__entry->readable = readable;
	),
	TP_printk("dev=%d:%d %s",
		  MAJOR(__entry->dev), MINOR(__entry->dev),
		  __entry->readable ? "readable" : "writable")
);

#endif

/* Outside the guard: the kernel includes this file several times. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE globalfifo_trace
#include <trace/define_trace.h>
