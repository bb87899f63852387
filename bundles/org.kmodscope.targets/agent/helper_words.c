// SPDX-License-Identifier: EPL-2.0
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "helper.h"

#define PARAMETERS_MAX		32
#define PARAMETER_LENGTH	255

#define USAGE \
	"one of: load /PATH/NAME.ko [PARAMETER=VALUE]..., permit NAME, unload NAME, log, version"

#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

static bool only(const char *text, size_t length, const char *allowed)
{
	return length && strspn(text, allowed) >= length;
}

static void check_name(const char *name)
{
	if (strlen(name) >= NAME_ROOM || !only(name, strlen(name), LETTERS DIGITS "_"))
		stop(EXIT_RULES, "a module's name is 1 to %d letters, digits and _", NAME_ROOM - 1);
}

/* The module NAME is in NAME.ko, where the file may have dashes for underscores. */
static void name_of_file(struct order *order)
{
	const char *file = strrchr(order->path, '/');
	size_t length;

	if (order->path[0] != '/' || strlen(order->path) >= PATH_MAX)
		stop(EXIT_RULES, "a module's path begins with / and is shorter than %d bytes",
		     PATH_MAX);
	file++;
	length = strlen(file);
	if (length <= 3 || length - 3 >= NAME_ROOM || strcmp(file + length - 3, ".ko"))
		stop(EXIT_RULES, "a module's file is called NAME.ko, NAME being at most %d long",
		     NAME_ROOM - 1);
	length -= 3;
	memcpy(order->name, file, length);
	order->name[length] = 0;
	for (char *c = order->name; *c; c++)
		if (*c == '-')
			*c = '_';
	check_name(order->name);
}

/*
 * The kernel takes all parameters as one string and divides it at blanks outside quotes
 * (lib/cmdline.c, next_arg()). With neither in a value, each stays one.
 */
static void check_parameter(const char *parameter)
{
	size_t name = strcspn(parameter, "=");
	const char *value = parameter + name;

	if (strlen(parameter) > PARAMETER_LENGTH)
		stop(EXIT_RULES, "a parameter is at most %d bytes long", PARAMETER_LENGTH);
	if (*value++ != '=' || !only(parameter, 1, LETTERS "_") ||
	    !only(parameter, name, LETTERS DIGITS "_"))
		stop(EXIT_RULES, "a parameter is NAME=VALUE, NAME of letters, digits and _");
	for (; *value; value++)
		if (*value <= ' ' || *value > '~' || *value == '"')
			stop(EXIT_RULES, "a parameter's value has no blanks, quotes or controls");
}

static void join_parameters(struct order *order, int count, char **parameters)
{
	char *end = order->parameters;

	_Static_assert(PARAMETERS_MAX * (PARAMETER_LENGTH + 1) <= sizeof(order->parameters),
		       "parameters fit");
	if (count > PARAMETERS_MAX)
		stop(EXIT_RULES, "a module is given at most %d parameters", PARAMETERS_MAX);
	for (int i = 0; i < count; i++) {
		check_parameter(parameters[i]);
		if (i)
			*end++ = ' ';
		end = stpcpy(end, parameters[i]);
	}
}

struct order order_read(int argc, char **argv)
{
	struct order order = { .verb = VERB_VERSION };
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "load") && argc > 2) {
		order.verb = VERB_LOAD;
		order.path = argv[2];
		name_of_file(&order);
		join_parameters(&order, argc - 3, argv + 3);
	} else if ((!strcmp(verb, "permit") || !strcmp(verb, "unload")) && argc == 3) {
		order.verb = verb[0] == 'p' ? VERB_PERMIT : VERB_UNLOAD;
		check_name(argv[2]);
		strcpy(order.name, argv[2]);
	} else if (!strcmp(verb, "log") && argc == 2) {
		order.verb = VERB_LOG;
	} else if (strcmp(verb, "version") || argc != 2) {
		stop(EXIT_RULES, USAGE);
	}
	return order;
}
