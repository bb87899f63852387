// SPDX-License-Identifier: EPL-2.0
/*
 * The kernel's own lines from /dev/kmsg (Documentation/ABI/testing/dev-kmsg), which many machines
 * show to root alone (kernel.dmesg_restrict). The kernel writes what is not printable as \xNN, and
 * so it stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define RECORD_MAX	8192

static void tell(char *record)
{
	unsigned int prefix;
	uint64_t sequence;
	uint64_t micros;
	char *text = strchr(record, ';');

	if (!text ||
	    sscanf(record, "%u,%" SCNu64 ",%" SCNu64 ",", &prefix, &sequence, &micros) != 3)
		return;
	/* What programs write into the log is none of the caller's business. */
	if (prefix >> 3)
		return;
	text++;
	text[strcspn(text, "\n")] = 0;
	printf("log %u %" PRIu64 " %" PRIu64 " %s\n", prefix & 7, sequence, micros, text);
}

/* Tells what there is; false when there will be no more. */
static bool tell_all(int log)
{
	char record[RECORD_MAX + 1];

	for (;;) {
		ssize_t n = read(log, record, RECORD_MAX);

		if (n > 0) {
			record[n] = 0;
			tell(record);
		} else if (n < 0 && errno == EAGAIN) {
			return !fflush(stdout);
		} else if (n == 0 || (errno != EPIPE && errno != EINTR)) {
			/* EPIPE: lines were overwritten before they were read. */
			return false;
		}
	}
}

int log_mark(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

void log_since(int mark)
{
	if (mark >= 0) {
		tell_all(mark);
		close(mark);
	}
}

void log_follow(void)
{
	struct pollfd ready[] = {
		{ .fd = log_mark(), .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};

	if (ready[0].fd < 0)
		stop(EXIT_MACHINE, "the kernel's log cannot be read: %s", strerror(errno));
	printf("following\n");
	/* Whoever listens ends it by closing either side; nothing is ever said to it. */
	while (tell_all(ready[0].fd)) {
		if (poll(ready, 3, -1) < 0 && errno != EINTR)
			break;
		if (ready[1].revents || ready[2].revents)
			break;
	}
	close(ready[0].fd);
}
