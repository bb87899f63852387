/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.target;

import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.core.runtime.ILog;
import org.eclipse.equinox.security.storage.EncodingUtils;
import org.eclipse.equinox.security.storage.ISecurePreferences;
import org.eclipse.equinox.security.storage.StorageException;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Passwords and passphrases that the user wants to be remembered, in the platform's secure storage.
 * That may ask for its own password, so not on a thread that must not wait.
 */
public final class KeptSecrets {

    private static final String NODE = "org.kmodscope.ide";
    private static final String SECRET = "secret";

    private final Supplier<@Nullable ISecurePreferences> storage;

    /**
     * @param storage opens the storage; null when the user does not let it be opened
     */
    public KeptSecrets(Supplier<@Nullable ISecurePreferences> storage) {
        this.storage = storage;
    }

    /** The secret that is kept by an identifier, if one is. */
    public Optional<String> find(String id) {
        @Nullable ISecurePreferences root = storage.get();
        if (root == null || !root.nodeExists(path(id))) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(root.node(path(id)).get(SECRET, null));
        } catch (StorageException locked) {
            ILog.get().warn("The secure storage does not give the secret of " + id + ".", locked);
            return Optional.empty();
        }
    }

    /** Keeps a secret; where that is impossible, the error log says why. */
    public void keep(String id, String secret) {
        @Nullable ISecurePreferences root = storage.get();
        if (root != null) {
            try {
                root.node(path(id)).put(SECRET, secret, true);
            } catch (StorageException locked) {
                ILog.get().warn("The secure storage does not keep a secret.", locked);
            }
        }
    }

    /** Forgets a secret; none is success. */
    public void forget(String id) {
        @Nullable ISecurePreferences root = storage.get();
        if (root != null && root.nodeExists(path(id))) {
            root.node(path(id)).removeNode();
        }
    }

    private static String path(String id) {
        return NODE + "/" + EncodingUtils.encodeSlashes(id);
    }
}
