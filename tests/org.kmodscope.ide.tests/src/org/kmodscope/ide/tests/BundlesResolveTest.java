/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.eclipse.core.runtime.Platform;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The manifests hold in a real OSGi framework, and without the workbench. */
class BundlesResolveTest {

    @ParameterizedTest
    @ValueSource(strings = {"org.kmodscope.core", "org.kmodscope.ide"})
    void bundleStarts(String name) throws Exception {
        Bundle bundle = Platform.getBundle(name);
        assertNotNull(bundle, name + " is not installed");
        bundle.start(Bundle.START_TRANSIENT);
        assertEquals(Bundle.ACTIVE, bundle.getState());
    }
}
