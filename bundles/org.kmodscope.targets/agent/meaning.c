// SPDX-License-Identifier: EPL-2.0
#include <errno.h>
#include <string.h>

#include "meaning.h"

const char *load_meaning(int error)
{
	switch (error) {
	case ENOEXEC:
		return "not a module for this kernel (built for another release, or no module)";
	case ENOENT:
		return "it uses a symbol that this kernel does not have";
	case EEXIST:
		return "a module of this name is loaded already";
	case EINVAL:
		return "the kernel does not accept its parameters or its format";
	case EPERM:
		return "the kernel does not allow modules to be loaded here";
	case EKEYREJECTED:
		return "its signature is not accepted here";
	case ENOKEY:
		return "it is not signed by a key that this kernel trusts";
	case EBUSY:
		return "a number or name it asks for is taken";
	case ENODEV:
		return "its init function found no device";
	default:
		return strerror(error);
	}
}

const char *unload_meaning(int error)
{
	switch (error) {
	case EWOULDBLOCK:
		return "it is in use: a program has its device open, or another module needs it";
	case EBUSY:
		return "it is in use: it is being loaded or unloaded, or has no exit function";
	case ENOENT:
		return "no module of this name is loaded";
	default:
		return strerror(error);
	}
}
