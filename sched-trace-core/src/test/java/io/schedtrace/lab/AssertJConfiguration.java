package io.schedtrace.lab;

import org.assertj.core.configuration.Configuration;
import org.assertj.core.configuration.PreferredAssumptionException;

/**
 * Lets an assumption of AssertJ, which finds this class, abort a test as JUnit knows it. With TestNG on the class path it
 * would throw the exception of that.
 */
public class AssertJConfiguration extends Configuration {
    @Override
    public PreferredAssumptionException preferredAssumptionException() {
        return PreferredAssumptionException.JUNIT5;
    }

    /** Without a word on standard output, which is that of tests. */
    @Override
    public void applyAndDisplay() {
        apply();
    }
}
