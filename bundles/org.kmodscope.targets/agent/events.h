/* SPDX-License-Identifier: EPL-2.0 */
/*
 * The event record of docs/adr/0001. EventCodec and EventKind (Java) own the numbers; a test
 * compares them with this file, which is why every number stands on a line of its own.
 */
#ifndef KMODSCOPE_EVENTS_H
#define KMODSCOPE_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#define EVENT_MAGIC		0x45534d4b
#define EVENT_VERSION		1
#define EVENT_HEADER_BYTES	16
#define EVENT_RECORD_BYTES	40

#define EVENT_FLAG_RESYNC		1
#define EVENT_FLAG_COUNT_UNKNOWN	2
#define EVENT_FLAG_OWN_WRITE		4

enum event_kind {
	EVENT_SIGIO_IN = 1,
	EVENT_SIGIO_OUT = 2,
	EVENT_SIGIO_OTHER = 3,
	EVENT_AIO_SUBMIT = 4,
	EVENT_AIO_COMPLETE = 5,
	EVENT_AIO_CANCEL = 6,
	EVENT_READ_START = 7,
	EVENT_READ_END = 8,
	EVENT_WRITE_START = 9,
	EVENT_WRITE_END = 10,
	EVENT_SIGNAL_GENERATED = 11,
	EVENT_WORK_START = 12,
	EVENT_WORK_END = 13,
	EVENT_KERNEL_LOG = 14,
	EVENT_MARKER = 15,
	EVENT_OVERFLOW = 16,
	EVENT_LOST = 17,
	EVENT_DEVICE_GONE = 18,
};

/* All fields little-endian, as they go over the wire. */
struct event_record {
	uint64_t time;
	uint16_t kind;
	uint16_t flags;
	uint32_t stream;
	uint64_t request;
	int64_t result;
	uint32_t band;
	uint32_t seq;
};

_Static_assert(sizeof(struct event_record) == EVENT_RECORD_BYTES, "the record has 40 bytes");
_Static_assert(offsetof(struct event_record, request) == 16, "no hole before request");
_Static_assert(offsetof(struct event_record, seq) == 36, "no hole before seq");

struct event_header {
	uint32_t magic;
	uint16_t version;
	uint16_t record_bytes;
	uint64_t reserved;
};

_Static_assert(sizeof(struct event_header) == EVENT_HEADER_BYTES, "the header has 16 bytes");

#endif
