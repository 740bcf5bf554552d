package io.schedtrace;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Wraps tasks and executors so that the tasks run in a scope of a tracer. */
final class ScopedTasks {
    private final ProcessTreeTracer tracer;

    /** @throws IllegalStateException if the tracer is closed */
    ScopedTasks(ProcessTreeTracer tracer) {
        this.tracer = tracer;
        if (tracer.session().isClosed()) {
            throw new IllegalStateException(
                    "the tracer is closed, so that nothing can be wrapped for it; in a test, wrap with the tracer of the"
                            + " test that is running");
        }
    }

    @SuppressWarnings("try")
    Runnable wrap(Runnable task) {
        return () -> {
            if (tracer.session().isClosed()) {
                task.run();
                return;
            }
            try (ThreadScope scope = tracer.enter()) {
                task.run();
            }
        };
    }

    @SuppressWarnings("try")
    <T> Callable<T> wrap(Callable<T> task) {
        return () -> {
            if (tracer.session().isClosed()) {
                return task.call();
            }
            try (ThreadScope scope = tracer.enter()) {
                return task.call();
            }
        };
    }

    Executor wrap(Executor executor) {
        return task -> submit(executor, task);
    }

    ExecutorService wrap(ExecutorService executor) {
        return new ScopedExecutor(executor);
    }

    /** Submits in no scope: a pool keeps the threads that it makes for the tasks of others. */
    private void submit(Executor executor, Runnable task) {
        Runnable wrapped = wrap(task);
        ThreadScope.runUnscoped(() -> executor.execute(wrapped));
    }

    private final class ScopedExecutor extends AbstractExecutorService {
        private final ExecutorService executor;

        ScopedExecutor(ExecutorService executor) {
            this.executor = executor;
        }

        @Override
        public void execute(Runnable task) {
            ScopedTasks.this.submit(executor, task);
        }

        @Override
        public void shutdown() {
            executor.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return executor.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return executor.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return executor.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return executor.awaitTermination(timeout, unit);
        }
    }
}
