/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * What the rules ask of a compiled class.
 *
 * @param name fully qualified, nested classes with {@code $}
 * @param references every class it names: in code, signatures and annotations
 * @param mutableStatics static fields a program can assign again
 * @param methods names of its methods
 */
record ClassFacts(
        String name, Set<String> references, List<String> mutableStatics, Set<String> methods) {

    /** The class that was written in the file: without the names of nested classes. */
    String outermost() {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    static ClassFacts read(byte[] classFile) {
        var references = new TreeSet<String>();
        var mutableStatics = new ArrayList<String>();
        var methods = new TreeSet<String>();
        var members =
                // A writer as the last visitor, because its answers are never null: with null the
                // bodies of methods would be skipped.
                new ClassVisitor(Opcodes.ASM9, new ClassWriter(0)) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String type, String signature, Object value) {
                        boolean written = (access & Opcodes.ACC_SYNTHETIC) == 0;
                        boolean variable = (access & Opcodes.ACC_FINAL) == 0;
                        if (written && variable && (access & Opcodes.ACC_STATIC) != 0) {
                            mutableStatics.add(name);
                        }
                        return super.visitField(access, name, type, signature, value);
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String type,
                            String signature,
                            String[] thrown) {
                        methods.add(name);
                        return super.visitMethod(access, name, type, signature, thrown);
                    }
                };
        var recorder =
                new Remapper(Opcodes.ASM9) {
                    @Override
                    public String map(String internalName) {
                        references.add(internalName.replace('/', '.'));
                        return internalName;
                    }
                };
        var reader = new ClassReader(classFile);
        reader.accept(new ClassRemapper(members, recorder), 0);
        String name = reader.getClassName().replace('/', '.');
        references.remove(name);
        return new ClassFacts(name, references, mutableStatics, methods);
    }
}
