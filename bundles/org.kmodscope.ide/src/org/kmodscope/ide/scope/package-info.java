/* SPDX-License-Identifier: EPL-2.0 */
/**
 * What the view Async Scope does, without the view: builds, loads, records and stimulates a driver
 * in jobs, and tells listeners what became of it.
 */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ide.scope;
