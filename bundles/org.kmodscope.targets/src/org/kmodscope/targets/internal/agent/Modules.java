/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.file.Path;
import java.util.List;
import org.kmodscope.core.KmodscopeException;

/**
 * Who loads and unloads modules: the agent where it is root, somebody who is where it is not. As
 * {@link org.kmodscope.core.target.TargetSession} has it.
 */
public interface Modules {

    /** Loads a module of this machine's disk. */
    void load(Path module, List<String> parameters) throws KmodscopeException, InterruptedException;

    /** Unloads a module by its name. */
    void unload(String module) throws KmodscopeException, InterruptedException;
}
