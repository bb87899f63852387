/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.PBEKeySpec;
import org.eclipse.equinox.security.storage.ISecurePreferences;
import org.eclipse.equinox.security.storage.SecurePreferencesFactory;
import org.eclipse.equinox.security.storage.provider.IProviderHints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.ide.target.KeptSecrets;

/** Secrets in a secure storage of their own. */
class KeptSecretsTest {

    private static final String ID = "key /home/me/.ssh/id_pi";

    private final Path work;

    KeptSecretsTest(@TempDir Path work) {
        this.work = work;
    }

    private ISecurePreferences storage() throws IOException {
        Map<Object, Object> options = new HashMap<>();
        options.put(IProviderHints.PROMPT_USER, false);
        options.put(IProviderHints.DEFAULT_PASSWORD, new PBEKeySpec("master".toCharArray()));
        return SecurePreferencesFactory.open(work.resolve("storage").toUri().toURL(), options);
    }

    @Test
    void whatIsKeptIsFoundByItsIdentifierUntilItIsForgotten() throws Exception {
        ISecurePreferences storage = storage();
        KeptSecrets secrets = new KeptSecrets(() -> storage);
        assertEquals(Optional.empty(), secrets.find(ID));
        secrets.forget(ID);
        secrets.keep(ID, "hunter2");
        secrets.keep("ssh root@pi:2222", "other");
        assertEquals(Optional.of("hunter2"), secrets.find(ID));
        storage.flush();
        assertFalse(Files.readString(work.resolve("storage")).contains("hunter2"));
        secrets.forget(ID);
        assertEquals(Optional.empty(), secrets.find(ID));
        assertEquals(Optional.of("other"), secrets.find("ssh root@pi:2222"));
    }

    @Test
    void aStorageThatTheUserDoesNotOpenKeepsNothing() {
        KeptSecrets closed = new KeptSecrets(() -> null);
        closed.keep(ID, "hunter2");
        closed.forget(ID);
        assertEquals(Optional.empty(), closed.find(ID));
    }
}
