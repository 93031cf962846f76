package org.videotg.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.videotg.app.doctor.Doctor;
import org.videotg.app.doctor.Finding;
import org.videotg.app.install.Installation;
import org.videotg.core.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this machine has, and what is missing. */
@Command(name = "doctor",
        description = "Say what this machine has (cores, threads in use, memory, versions) and what is missing. "
        + "Exit code 1 if something that is needed is missing.",
        footer = {"", "Example:", "  ./videotg doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    private record Result(boolean ok, List<Finding> findings) {}

    @Override
    public Integer call() {
        List<Finding> findings = Doctor.examine(Installation.current());
        boolean ok = findings.stream().allMatch(Finding::ok);
        if (json) {
            System.out.println(Json.line(new Result(ok, findings)));
        } else {
            findings.forEach(finding -> System.out.printf("%-4s %-17s %s%n", finding.ok() ? "ok" : "BAD", finding.name(),
                    finding.value()));
        }
        findings.stream().filter(finding -> !finding.ok())
                .forEach(finding -> System.err.println("missing: " + finding.name() + ": " + finding.advice()));
        return ok ? 0 : 1;
    }
}
