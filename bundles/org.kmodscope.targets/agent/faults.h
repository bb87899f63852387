/* SPDX-License-Identifier: EPL-2.0 */
/* What the fault walk makes fail, and what of it is counted. */
#ifndef KMODSCOPE_FAULTS_H
#define KMODSCOPE_FAULTS_H

#define FAULT_KINDS 3

/* A kind of thing that can fail. */
struct fault_kind {
	const char *name;
	/* Its directory in debugfs. */
	const char *attribute;
	/*
	 * Not counted below this function: pages that a slab grows by, the debug objects' own pool.
	 * Both come only now and then.
	 */
	const char *spared;
};

extern const struct fault_kind fault_kinds[FAULT_KINDS];

/* Writes a text to a file of the kernel's; returns 0 or the error. */
int faults_put(const char *path, const char *text);

/* Has the kernel make faults where a driver meets them; returns 0 or the error. */
int faults_prepare(void);

/* Has the kernel count one kind, and of it only what a module asked for; 0 or the error. */
int faults_count_only(const struct fault_kind *kind);

#endif
