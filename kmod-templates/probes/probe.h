/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the probes share: what they print, what they take, and how they wait.
 *
 * A probe is a program that tests a driver. It prints KTAP version 1, which
 * Documentation/dev-tools/ktap.rst of the kernel describes: a plan, one line for
 * each test, and diagnostics after '#' that belong to the next result. What was
 * measured is a diagnostic of a fixed form, so that tools can compare it:
 *
 *   # measure NAME VALUE UNIT
 *
 * With --json, each of these is an object on a line of its own instead.
 */
#ifndef PROBE_H
#define PROBE_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What every probe takes; a probe may change these before its options are read. */
static const char *probe_device = "/dev/@DEVICE@";
static const char *probe_features = "@FEATURES@";
static long probe_seconds = 5;
static bool probe_json;
static const char *probe_name = "probe";

/*
 * Printing
 */

static unsigned int ktap_number;
static unsigned int ktap_failed;

/* A string as JSON wants it. */
static inline void ktap_quote(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", *text);
		else
			putchar(*text);
	}
	putchar('"');
}

static inline void ktap_plan(unsigned int tests)
{
	/* Line by line: whoever watches sees each result when it is known. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf(probe_json ? "{\"plan\": %u}\n" : "KTAP version 1\n1..%u\n", tests);
}

/* One line with a text, which may be cut. */
static inline void ktap_text(const char *before, const char *member,
			     const char *format, va_list values)
{
	char text[512];

	vsnprintf(text, sizeof(text), format, values);
	/* One line, whatever a device had to say. */
	for (char *at = text; *at; at++) {
		if ((unsigned char)*at < ' ')
			*at = ' ';
	}
	if (!probe_json) {
		printf("%s%s\n", before, text);
		return;
	}
	printf("{\"%s\": ", member);
	ktap_quote(text);
	puts("}");
}

/* A diagnostic for the next result: what was seen, as with printf(). */
__attribute__((format(printf, 1, 2)))
static inline void ktap_note(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	ktap_text("# ", "note", format, values);
	va_end(values);
}

/* Nothing further can be tested; does not return. */
__attribute__((format(printf, 1, 2), noreturn))
static inline void ktap_bail_out(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	ktap_text("Bail out! ", "bail_out", format, values);
	va_end(values);
	exit(1);
}

/* What was measured for the next result; name and unit are single words. */
static inline void ktap_measure(const char *name, double value, const char *unit)
{
	printf(probe_json ? "{\"measure\": \"%s\", \"value\": %.10g, \"unit\": \"%s\"}\n" :
			    "# measure %s %.10g %s\n", name, value, unit);
}

/* A result; the directive is "", "SKIP" or "XFAIL" and has its reason. */
static inline void ktap_line(bool ok, const char *name, const char *directive,
			     const char *reason)
{
	const char *outcome = ok ? "pass" : "fail";

	ktap_number++;
	if (!probe_json) {
		printf("%sok %u %s", ok ? "" : "not ", ktap_number, name);
		if (*directive)
			printf(" # %s %s", directive, reason);
		putchar('\n');
		return;
	}
	if (*directive)
		outcome = *directive == 'S' ? "skip" : "xfail";
	printf("{\"test\": %u, \"name\": ", ktap_number);
	ktap_quote(name);
	printf(", \"outcome\": \"%s\", \"reason\": ", outcome);
	ktap_quote(reason);
	puts("}");
}

static inline void ktap_result(bool ok, const char *name)
{
	if (!ok)
		ktap_failed++;
	ktap_line(ok, name, "", "");
}

static inline void ktap_skip(const char *name, const char *reason)
{
	ktap_line(true, name, "SKIP", reason);
}

/* It failed, and there is a known reason why it has to. */
static inline void ktap_xfail(const char *name, const char *reason)
{
	ktap_line(false, name, "XFAIL", reason);
}

/* The program's exit status: 0 when no test failed. */
static inline int ktap_finish(void)
{
	return ktap_failed ? 1 : 0;
}

/*
 * Options
 */

/* One option: it takes a number, or a text, or nothing. */
struct probe_option {
	const char *name;	/* without its dashes */
	const char *help;
	long *number;
	long low, high;
	const char **text;
	bool *flag;
};

#define PROBE_NUMBER(option, variable, from, to, explanation)		\
	{ .name = option, .number = &(variable), .low = from,		\
	  .high = to, .help = explanation }
#define PROBE_TEXT(option, variable, explanation)			\
	{ .name = option, .text = &(variable), .help = explanation }
#define PROBE_FLAG(option, variable, explanation)			\
	{ .name = option, .flag = &(variable), .help = explanation }
#define PROBE_COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static const struct probe_option probe_usual[] = {
	PROBE_TEXT("device", probe_device, "the device"),
	PROBE_TEXT("features", probe_features, "what the driver claims"),
	PROBE_NUMBER("seconds", probe_seconds, 1, 3600, "longest wait for one thing"),
	PROBE_FLAG("json", probe_json, "JSON lines instead of KTAP"),
	{ 0 }
};

