#!/bin/sh
# SPDX-License-Identifier: EPL-2.0
#
# What kbuild calls as CHECK: clang reads the source with the flags of the build and writes nothing.
# The flags are those of gcc, because that is what Debian's kernels are configured for; what only gcc
# knows, and what is meant for sparse, is left out. Headers use what gcc was found to have, hence one
# warning less: the address space of per-CPU variables is said twice.
for argument; do
    shift
    case $argument in
        --arch=* | -mlittle-endian | -Wbitwise | -Wno-return-void | -Wno-unknown-attribute | -D__CHECK*) ;;
        -fconserve-stack | -fno-allow-store-data-races | -mpreferred-stack-boundary=*) ;;
        -mrecord-mcount | -mindirect-branch* | -mfunction-return* | -mharden-sls* | -mskip-rax-setup) ;;
        -falign-* | -fmin-function-alignment=* | -fplugin* | -fno-ipa* | -fno-var-tracking* | -femit-struct-debug*) ;;
        -fzero-call-used-regs* | -fstrict-flex-arrays* | -fdiagnostics-show-context* | -fpatchable* | -ftrivial*) ;;
        -Wimplicit-fallthrough=5 | -Wno-maybe-uninitialized | -Wp,-MMD*) ;;
        *) set -- "$@" "$argument" ;;
    esac
    file=$argument
done
echo "CLANG $file"
exec clang -fsyntax-only -Wno-unknown-warning-option -Wno-unused-command-line-argument -Wno-gnu \
    -Wno-duplicate-decl-specifier "$@"
