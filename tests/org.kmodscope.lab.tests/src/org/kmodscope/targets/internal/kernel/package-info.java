/* SPDX-License-Identifier: EPL-2.0 */
/** Packages that tests need, by the product's own way to packages. */
package org.kmodscope.targets.internal.kernel;
