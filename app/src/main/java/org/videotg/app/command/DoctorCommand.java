package org.videotg.app.command;

import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Doctor;
import org.videotg.app.doctor.Findings;
import org.videotg.app.doctor.Installation;
import org.videotg.core.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks this machine. */
@Command(
        name = "doctor",
        description = "Report what this machine has (cores, threads in use, memory, versions) and what is missing. "
                + "The exit code is 1 if anything required is missing.",
        footer = {"", "Example:", "  ./videotg doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DoctorCommand.class);

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        Findings findings = Findings.of(Doctor.examine(Installation.current()));
        if (json) {
            System.out.println(Json.line(findings));
        } else {
            findings.lines().forEach(System.out::println);
        }
        findings.advice().forEach(LOG::info);
        return findings.ok() ? 0 : 1;
    }
}
