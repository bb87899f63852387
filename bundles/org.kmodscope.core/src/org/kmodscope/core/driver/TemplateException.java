/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

/** A template breaks a rule of its form: a defect of kmodscope's, not of the user's input. */
final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param line the line's number in the template, from 1
     */
    TemplateException(int line, String what) {
        super("line " + line + ": " + what);
    }
}
