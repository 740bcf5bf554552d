package io.schedtrace.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.model.Loss;
import io.schedtrace.model.TraceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MailboxesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Queue<Object> heard = new ConcurrentLinkedQueue<>();
    private final TraceListener listener = new TraceListener() {
        @Override
        public void recordsLost(Loss loss) {
            heard.add(loss.untracked());
        }
    };

    private static java.util.function.Consumer<TraceListener> event(long number) {
        return target -> target.recordsLost(Loss.builder().untracked(number).build());
    }

    @Test
    void shouldBringEventsInOrderAndTheLastOneLast() {
        Mailboxes boxes = new Mailboxes(List.of(listener), DaemonThreads.FACTORY);
        List<Object> expected = new ArrayList<>();
        for (long i = 0; i < 10_000; i++) {
            boxes.publish(event(i));
            expected.add(i);
        }
        boxes.close(target -> heard.add("closed"), LONG);

        expected.add("closed");
        assertThat(heard).containsExactlyElementsOf(expected);
        assertThat(boxes.dropped()).isZero();
    }

    @Test
    void shouldBringTheRestToAListenerThatLeavesItsThreadInterrupted() {
        TraceListener interrupted = new TraceListener() {
            @Override
            public void recordsLost(Loss loss) {
                heard.add(loss.untracked());
                Thread.currentThread().interrupt();
            }
        };
        Mailboxes boxes = new Mailboxes(List.of(interrupted), DaemonThreads.FACTORY);
        boxes.publish(event(1));
        boxes.publish(event(2));
        boxes.close(target -> heard.add("closed"), LONG);

        assertThat(heard).containsExactly(1L, 2L, "closed");
    }

    @Test
    void shouldWaitForListenersOnAnInterruptedThread() {
        TraceListener slow = new TraceListener() {
            @Override
            public void recordsLost(Loss loss) {
                try {
                    Thread.sleep(200);
                } catch (InterruptedException e) {
                    heard.add(e);
                }
                heard.add(loss.untracked());
            }
        };
        Mailboxes boxes = new Mailboxes(List.of(slow), DaemonThreads.FACTORY);
        boxes.publish(event(1));
        Thread.currentThread().interrupt();
        boxes.close(target -> heard.add("closed"), LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(heard).containsExactly(1L, "closed");
    }

    @Test
    void shouldNotLetOneListenerHarmTheOthers() {
        TraceListener throwing = new TraceListener() {
            @Override
            public void recordsLost(Loss loss) {
                throw new AssertionError("no");
            }
        };
        Mailboxes boxes = new Mailboxes(List.of(throwing, listener), DaemonThreads.FACTORY);
        boxes.publish(event(1));
        boxes.publish(event(2));
        boxes.close(target -> heard.add(target == throwing ? "throwing closed" : "closed"), LONG);

        assertThat(heard).containsExactlyInAnyOrder(1L, 2L, "closed", "throwing closed");
    }

    @Test
    void shouldCallEachListenerOnAThreadOfItsOwn() {
        Mailboxes boxes = new Mailboxes(List.of(listener, new TraceListener() {}), DaemonThreads.FACTORY);
        boxes.close(target -> heard.add(Thread.currentThread()), LONG);

        assertThat(heard).hasSize(2).doesNotContain(Thread.currentThread()).doesNotHaveDuplicates();
    }

    @Test
    void shouldCountWhatASlowListenerDoesNotTake() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Mailboxes boxes = new Mailboxes(List.of(listener), DaemonThreads.FACTORY);
        boxes.publish(target -> {
            busy.countDown();
            Unchecked.await(go);
        });
        busy.await();
        for (long i = 0; i < 65_536 + 5; i++) {
            boxes.publish(event(i));
        }
        assertThat(boxes.dropped()).isEqualTo(5);

        go.countDown();
        boxes.close(target -> heard.add("closed"), LONG);
        assertThat(heard).hasSize(65_536 + 1).contains(0L, 65_535L, "closed");
    }

    @Test
    void shouldNotWaitForAListenerForEver() {
        CountDownLatch never = new CountDownLatch(1);
        Mailboxes boxes = new Mailboxes(List.of(listener), DaemonThreads.FACTORY);
        boxes.publish(target -> {
            heard.add("begun");
            try {
                never.await();
            } catch (InterruptedException e) {
                heard.add("interrupted");
            }
        });
        while (heard.isEmpty()) {
            Thread.onSpinWait();
        }
        long before = System.nanoTime();
        boxes.close(target -> {}, Duration.ofMillis(50));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(45), LONG);
    }

    @Test
    void shouldNotWaitForTheListenerThatCloses() {
        Mailboxes boxes = new Mailboxes(List.of(listener), DaemonThreads.FACTORY);
        CountDownLatch done = new CountDownLatch(1);
        boxes.publish(target -> {
            long before = System.nanoTime();
            boxes.close(last -> heard.add("closed"), LONG);
            heard.add(Duration.ofNanos(System.nanoTime() - before).compareTo(Duration.ofSeconds(15)) < 0);
            done.countDown();
        });
        Unchecked.await(done);

        assertThat(heard).contains(true);
    }

    @Test
    void shouldKnowWhetherAnybodyListens() {
        assertThat(new Mailboxes(List.of(), DaemonThreads.FACTORY).wanted()).isFalse();
        Mailboxes boxes = new Mailboxes(List.of(listener), DaemonThreads.FACTORY);
        assertThat(boxes.wanted()).isTrue();
        boxes.close(target -> {}, LONG);
    }

    private static final class Unchecked {
        static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