/* A wrong argument: one plain line, and status 2. */
__attribute__((format(printf, 1, 2), noreturn))
static inline void probe_refuse(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	fprintf(stderr, "%s: ", probe_name);
	vfprintf(stderr, format, values);
	fputc('\n', stderr);
	va_end(values);
	exit(2);
}

static inline void probe_list_options(const struct probe_option *option)
{
	for (; option->name; option++) {
		printf("  --%-9s %s  %s", option->name,
		       option->number ? "N   " : option->text ? "TEXT" : "    ",
		       option->help);
		if (option->number)
			printf(", %ld to %ld (%ld)", option->low, option->high,
			       *option->number);
		if (option->text && *option->text)
			printf(" (%s)", *option->text);
		putchar('\n');
	}
}

static inline const struct probe_option *
probe_find_option(const struct probe_option *option, const char *name, size_t length)
{
	for (; option->name; option++) {
		if (strlen(option->name) == length && !strncmp(option->name, name, length))
			return option;
	}
	return NULL;
}

static inline void probe_set_option(const struct probe_option *option, const char *value)
{
	char *end;

	if (!value || !*value)
		probe_refuse("--%s needs a value", option->name);
	if (option->text) {
		*option->text = value;
		return;
	}
	errno = 0;
	*option->number = strtol(value, &end, 10);
	if (errno || end == value || *end || *option->number < option->low ||
	    *option->number > option->high)
		probe_refuse("--%s takes a number from %ld to %ld, not \"%s\"",
			     option->name, option->low, option->high, value);
}

/*
 * Reads the command line; "own" are the probe's own options and end with an
 * empty one. Does not return for --help or a wrong argument.
 */
static inline void probe_options(int argc, char **argv, const char *about,
				 const struct probe_option *own)
{
	static const char words[] = "abcdefghijklmnopqrstuvwxyz0123456789=_-,";
	const char *slash = strrchr(argv[0], '/');

	probe_name = slash ? slash + 1 : argv[0];
	for (int i = 1; i < argc; i++) {
		const struct probe_option *option;
		const char *name = argv[i] + 2;
		size_t length;
		char *value;

		if (strncmp(argv[i], "--", 2))
			probe_refuse("\"%s\" is no option; --help lists them", argv[i]);
		if (!strcmp(name, "help")) {
			printf("%s: %s\n\n", probe_name, about);
			probe_list_options(own);
			probe_list_options(probe_usual);
			exit(0);
		}
		length = strcspn(name, "=");
		option = probe_find_option(own, name, length);
		if (!option)
			option = probe_find_option(probe_usual, name, length);
		if (!option)
			probe_refuse("\"%s\" is no option; --help lists them", argv[i]);
		value = name[length] ? argv[i] + length + 3 : NULL;
		if (option->flag) {
			if (value)
				probe_refuse("--%s takes no value", option->name);
			*option->flag = true;
			continue;
		}
		if (!value && i + 1 < argc)
			value = argv[++i];
		probe_set_option(option, value);
	}
	if (strspn(probe_features, words) != strlen(probe_features) &&
	    probe_features[0] != '@')
		probe_refuse("--features takes words with commas between them, not \"%s\"",
			     probe_features);
}

