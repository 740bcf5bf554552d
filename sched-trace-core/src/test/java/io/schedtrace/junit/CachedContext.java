package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.HttpURLConnection;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A Spring Boot application whose context Spring caches, so that all tests with {@link Uses} share one Tomcat. */
final class CachedContext {
    private static int contexts;
    private static int port;

    private CachedContext() {}

    /** Gives a test class the context. */
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Uses {}

    @Configuration
    @EnableAutoConfiguration
    @RestController
    static class Application {
        @GetMapping("/{deed}/{number}")
        void act(@PathVariable("deed") Deed deed, @PathVariable("number") int number) throws IOException {
            deed.here(number);
        }

        @EventListener
        void started(WebServerInitializedEvent event) {
            contexts++;
            port = event.getWebServer().getPort();
        }
    }

    /** The first test that uses the context. */
    @Uses
    static class Makes {
        @Test
        void makes() {}
    }

    /** Has a thread of Tomcat do the deed. */
    static void ask(Deed deed, int number) throws IOException {
        assertThat(contexts).as("contexts").isEqualTo(1);
        URL url = new URL("http://127.0.0.1:" + port + "/" + deed + "/" + number);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        assertThat(connection.getResponseCode()).isEqualTo(200);
        connection.disconnect();
    }
}
