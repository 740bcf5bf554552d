package io.schedtrace.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or all tests of a class, that trace by themselves: skipped with the reason where this machine, kernel or user
 * cannot. It fails instead where {@link WhenUnavailable#PARAMETER} or {@link WhenUnavailable#REQUIRE} asks for that.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(TracingAvailableCondition.class)
public @interface EnabledIfTracingAvailable {}
