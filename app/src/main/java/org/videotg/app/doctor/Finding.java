package org.videotg.app.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The result of one check.
 *
 * @param value what was found
 * @param ok whether it suffices
 * @param advice what to do if it does not; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(String name, String value, boolean ok, String advice) {
    public static Finding good(String name, Object value) {
        return new Finding(name, String.valueOf(value), true, null);
    }

    public static Finding bad(String name, Object value, String advice) {
        return new Finding(name, String.valueOf(value), false, advice);
    }
}
