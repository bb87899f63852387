/* SPDX-License-Identifier: EPL-2.0 */
/* The control channel of docs/adr/0003. FrameType (Java) has the same numbers; a test compares. */
#ifndef KMODSCOPE_PROTOCOL_H
#define KMODSCOPE_PROTOCOL_H

#define PROTOCOL_VERSION	2
#define FRAME_HEADER_BYTES	12
#define FRAME_PAYLOAD_MAX	(1024 * 1024)

#define PUT_FIRST	1
#define PUT_LAST	2

#define ARM_DRAIN	1

enum frame_type {
	FRAME_HELLO = 1,
	FRAME_RUN = 2,
	FRAME_STDIN = 3,
	FRAME_SIGNAL = 4,
	FRAME_PUT = 5,
	FRAME_LOAD = 6,
	FRAME_UNLOAD = 7,
	FRAME_ARM = 8,
	FRAME_DISARM = 9,
	FRAME_STIMULATE = 10,
	FRAME_CANCEL = 11,
	FRAME_SHUTDOWN = 12,
	FRAME_SEQUENCE = 13,

	FRAME_GREETING = 128,
	FRAME_OK = 129,
	FRAME_ERROR = 130,
	FRAME_STDOUT = 131,
	FRAME_STDERR = 132,
	FRAME_EXIT = 133,
	FRAME_LOG = 134,
};

#endif
