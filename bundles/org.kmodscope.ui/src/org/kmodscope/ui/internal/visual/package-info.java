/* SPDX-License-Identifier: EPL-2.0 */
/**
 * What events look like: colours by the theme registry, shapes, fonts, words for times and counts.
 */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.kmodscope.ui.internal.visual;
