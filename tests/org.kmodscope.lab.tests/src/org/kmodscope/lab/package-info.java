/* SPDX-License-Identifier: EPL-2.0 */
/** What must hold on a real kernel: these tests boot labs. */
package org.kmodscope.lab;
