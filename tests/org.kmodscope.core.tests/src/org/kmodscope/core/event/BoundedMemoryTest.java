/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A million events fit into the budget of design.md, and more events need no more memory. */
class BoundedMemoryTest {

    private static final long BUDGET = 64_000_000;

    @Test
    void theModelNeverGrowsBeyondItsBudget() throws IllegalAccessException {
        Random random = Seeded.random(BoundedMemoryTest.class);
        EventModel model = new EventModel(1 << 20, 500);
        EventMerge merge = new EventMerge(EventMerge.CAPACITY, 100, model);
        // Two sources on several descriptors, with all that makes the model remember something.
        int[] sources = {model.source("agent"), model.source("bridge")};
        EventKind[] kinds = EventKind.values();
        long after = 0;
        for (long each = 0; each < 3_500_000; each++) {
            EventKind kind = kinds[1 + random.nextInt(kinds.length - 1)];
            boolean loss = kind.isLoss() && random.nextInt(5000) != 0;
            merge.add(
                    sources[random.nextInt(2)],
                    each,
                    each * 1000,
                    EventCodec.head(loss ? EventKind.AIO_SUBMIT : kind, 0, random.nextInt(40)),
                    random.nextInt(),
                    64,
                    0x41);
            if (each == 1_200_000) {
                after = size(model, merge, new EventRing(), new EventRing());
            }
        }
        long size = size(model, merge, new EventRing(), new EventRing());
        System.out.println(
                "model with merge and two rings: "
                        + size
                        + " bytes after 3.5 million events, "
                        + after
                        + " after 1.2 million; the window alone "
                        + EventWindow.bytes(1 << 20));
        assertTrue(size <= BUDGET, size + " bytes");
        assertTrue(size - after < 1_000_000, "it still grows: " + after + " to " + size);
        assertEquals(
                1 << 20,
                model.snapshot(0, new boolean[EventModel.MOST_SOURCES], Optional.empty())
                                .latest()
                                .size()
                        + (1 << 20)
                        - 500);
    }

    /** Bytes of all arrays and objects that can be reached, headers of 16 bytes included. */
    private static long size(Object... roots) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> todo = new ArrayDeque<>();
        for (Object root : roots) {
            visit(root, seen, todo);
        }
        long bytes = 0;
        while (!todo.isEmpty()) {
            Object next = todo.pop();
            Class<?> type = next.getClass();
            bytes += 16;
            if (type.isArray()) {
                bytes += Array.getLength(next) * (long) width(type.getComponentType());
                if (next instanceof Object[] elements) {
                    for (Object each : elements) {
                        visit(each, seen, todo);
                    }
                }
            } else if (next instanceof Collection<?> elements) {
                bytes += 8L * elements.size();
                for (Object each : elements) {
                    visit(each, seen, todo);
                }
            } else if (!type.getName().startsWith("java.")) {
                for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
                    bytes += fields(next, each, seen, todo);
                }
            }
        }
        return bytes;
    }

    private static long fields(Object of, Class<?> type, Set<Object> seen, Deque<Object> todo)
            throws IllegalAccessException {
        long bytes = 0;
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                bytes += width(field.getType());
                if (!field.getType().isPrimitive() && field.trySetAccessible()) {
                    visit(field.get(of), seen, todo);
                }
            }
        }
        return bytes;
    }

    private static void visit(Object next, Set<Object> seen, Deque<Object> todo) {
        if (next != null && !(next instanceof Enum) && seen.add(next)) {
            todo.push(next);
        }
    }

    private static int width(Class<?> type) {
        if (type == long.class || type == double.class || !type.isPrimitive()) {
            return 8;
        }
        if (type == int.class || type == float.class) {
            return 4;
        }
        return type == short.class || type == char.class ? 2 : 1;
    }
}
