package io.schedtrace.junit;

import static io.schedtrace.junit.Way.Found.AS_STRAY;
import static io.schedtrace.junit.Way.Found.BY_EITHER;
import static io.schedtrace.junit.Way.Found.BY_ITS_TEST;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import jnr.ffi.LibraryLoader;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecuteResultHandler;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteWatchdog;
import org.zeroturnaround.exec.ProcessExecutor;

/** A way by which a test has something done. */
enum Way {
    OWN_THREAD("the test's own thread", BY_ITS_TEST, on(Runnable::run)),
    NEW_THREAD("a thread that it makes", BY_ITS_TEST, on(task -> new Thread(task).start())),
    OLDER_POOL_TRACED("a pool that an earlier traced test made", AS_STRAY, on(task -> Older.traced.execute(task))),
    OLDER_POOL_UNTRACED(
            "a pool that an earlier untraced test made", AS_STRAY, on(task -> Older.untraced.execute(task))),
    OLDER_SERVER("a server that an earlier test started", AS_STRAY, Older::askServer),
    SPRING_CONTEXT("a Spring Boot context that an earlier test cached", AS_STRAY, CachedContext::ask),
    COMMON_POOL("the common pool", AS_STRAY, on(ForkJoinPool.commonPool())),
    PARALLEL_STREAM("a parallel stream", BY_EITHER, Way::byParallelStream),
    COMPLETABLE_FUTURE("`CompletableFuture.runAsync`", BY_EITHER, on(task -> CompletableFuture.runAsync(task))),
    TIMEOUT(
            "`CompletableFuture.completeOnTimeout`",
            AS_STRAY,
            on(task -> new CompletableFuture<Integer>()
                    .completeOnTimeout(0, 20, TimeUnit.MILLISECONDS)
                    .thenRun(task))),
    VIRTUAL_THREAD("a virtual thread", AS_STRAY, on(Loom::start)),
    STRUCTURED_SCOPE("a structured task scope", AS_STRAY, on(Loom::fork)),
    HTTP_CLIENT("`HttpClient`", BY_EITHER, (deed, number) -> get(HttpClient.newHttpClient(), number)),
    OLDER_HTTP_CLIENT(
            "an `HttpClient` that an earlier test used", BY_EITHER, (deed, number) -> get(Older.client, number)),
    ZT_EXEC("zt-exec", BY_ITS_TEST, Way::byZtExec),
    COMMONS_EXEC("commons-exec", BY_ITS_TEST, Way::byCommonsExec),
    NATIVE_FORK("`system(3)` in native code", BY_ITS_TEST, Way::byLibc);

    /** Who finds it while tests run in parallel. With one test at a time it is always the test. */
    enum Found {
        BY_ITS_TEST("the test", "TEST"),
        AS_STRAY("a stray", "STRAY"),
        BY_EITHER("the test or a stray", "TEST|STRAY");

        final String label;
        private final String verdicts;

        Found(String label, String verdicts) {
            this.label = label;
            this.verdicts = verdicts;
        }

        boolean allows(String verdict) {
            return verdict.matches(verdicts);
        }
    }

    /** Has a deed done. */
    interface Action {
        void run(Deed deed, int number) throws Exception;
    }

    /** The functions of the C library that start processes behind Java's back. */
    public interface C {
        int system(String command);
    }

    final String label;
    final Found inParallel;
    private final Action action;

    Way(String label, Found inParallel, Action action) {
        this.label = label;
        this.inParallel = inParallel;
        this.action = action;
    }

    /** Why it cannot do a deed here; null if it can. */
    String whyNot(Deed deed) {
        boolean client = this == HTTP_CLIENT || this == OLDER_HTTP_CLIENT;
        return client && deed != Deed.CONNECTION
                ? "a client only connects"
                : this == VIRTUAL_THREAD && !Loom.hasThreads()
                        ? "needs JDK 21"
                        : this == STRUCTURED_SCOPE && !Loom.hasScopes() ? "needs JDK 25 with --enable-preview" : null;
    }

    void run(Deed deed) throws Exception {
        action.run(deed, ordinal() + 1);
    }

    /** Runs the deed on a thread of the executor. The calling thread waits and does not help. */
    private static Action on(Executor executor) {
        return (deed, number) -> {
            CountDownLatch done = new CountDownLatch(1);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            executor.execute(() -> {
                try {
                    deed.here(number);
                } catch (Throwable e) {
                    failure.set(e);
                } finally {
                    done.countDown();
                }
            });
            if (!done.await(30, TimeUnit.SECONDS) || failure.get() != null) {
                throw new AssertionError("not done", failure.get());
            }
        };
    }

    /** On another thread than the calling one, if one comes within a second. */
    private static void byParallelStream(Deed deed, int number) throws Exception {
        Thread caller = Thread.currentThread();
        AtomicBoolean begun = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        on(all -> IntStream.range(0, 64).parallel().forEach(i -> {
                    if (Thread.currentThread() == caller) {
                        await(done);
                    }
                    if (begun.compareAndSet(false, true)) {
                        all.run();
                        done.countDown();
                    }
                }))
                .run(deed, number);
    }

    private static void await(CountDownLatch done) {
        try {
            done.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void get(HttpClient client, int number) throws Exception {
        try {
            client.sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Deed.port(number)))
                                    .build(),
                            BodyHandlers.discarding())
                    .get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ConnectException)) {
                throw e;
            }
        }
    }

    private static void byZtExec(Deed deed, int number) throws Exception {
        var started = new ProcessExecutor(deed.command(number)).start();
        if (deed == Deed.CONNECTION) {
            started.getFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static void byCommonsExec(Deed deed, int number) throws Exception {
        CommandLine command = new CommandLine(deed.command(number).get(0));
        deed.command(number).stream().skip(1).forEach(argument -> command.addArgument(argument, false));
        DefaultExecutor executor = DefaultExecutor.builder().get();
        ExecuteWatchdog started = ExecuteWatchdog.builder()
                .setTimeout(ExecuteWatchdog.INFINITE_TIMEOUT_DURATION)
                .get();
        executor.setWatchdog(started);
        DefaultExecuteResultHandler ended = new DefaultExecuteResultHandler();
        executor.execute(command, ended);
        if (deed == Deed.CONNECTION) {
            ended.waitFor();
        } else if (!started.isWatching()) {
            throw new AssertionError("not started");
        }
    }

    private static void byLibc(Deed deed, int number) {
        String quoted = deed.commandLine(number).replace("sleep(30)", "'sleep(30)'");
        LibraryLoader.create(C.class)
                .load("c")
                .system(
                        deed == Deed.CONNECTION
                                ? "bash -c '" + quoted + "' >/dev/null 2>&1"
                                : quoted + " >/dev/null 2>&1 &");
    }
}
