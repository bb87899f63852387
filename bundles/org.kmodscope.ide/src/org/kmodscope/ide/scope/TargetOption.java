/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import org.kmodscope.core.target.TargetSpec;

/**
 * A target that can be chosen.
 *
 * @param spec what to open
 * @param title what users read
 */
public record TargetOption(TargetSpec spec, String title) {}
