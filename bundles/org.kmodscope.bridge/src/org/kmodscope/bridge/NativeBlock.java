/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.nio.ByteBuffer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Zeroed memory that starts at a page and is freed by {@link #free} alone. The garbage collector
 * knows nothing of it: what the kernel or the C library may still write to stays where it is, even
 * if every object that knew of it is gone. Owned by one thread at a time.
 *
 * @param address where it lies
 * @param bytes how long it is
 * @param buffer all of it, in the byte order of this machine
 */
record NativeBlock(long address, long bytes, ByteBuffer buffer) {

    static final int PAGE = 4096;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final long MAP_FAILED = -1;

    /**
     * New memory (mmap(2)).
     *
     * @throws KmodscopeException MISSING when there is none
     */
    static NativeBlock allocate(long bytes) throws KmodscopeException {
        return map(bytes, MAP_PRIVATE_ANONYMOUS, -1, 0);
    }

    /**
     * Memory that is shared with the kernel through a descriptor.
     *
     * @throws KmodscopeException MISSING when it cannot be mapped
     */
    static NativeBlock shared(int descriptor, long offset, long bytes) throws KmodscopeException {
        return map(bytes, MAP_SHARED_POPULATE, descriptor, offset);
    }

    private static NativeBlock map(long bytes, int flags, int descriptor, long offset)
            throws KmodscopeException {
        long address = Libc.mmap(0, bytes, PROT_READ_WRITE, flags, descriptor, offset);
        if (address == MAP_FAILED) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    bytes + " bytes of memory cannot be had: " + Libc.text(Libc.errno()) + ".",
                    "Ask for fewer or smaller requests, or raise the limits (ulimit -v, -l).");
        }
        return new NativeBlock(address, bytes, Libc.view(address, bytes));
    }

    /** Gives it back. Nothing may refer to it any more, least of all the buffer. */
    void free() {
        Libc.munmap(address, bytes);
    }
}