/* Whether the driver claims a feature; "aio" is each of its forms, and "=none" no claim. */
static inline bool probe_claims(const char *feature)
{
	size_t length = strlen(feature);
	const char *at = probe_features;

	while ((at = strstr(at, feature))) {
		bool begins = at == probe_features || at[-1] == ',';
		bool ends = !at[length] || at[length] == ',' ||
			    (at[length] == '=' && strncmp(at + length, "=none", 5));

		if (begins && ends)
			return true;
		at += length;
	}
	return false;
}

/*
 * Time, and the device
 */

/* Nanoseconds of a clock that never goes back. */
static inline long long probe_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static char probe_alarm_text[256];

static inline void probe_on_alarm(int signal_number)
{
	(void)signal_number;
	/* Only what a signal handler may call: printf() is not among it. */
	if (write(STDOUT_FILENO, probe_alarm_text, strlen(probe_alarm_text)) < 0)
		_exit(3);
	_exit(1);
}

/*
 * A call that does not return is what a broken driver brings about: gives up
 * unless this is called again in time. With 0 seconds, nothing is guarded.
 */
static inline void probe_guard(const char *doing, unsigned int seconds)
{
	struct sigaction action = { .sa_handler = probe_on_alarm };

	snprintf(probe_alarm_text, sizeof(probe_alarm_text),
		 probe_json ? "{\"bail_out\": \"A call does not return: %s\"}\n" :
			      "Bail out! A call does not return: %s\n", doing);
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}

static inline int probe_open(int flags)
{
	int file = open(probe_device, flags | O_CLOEXEC);

	if (file < 0)
		ktap_bail_out("%s cannot be opened: %s", probe_device, strerror(errno));
	return file;
}

/* Reads all that is there; the file is open with O_NONBLOCK. */
static inline void probe_drain(int file)
{
	static char unwanted[65536];
	ssize_t got;

	do {
		got = read(file, unwanted, sizeof(unwanted));
	} while (got > 0);
	if (!got || errno != EAGAIN)
		ktap_bail_out("%s: read until empty ended with %s", probe_device,
			      got ? strerror(errno) : "end of file");
}

/*
 * A table of tests
 */

/* One test; "needs" is a feature without which it is skipped, or NULL. */
struct probe_test {
	const char *name;
	bool (*passes)(void);
	const char *needs;
};

static char probe_skipped[160];		/* why the running test is skipped */
static char probe_expected[160];	/* why it is expected to fail */
static char probe_stopped[160];		/* why all that follow are skipped */

/* "return probe_skip(...);" in a test: it cannot be run here. */
__attribute__((format(printf, 1, 2)))
static inline bool probe_skip(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(probe_skipped, sizeof(probe_skipped), format, values);
	va_end(values);
	return true;
}

/* "return probe_xfail(...);" in a test: it failed, as is known. */
__attribute__((format(printf, 1, 2)))
static inline bool probe_xfail(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(probe_expected, sizeof(probe_expected), format, values);
	va_end(values);
	return false;
}

/* All tests that follow are skipped, for this reason. */
__attribute__((format(printf, 1, 2)))
static inline void probe_stop(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(probe_stopped, sizeof(probe_stopped), format, values);
	va_end(values);
}

static inline void probe_run_one(const struct probe_test *test, void (*before)(void),
				 bool (*after)(void))
{
	char reason[80];
	bool passes;

	if (*probe_stopped) {
		ktap_skip(test->name, probe_stopped);
		return;
	}
	if (test->needs && !probe_claims(test->needs)) {
		snprintf(reason, sizeof(reason), "generated without %s", test->needs);
		ktap_skip(test->name, reason);
		return;
	}
	*probe_skipped = *probe_expected = '\0';
	probe_guard(test->name, 4 * probe_seconds + 1);
	if (before)
		before();
	passes = test->passes();
	if (after)
		passes = after() && passes;
	probe_guard("", 0);
	if (passes && *probe_skipped)
		ktap_skip(test->name, probe_skipped);
	else if (!passes && *probe_expected)
		ktap_xfail(test->name, probe_expected);
	else
		ktap_result(passes, test->name);
}

/* Runs them all, "before" and "after" around each if they are not NULL. */
static inline void probe_run(const struct probe_test *tests, unsigned int number,
			     void (*before)(void), bool (*after)(void))
{
	for (unsigned int i = 0; i < number; i++)
		probe_run_one(&tests[i], before, after);
}

#endif
