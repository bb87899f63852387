// SPDX-License-Identifier: GPL-2.0
/*
 * What a rule needs, and whether it is there: the device brings some by what it
 * is like, and its driver claims the rest.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "conformance.h"

/* What there is to be had from a device; each has its name, too. */
static const struct {
	const char *name;
	const char *brings;
} models[] = {
	{ "fifo", "name,fifo,read,write" },
	{ "source", "name,read" },
	{ "sink", "name,write" },
	{ "zero", "name,read,write" },
};

static const struct {
	const char *need;
	const char *missing;
} words[] = {
	{ "fifo", "what is written to it does not come back" },
	{ "read", "it cannot be read" },
	{ "write", "it cannot be written to" },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

const char *model = "@MODEL@";
const char *claimed = "";

/* Whether a word is in a list with commas. */
static bool in_list(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, ",")) {
		at += *at == ',';
		if (strcspn(at, ",") == length && !strncmp(at, word, length))
			return true;
	}
	return false;
}

bool model_has(const char *word)
{
	for (size_t i = 0; i < COUNT(models); i++) {
		if (!strcmp(model, models[i].name))
			return in_list(models[i].brings, word);
	}
	return false;
}

bool is_fifo(void)
{
	return model_has("fifo");
}

bool claims(const char *feature)
{
	return in_list(claimed, feature);
}

/* Why a thing that is needed is not there, or NULL. */
static const char *lacking(const char *need)
{
	static char text[96];

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(need, words[i].need))
			continue;
		snprintf(text, sizeof(text), "model %s: %s", model, words[i].missing);
		return model_has(need) ? NULL : text;
	}
	if (in_list(claimed, need))
		return NULL;
	if (!strcmp(need, "aio") &&
	    (in_list(claimed, "aio=queued") || in_list(claimed, "aio=deferred")))
		return NULL;
	snprintf(text, sizeof(text), "%s is not claimed", need);
	return text;
}

const char *obstacle(const struct rule *rule)
{
	char needs[64];
	char *rest = needs;
	const char *why = NULL;

	snprintf(needs, sizeof(needs), "%s", rule->needs);
	while (!why && *rest) {
		char *need = strsep(&rest, ",");

		why = lacking(need);
		if (!rest)
			break;
	}
	return why;
}
