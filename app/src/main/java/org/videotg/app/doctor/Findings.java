package org.videotg.app.doctor;

import java.util.List;
import java.util.Locale;

/**
 * The results of all checks.
 *
 * @param ok whether all suffice
 */
public record Findings(boolean ok, List<Finding> findings) {
    public static Findings of(List<Finding> findings) {
        return new Findings(findings.stream().allMatch(Finding::ok), List.copyOf(findings));
    }

    /** Returns one line per check. */
    public List<String> lines() {
        return findings.stream()
                .map(finding -> String.format(
                        Locale.ROOT, "%-4s %-17s %s", finding.ok() ? "ok" : "BAD", finding.name(), finding.value()))
                .toList();
    }

    /** Returns the advice of the checks that failed. */
    public List<String> advice() {
        return findings.stream()
                .filter(finding -> !finding.ok())
                .map(finding -> "missing: " + finding.name() + ": " + finding.advice())
                .toList();
    }
}
