/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.core.KmodscopeException;

class IoUringTest {

    @ParameterizedTest
    @CsvSource({
        Libc.ENOSYS + ", built without it",
        Libc.EPERM + ", forbids it",
        Libc.ENOMEM + ", ulimit -l",
        Libc.EINVAL + ", io_uring_setup failed"
    })
    void saysWhyItCannotBeUsedAndWhatElseCan(int error, String words) {
        KmodscopeException refused = IoUring.refused(error);
        assertEquals(KmodscopeException.Kind.MISSING, refused.kind());
        assertTrue(
                refused.getMessage().contains(words)
                        || refused.getMessage().contains("io_uring_disabled"),
                refused.getMessage());
        assertTrue(refused.remedy().contains("aio"), refused.remedy());
    }
}
