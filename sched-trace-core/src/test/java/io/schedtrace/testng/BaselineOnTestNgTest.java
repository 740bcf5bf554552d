package io.schedtrace.testng;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.junit.TraceBaseline;
import org.junit.jupiter.api.Test;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

class BaselineOnTestNgTest {
    /** TestNG finds its listener by the service loader. */
    public static class WithBaseline {
        @org.testng.annotations.Test
        @TraceBaseline("tree")
        public void annotated() {}

        @org.testng.annotations.Test
        public void plain() {}
    }

    @Test
    void shouldFailATestWhoseBaselineNobodyCanEnforce() {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG testng = new TestNG(false);
        testng.setTestClasses(new Class<?>[] {WithBaseline.class});
        testng.addListener(results);

        testng.run();

        assertThat(results.getPassedTests()).extracting(ITestResult::getName).containsExactly("plain");
        assertThat(results.getFailedTests())
                .singleElement()
                .satisfies(failed -> assertThat(failed.getThrowable())
                        .hasMessage("only JUnit Jupiter can enforce a @TraceBaseline; remove the annotation"));
    }
}
