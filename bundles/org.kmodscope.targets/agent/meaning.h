/* SPDX-License-Identifier: EPL-2.0 */
#ifndef KMODSCOPE_MEANING_H
#define KMODSCOPE_MEANING_H

/* meaning.c: what the kernel means by the errors of finit_module(2) and delete_module(2). */
const char *load_meaning(int error);
const char *unload_meaning(int error);

#endif
