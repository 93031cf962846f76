package org.videotg.training.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.run.ChildProcess;
import org.videotg.models.tensor.NativeRuntime;

/**
 * The main class of the child process that trains. Arguments: the run's folder, which holds the plan, and "new" or
 * "resume". Exit codes: 0 done, 1 bad input, 2 a defect, {@value #STOPPED} stopped by a signal (or by the parent's end)
 * after a checkpoint.
 */
public final class TrainingChild {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingChild.class);

    static final int STOPPED = 130;
    private static final long STOP_TIMEOUT_SECONDS = 120;
    private static final String SMALLER =
            "set compute.recompute=true, lower compute.headChunk, grpo.group, grpo.maxTokens, compute.workers or the pixels of a"
                    + " video (video), set compute.dtype=bfloat16, or train an adapter (lora); then --resume or begin anew";

    private TrainingChild() {}

    public static void main(String[] args) {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger code = new AtomicInteger(2);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    stop.set(true);
                    try {
                        // The step that is running ends, and its checkpoint is written, before native libraries are
                        // torn down.
                        ended.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(code.get());
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        ChildProcess.watchParent(() -> stop.set(true));
        Path folder = Path.of(args[0]);
        try {
            boolean done = new TrainingRun(TrainingPlan.read(folder), stop::get).run(args[1].equals("resume"));
            code.set(done ? 0 : STOPPED);
        } catch (InputException e) {
            code.set(1);
            LOG.error("{}", e.getMessage());
        } catch (RuntimeException | Error e) {
            Optional<String> memory = NativeRuntime.outOfMemory(e);
            code.set(memory.isPresent() ? 1 : code.get());
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            Path log = folder.resolve("error.log");
            AtomicFiles.writeString(log, trace.toString());
            String what = e.toString().lines().findFirst().orElse("");
            LOG.error(
                    "{} (see {})",
                    memory.map(message -> message + "; " + SMALLER).orElse("a defect of this program: " + what),
                    log);
        } finally {
            ended.countDown();
        }
        Runtime.getRuntime().halt(code.get());
    }
}
