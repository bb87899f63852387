/* SPDX-License-Identifier: EPL-2.0 */
/** Tests of what the view Async Scope does, with a lab that replays what a driver would send. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ide.tests.scope;
