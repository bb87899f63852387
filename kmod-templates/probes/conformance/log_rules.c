// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel has to say about all this: warnings of its own checks, which a
 * program does not see otherwise.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

static const char *const complaints[] = {
	"WARNING: ", "BUG: ", "BUG ", "Oops", "UBSAN: ", "INFO: task ", "INFO: possible ",
	"INFO: rcu", "general protection fault", "refcount_t: ", "scheduling while atomic",
	"soft lockup", "ODEBUG: ", "kernel BUG at", "unable to handle",
};

static int kernel_log = -1;

void begin_log(void)
{
	kernel_log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kernel_log >= 0)
		lseek(kernel_log, 0, SEEK_END);
}

static bool complains(const char *line)
{
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
		if (strstr(line, complaints[i]))
			return true;
	}
	return false;
}

static bool silent(void)
{
	char record[8192];
	bool right = true;
	ssize_t got;

	if (kernel_log < 0)
		skip("the kernel's log cannot be read, which takes root");
	/* One read gives one record; EPIPE says that some were overwritten. */
	for (;;) {
		char *text;

		got = read(kernel_log, record, sizeof(record) - 1);
		if (got < 0 && errno == EPIPE)
			continue;
		if (got <= 0)
			break;
		/* PRIORITY,NUMBER,TIME,...;TEXT, and more lines that begin with a blank. */
		record[got] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (complains(text)) {
			right = false;
			note("kernel: %s", text + 1);
		}
	}
	return check(right, "the kernel complains about nothing while the rules are tried",
		     "it did, see above and dmesg");
}

const struct rule log_rules[] = {
	{ "kernel.silent", "the kernel's own checks find nothing", "",
	  "a bug that lockdep, KASAN or another check of the kernel has seen: read dmesg",
	  silent },
	{ 0 }
};
