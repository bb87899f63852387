/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

/** What stands for the kernel, and for being root, where the helper's rules are tested. */
final class HelperKernel {

    /** helper_kernel.c as this test has it: a module is a file in "loaded", the kernel its text. */
    static final String SOURCE =
            """
            #include <errno.h>
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            #include "helper.h"

            const char *const helper_state = WORK "/state";

            static const char *path_of(const char *name)
            {
            	static char path[4096];

            	snprintf(path, sizeof(path), WORK "/loaded/%s", name);
            	return path;
            }

            bool kernel_privileged(void)
            {
            	return true;
            }

            bool kernel_has(const char *name)
            {
            	return !access(path_of(name), F_OK);
            }

            int kernel_load(int module, const char *parameters)
            {
            	char text[64] = "";

            	if (read(module, text, sizeof(text) - 1) < 0)
            		return errno;
            	if (!strncmp(text, "error ", 6))
            		return atoi(text + 6);
            	printf("loads %s[%s]\\n", text, parameters);
            	return creat(path_of(text), 0600) < 0 ? errno : 0;
            }

            int kernel_unload(const char *name)
            {
            	return unlink(path_of(name)) ? errno : 0;
            }
            """;

    private HelperKernel() {}
}
