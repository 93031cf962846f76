package org.videotg.app.doctor;

import java.util.List;
import java.util.Locale;

/**
 * Everything that was looked at.
 *
 * @param ok whether all of it will do
 */
public record Findings(boolean ok, List<Finding> findings) {
    public static Findings of(List<Finding> findings) {
        return new Findings(findings.stream().allMatch(Finding::ok), List.copyOf(findings));
    }

    /** A line each, for reading. */
    public List<String> lines() {
        return findings.stream()
                .map(finding -> String.format(
                        Locale.ROOT, "%-4s %-17s %s", finding.ok() ? "ok" : "BAD", finding.name(), finding.value()))
                .toList();
    }

    /** What to do about each that will not do. */
    public List<String> advice() {
        return findings.stream()
                .filter(finding -> !finding.ok())
                .map(finding -> "missing: " + finding.name() + ": " + finding.advice())
                .toList();
    }
}
