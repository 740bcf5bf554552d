package io.schedtrace.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.Exclusion;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.backend.UnavailableBackend;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstAvailableTest {
    private static final FeedOptions OPTIONS = new FeedOptions(FeedOptions.ANY_SIZE, false, false);
    private static final Backend NO_CAPABILITY = new UnavailableBackend(Reason.NO_CAPABILITY, "no capability");
    private static final Backend REFUSED = new UnavailableBackend(Reason.REFUSED, "no helper");

    private final Feed feed = (Feed) Proxy.newProxyInstance(
            Feed.class.getClassLoader(), new Class<?>[] {Feed.class}, (proxy, method, arguments) -> null);

    private final Backend works = new Backend() {
        @Override
        public Availability availability() {
            return new Availability(null, "works");
        }

        @Override
        public Feed open(FeedOptions options) {
            return feed;
        }

        @Override
        public Exclusion exclusion() {
            return Exclusion.NONE;
        }

        @Override
        public void leave() {}
    };

    private static FirstAvailable of(Backend... ways) {
        return new FirstAvailable(List.of(ways));
    }

    @Test
    void shouldTakeTheFirstThatWorks() {
        FirstAvailable ways = of(NO_CAPABILITY, works, REFUSED);
        assertThat(ways.availability()).isEqualTo(new Availability(null, "works"));
        assertThat(ways.open(OPTIONS)).isSameAs(feed);
    }

    @Test
    void shouldTellOfAllIfNoneWorks() {
        FirstAvailable ways = of(NO_CAPABILITY, REFUSED, REFUSED);
        Availability told = ways.availability();
        assertThat(told).isEqualTo(new Availability(Reason.NO_CAPABILITY, "no capability; or: no helper"));
        assertThatExceptionOfType(TracingUnavailableException.class)
                .isThrownBy(() -> ways.open(OPTIONS))
                .withMessage(told.message())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(told.reason()));
    }

    @Test
    void shouldNotTryOthersWhereNoneCanWork() {
        FirstAvailable ways = of(new UnavailableBackend(Reason.NOT_LINUX, "no Linux"), works);
        assertThat(ways.availability()).isEqualTo(new Availability(Reason.NOT_LINUX, "no Linux"));
        assertThatExceptionOfType(TracingUnavailableException.class)
                .isThrownBy(() -> ways.open(OPTIONS))
                .withMessage("no Linux");
    }
}
