package org.videotg.training.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Stop;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.distributed.RankGroup;
import org.videotg.training.distributed.RankLostException;
import org.videotg.training.distributed.RankVariables;
import org.videotg.training.distributed.SingleProcess;

/**
 * The main class of the child process that trains, alone or as one of several ranks. Arguments: the run's folder, the
 * number of the plan in it, "new" or "resume", and "alone" or "rank"; of a rank, the environment says which
 * ({@link RankVariables}). Exit codes: 0 done, 1 bad input, 2 a
 * defect, {@value RankLostException#EXIT_CODE} another rank was lost, 128 and the number of the signal that stopped it.
 */
public final class TrainingChild {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingChild.class);

    private static final String SMALLER =
            "set compute.recompute=true, lower compute.headChunk, grpo.group, grpo.maxTokens, compute.workers or the pixels of a"
                    + " video (video), set compute.dtype=bfloat16, or train an adapter (lora); then --resume or start again";

    private static final int STOP_SECONDS = 150;

    private TrainingChild() {}

    public static void main(String[] args) {
        Stop.handleSignals();
        Path folder = Path.of(args[0]);
        int plan = Integer.parseInt(args[1]);
        boolean resume = args[2].equals("resume");
        Optional<RankVariables> rank = args[3].equals("rank") ? RankVariables.of(System.getenv()) : Optional.empty();
        Stop.advise(rank.map(RankVariables::rank).orElse(0) == 0 ? "go on with the same command and --resume" : "");
        Training training = group -> new TrainingRun(TrainingPlan.read(folder, plan), () -> false, group).run(resume);
        int code = guarded(
                folder,
                () -> rank.map(variables -> inGroup(folder, training, variables))
                        .orElseGet(() -> train(training, new SingleProcess())));
        if (code == Stop.TERMINATED) {
            awaitStop();
        }
        // Native libraries are not shut down: a worker may still compute.
        Runtime.getRuntime().halt(code);
    }

    /** Leaves the last word to the thread that stops this process, if it was this one that was stopped. */
    private static void awaitStop() {
        try {
            for (int i = 0; Stop.isRequested() && i < STOP_SECONDS; i++) {
                Thread.sleep(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Trains, and returns whether the end was reached. */
    private interface Training {
        boolean in(ProcessGroup group);
    }

    private static int inGroup(Path folder, Training training, RankVariables variables) {
        RankGroup group = RankGroup.join(variables, TrainingChild::lost);
        int code = guarded(folder, () -> train(training, group));
        if (code == 0 || code == Stop.TERMINATED) {
            group.close();
        }
        return code;
    }

    /** Ends this rank because another is lost: what it computes, or waits for, comes to nothing. */
    private static void lost(RankLostException lost) {
        LOG.error("{}", lost.getMessage());
        Runtime.getRuntime().halt(RankLostException.EXIT_CODE);
    }

    private static int train(Training training, ProcessGroup group) {
        try {
            return training.in(group) ? 0 : Stop.TERMINATED;
        } catch (RankLostException e) {
            lost(e);
            throw e;
        } catch (RuntimeException | Error e) {
            group.fail(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            throw e;
        }
    }

    private static int guarded(Path folder, IntSupplier training) {
        try {
            return training.getAsInt();
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
