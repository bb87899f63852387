// SPDX-License-Identifier: EPL-2.0
#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

#define ERROR_TEXT_MAX 8192

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int out = -1;

void frame_open(int fd)
{
	out = fd;
}

uint8_t *put_u32(uint8_t *at, uint32_t value)
{
	value = htole32(value);
	memcpy(at, &value, sizeof(value));
	return at + sizeof(value);
}

uint8_t *put_u64(uint8_t *at, uint64_t value)
{
	value = htole64(value);
	memcpy(at, &value, sizeof(value));
	return at + sizeof(value);
}

uint8_t *frame_put(uint8_t *at, uint16_t type, uint32_t id, size_t length)
{
	at = put_u32(at, length);
	at = put_u32(at, type);
	return put_u32(at, id);
}

static void write_all(const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(out, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		/* Nobody is left to tell: the main loop sees the hang-up and ends. */
		if (n <= 0)
			return;
		bytes += n;
		length -= n;
	}
}

void frame_send_raw(const uint8_t *frames, size_t length)
{
	pthread_mutex_lock(&lock);
	write_all(frames, length);
	pthread_mutex_unlock(&lock);
}

void frame_send(uint16_t type, uint32_t id, const void *payload, size_t length)
{
	uint8_t small[512];

	/* One write for what is short: on a virtio port each costs an exit to the host. */
	if (length <= sizeof(small) - FRAME_HEADER_BYTES) {
		uint8_t *at = frame_put(small, type, id, length);

		if (length)
			memcpy(at, payload, length);
		frame_send_raw(small, FRAME_HEADER_BYTES + length);
		return;
	}
	frame_put(small, type, id, length);
	pthread_mutex_lock(&lock);
	write_all(small, FRAME_HEADER_BYTES);
	write_all(payload, length);
	pthread_mutex_unlock(&lock);
}

void reply_ok(uint32_t id, const void *payload, size_t length)
{
	frame_send(FRAME_OK, id, payload, length);
}

void reply_error(uint32_t id, int error, const char *format, ...)
{
	uint8_t payload[sizeof(uint32_t) + ERROR_TEXT_MAX];
	char *text = (char *)put_u32(payload, error);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, ERROR_TEXT_MAX, format, arguments);
	va_end(arguments);
	frame_send(FRAME_ERROR, id, payload, sizeof(uint32_t) + strlen(text) + 1);
}

struct reader reader_of(const struct request *request)
{
	return (struct reader){
		.at = request->payload,
		.end = request->payload + request->length,
	};
}

static bool has(struct reader *reader, size_t bytes)
{
	if ((size_t)(reader->end - reader->at) < bytes)
		reader->bad = true;
	return !reader->bad;
}

uint32_t read_u32(struct reader *reader)
{
	uint32_t value = 0;

	if (has(reader, sizeof(value))) {
		memcpy(&value, reader->at, sizeof(value));
		reader->at += sizeof(value);
	}
	return le32toh(value);
}

uint64_t read_u64(struct reader *reader)
{
	uint64_t value = 0;

	if (has(reader, sizeof(value))) {
		memcpy(&value, reader->at, sizeof(value));
		reader->at += sizeof(value);
	}
	return le64toh(value);
}

const char *read_string(struct reader *reader)
{
	const char *string = (const char *)reader->at;
	const uint8_t *nul = NULL;

	if (!reader->bad && reader->at < reader->end)
		nul = memchr(reader->at, 0, reader->end - reader->at);
	if (!nul) {
		reader->bad = true;
		return "";
	}
	reader->at = nul + 1;
	return string;
}
