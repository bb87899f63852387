// SPDX-License-Identifier: EPL-2.0
/*
 * Which faults the kernel makes (Documentation/fault-injection). Each kind has a directory in
 * debugfs; require-start and require-end say where the code must be that is on the stack,
 * reject-start and reject-end where it must not be. What they leave out is not counted either
 * (lib/fault-inject.c, should_fail_ex()).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

const struct fault_kind fault_kinds[FAULT_KINDS] = {
	{ .name = "slab", .attribute = "failslab", .spared = "fill_pool" },
	{ .name = "pages", .attribute = "fail_page_alloc", .spared = "___slab_alloc" },
	{ .name = "copy", .attribute = "fail_usercopy" },
};

struct range {
	unsigned long start;
	unsigned long end;
};

int faults_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

/* Where a function of the kernel is, whatever the compiler put behind its name. */
static struct range function_range(const char *name)
{
	struct range range = { 0, ULONG_MAX };
	size_t length = strlen(name);
	FILE *symbols;

	/* The symbols are in no order: once for where it starts, once for what follows. */
	for (int pass = 0; pass < 2; pass++) {
		unsigned long address;
		char symbol[128];

		symbols = fopen("/proc/kallsyms", "re");
		while (symbols && fscanf(symbols, "%lx %*c %127s%*[^\n]", &address, symbol) == 2) {
			if (pass && address > range.start && address < range.end)
				range.end = address;
			if (!pass && !strncmp(symbol, name, length) &&
			    (!symbol[length] || symbol[length] == '.') &&
			    !strstr(symbol, ".cold"))
				range.start = address;
		}
		if (symbols)
			fclose(symbols);
	}
	return range.start ? range : (struct range){ 0, 0 };
}

static int put_number(const struct fault_kind *kind, const char *file, unsigned long number)
{
	char path[128];
	char text[32];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", kind->attribute, file);
	snprintf(text, sizeof(text), "0x%lx", number);
	return faults_put(path, text);
}

static int limit(const struct fault_kind *kind, struct range required, struct range rejected)
{
	int error = put_number(kind, "require-start", required.start);

	if (!error)
		error = put_number(kind, "require-end", required.end);
	if (!error)
		error = put_number(kind, "reject-start", rejected.start);
	if (!error)
		error = put_number(kind, "reject-end", rejected.end);
	return error;
}

int faults_count_only(const struct fault_kind *kind)
{
	/* On a kernel's stack, what is behind the kernel's own code is a module's. */
	const struct range modules = { function_range("_etext").start, ULONG_MAX };
	const struct range nowhere = { 1, 1 };
	const struct range none = { 0, 0 };
	int error = modules.start ? 0 : ENOENT;

	for (size_t i = 0; i < FAULT_KINDS && !error; i++) {
		if (kind != &fault_kinds[i])
			error = limit(&fault_kinds[i], nowhere, none);
		else
			error = limit(kind, modules,
				      kind->spared ? function_range(kind->spared) : none);
	}
	return error;
}

int faults_prepare(void)
{
	static const char *const kinds[] = { "failslab", "fail_page_alloc" };
	int error = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && !error; i++) {
		char path[128];

		/* Allocations that may sleep are spared by default: nearly all of a driver's. */
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/ignore-gfp-wait", kinds[i]);
		error = faults_put(path, "N");
		/* A line for each fault, no trace. */
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/verbose", kinds[i]);
		if (!error)
			error = faults_put(path, "1");
	}
	/* Small pages are spared, too, unless the least order to fail is 0. */
	if (!error)
		error = faults_put("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	/* Loading and unloading wait for grace periods; not all kernels have it. */
	faults_put("/sys/kernel/rcu_expedited", "1");
	return error;
}
