// SPDX-License-Identifier: EPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper.h"

/* Emptied by each boot, as is the kernel's list of modules. */
const char *const helper_state = "/run/kmodscope";

bool kernel_privileged(void)
{
	return geteuid() == 0;
}

bool kernel_has(const char *name)
{
	char path[sizeof("/sys/module//initstate") + NAME_ROOM];

	/* Only modules have a state; what is built in has no more than a directory. */
	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return !access(path, F_OK);
}

int kernel_load(int module, const char *parameters)
{
	/* No flags: neither version nor vermagic may be ignored. */
	return syscall(SYS_finit_module, module, parameters, 0) ? errno : 0;
}

int kernel_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}
