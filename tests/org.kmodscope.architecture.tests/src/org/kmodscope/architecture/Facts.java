/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import java.util.List;

/** All that the rules look at. */
record Facts(List<BundleFacts> bundles, List<SourceFacts> sources) {}
