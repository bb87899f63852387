/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP version 1 for probes: a plan, one line per test, diagnostics after '#'.
 * Documentation/dev-tools/ktap.rst of the kernel has the format.
 */
#ifndef KTAP_H
#define KTAP_H

#include <stdio.h>
#include <stdlib.h>

static unsigned int ktap_number;
static unsigned int ktap_failed;

static inline void ktap_plan(unsigned int tests)
{
	/* Line by line: whoever watches sees each result when it is known. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", tests);
}

/* A diagnostic for the next result: what was seen, as with printf(). */
#define ktap_note(...)				\
	do {					\
		fputs("# ", stdout);		\
		printf(__VA_ARGS__);		\
		putchar('\n');			\
	} while (0)

/* Nothing further can be tested; does not return. */
#define ktap_bail_out(...)			\
	do {					\
		fputs("Bail out! ", stdout);	\
		printf(__VA_ARGS__);		\
		putchar('\n');			\
		exit(1);			\
	} while (0)

static inline void ktap_result(int ok, const char *name)
{
	if (!ok)
		ktap_failed++;
	printf("%sok %u %s\n", ok ? "" : "not ", ++ktap_number, name);
}

static inline void ktap_skip(const char *name, const char *reason)
{
	printf("ok %u %s # SKIP %s\n", ++ktap_number, name, reason);
}

/* The program's exit status: 0 when no test failed. */
static inline int ktap_finish(void)
{
	return ktap_failed ? 1 : 0;
}

#endif
