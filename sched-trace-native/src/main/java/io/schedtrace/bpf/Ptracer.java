package io.schedtrace.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The tracer, a program that makes the records with ptrace(2) for a JVM without privileges (sched-trace-ptracer.c). Its
 * process serves one probe, and ends with it or with this JVM.
 */
final class Ptracer {
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int ENOSYS = 38;

    private Ptracer() {}

    /** Returns the handle of a probe, see {@link KernelProbe}. */
    static long open(int ringBytes) {
        byte[] program = program();
        try {
            return KernelProbe.openTracer(null, program, ringBytes);
        } catch (ProbeException e) {
            boolean forbidden = e.errno() == EPERM || e.errno() == EACCES || e.errno() == ENOSYS;
            if (!forbidden || !String.valueOf(e.getMessage()).startsWith("cannot execute")) {
                throw e;
            }
        }
        return openFromFile(program, ringBytes);
    }

    /** Where the kernel executes no memory: vm.memfd_noexec of sysctl(8). */
    private static long openFromFile(byte[] program, int ringBytes) {
        try (PrivateDirectory directory = PrivateDirectory.create()) {
            Path file = directory.path().resolve("sched-trace-ptracer");
            Files.write(file, program);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return KernelProbe.openTracer(file.toString(), program, ringBytes);
        } catch (IOException e) {
            throw new MissingLibraryException("cannot unpack the tracer in " + System.getProperty("java.io.tmpdir")
                    + " (" + e + "); " + NativeLibrary.ANOTHER_DIRECTORY);
        }
    }

    private static byte[] program() {
        String resource = Platform.current().tracerResource();
        try (InputStream program = Ptracer.class.getClassLoader().getResourceAsStream(resource)) {
            if (program == null) {
                throw new MissingLibraryException("sched-trace-native has no " + resource);
            }
            return program.readAllBytes();
        } catch (IOException e) {
            throw new MissingLibraryException("cannot read " + resource + ": " + e);
        }
    }
}
