/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Optional;
import org.kmodscope.core.KmodscopeException;

/**
 * How a source ended.
 *
 * @param source its name
 * @param failure why it broke; empty when it ended by itself or was stopped
 */
public record SourceEnd(String source, Optional<KmodscopeException> failure) {}
