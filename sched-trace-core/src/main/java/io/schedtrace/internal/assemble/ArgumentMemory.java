package io.schedtrace.internal.assemble;

import java.util.List;

/** Bounds the memory that the arguments of a session take. Not thread-safe. */
final class ArgumentMemory {
    private static final int LONGEST_NAME = 256;

    private long left;
    private long shortened;

    /** @param characters how many characters of arguments are kept */
    ArgumentMemory(long characters) {
        this.left = characters;
    }

    /** The list itself if there is room for it; else a list of {@code argv[0]}, the name that the program was given. */
    List<String> keep(List<String> arguments) {
        long size = size(arguments);
        if (size <= left) {
            left -= size;
            return arguments;
        }
        shortened++;
        String name = arguments.get(0);
        return List.of(name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME));
    }

    /** Takes back what {@link #keep} has kept. */
    void release(long characters) {
        left += characters;
    }

    /** How many characters a list has. */
    static long size(List<String> arguments) {
        long size = 0;
        for (String argument : arguments) {
            size += argument.length();
        }
        return size;
    }

    /** How many lists have been shortened. */
    long shortened() {
        return shortened;
    }
}
