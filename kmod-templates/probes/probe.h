/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the command lines of the probes have in common.
 */
#ifndef PROBE_H
#define PROBE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a feature is in a list such as "fasync,poll". */
static inline bool probe_claims(const char *features, const char *feature)
{
	size_t length = strlen(feature);
	const char *at = features;

	while ((at = strstr(at, feature))) {
		bool begins = at == features || at[-1] == ',';
		bool ends = !at[length] || at[length] == ',';

		if (begins && ends)
			return true;
		at += length;
	}
	return false;
}

/* The number after an option; does not return when it is none. */
static inline long probe_number(const char *option, const char *text, long low,
				long high)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < low || value > high) {
		fprintf(stderr,
			"--%s takes a number from %ld to %ld, not \"%s\"\n",
			option, low, high, text);
		exit(2);
	}
	return value;
}

#endif
