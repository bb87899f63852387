/* SPDX-License-Identifier: EPL-2.0 */
#ifndef KMODSCOPE_HELPER_H
#define KMODSCOPE_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The room of struct module's name, with its end (include/linux/module.h). */
#define NAME_ROOM	56
#define DEVICES_MAX	64

/* How it ends; 1, 126 and 127 are left to sudo and pkexec. */
enum helper_exit {
	EXIT_RULES = 64,	/* the command line or a file breaks the rules below */
	EXIT_REFUSED = 65,	/* the kernel said no */
	EXIT_MACHINE = 66,	/* something this machine should have is not there */
};

/* Says why on standard error, and ends. */
void stop(enum helper_exit how, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* helper_words.c: the command line. Knows no files and needs no rights. */
enum verb { VERB_LOAD, VERB_PERMIT, VERB_UNLOAD, VERB_LOG, VERB_VERSION };

struct order {
	enum verb verb;
	char name[NAME_ROOM];		/* of the module, as the kernel spells it */
	const char *path;		/* load: absolute, ending in NAME.ko */
	char parameters[8192];		/* load: as finit_module(2) takes them */
};

struct order order_read(int argc, char **argv);

/* helper_files.c: what the helper looks at, each by its descriptor. */
struct devices {
	size_t count;
	dev_t numbers[4096];
};

/* What is kept of a loaded module, in a file of root's. */
struct record {
	uint32_t format;
	uint32_t uid;
	uint32_t count;
	uint64_t devices[DEVICES_MAX];
};

int module_open(const char *path, uid_t caller);
int state_open(const char *directory);
bool record_read(int state, const char *name, struct record *record);
void record_write(int state, const char *name, const struct record *record);
void devices_now(struct devices *devices);
void devices_since(const struct devices *before, struct record *record);
void device_permit(dev_t number, uid_t caller);

/*
 * helper_log.c: the kernel's log, as lines "log LEVEL SEQUENCE MICROSECONDS TEXT". log_follow()
 * says "following" first.
 */
int log_mark(void);
void log_since(int mark);
void log_follow(void);

/* helper_kernel.c: what only root may do, and a test must not. */
extern const char *const helper_state;
bool kernel_privileged(void);
bool kernel_has(const char *name);
int kernel_load(int module, const char *parameters);
int kernel_unload(const char *name);

#endif
