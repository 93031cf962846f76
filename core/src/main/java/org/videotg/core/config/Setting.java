package org.videotg.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key of a settings file, on the record component that has its value. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** What the key means, for documentation and editors. */
    String value();

    /** The key; without it the component's name. */
    String key() default "";

    /**
     * YAML for the value of a key that is not given. Without it a primitive must be given, a section has the defaults
     * of its keys, and anything else is null.
     */
    String defaultValue() default "";

    /** Numbers that are allowed: {@code at least 1}, {@code above 0} or {@code in [0, 1)}. */
    String range() default "";

    /** Whether the key must be given. */
    boolean required() default false;

    /** Whether a section that is not given is null. */
    boolean optional() default false;

    /**
     * For a sealed interface: the key that chooses one of its records by
     * {@link com.fasterxml.jackson.annotation.JsonTypeName}. The chosen record's keys stand beside it.
     */
    String tag() default "";

    /** The type in words, where the Java type does not tell. */
    String type() default "";

    /** A record whose keys stand beside the other keys, and not in a section of their own. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Inline {
        /** YAML for a mapping of defaults that differ from the record's own. */
        String value() default "";
    }
}
