/* SPDX-License-Identifier: EPL-2.0 */
/** Events of a driver: the record, its codec, the ring, the pump and the bounded model. */
@NonNullByDefault
package org.kmodscope.core.event;

import org.eclipse.jdt.annotation.NonNullByDefault;
