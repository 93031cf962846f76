package org.videotg.training.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Stop;
import org.videotg.models.tensor.NativeRuntime;

/**
 * The main class of the child process that trains. Arguments: the run's folder, which holds the plan, and "new" or
 * "resume". Exit codes: 0 done, 1 bad input, 2 a defect, 128 and the number of the signal that stopped it.
 */
public final class TrainingChild {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingChild.class);

    private static final String SMALLER =
            "set compute.recompute=true, lower compute.headChunk, grpo.group, grpo.maxTokens, compute.workers or the pixels of a"
                    + " video (video), set compute.dtype=bfloat16, or train an adapter (lora); then --resume or start again";

    private TrainingChild() {}

    public static void main(String[] args) {
        Stop.handleSignals();
        Stop.advise("go on with the same command and --resume");
        // Native libraries are not shut down: a worker may still compute.
        Runtime.getRuntime().halt(run(Path.of(args[0]), args[1].equals("resume")));
    }

    private static int run(Path folder, boolean resume) {
        try {
            new TrainingRun(TrainingPlan.read(folder), () -> false).run(resume);
            return 0;
        } catch (InputException e) {
            LOG.error("{}", e.getMessage());
            return 1;
        } catch (RuntimeException | Error e) {
            Optional<String> memory = NativeRuntime.outOfMemory(e);
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            Path log = folder.resolve("error.log");
            AtomicFiles.writeString(log, trace.toString());
            String what = e.toString().lines().findFirst().orElse("");
            LOG.error(
                    "{} (see {})",
                    memory.map(message -> message + "; " + SMALLER).orElse("a defect of this program: " + what),
                    log);
            return memory.isPresent() ? 1 : 2;
        }
    }
}
