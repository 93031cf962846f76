package org.videotg.training.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.run.Stop;
import org.videotg.training.distributed.RankGroup;
import org.videotg.training.distributed.RankLostException;
import org.videotg.training.distributed.RankVariables;
import org.videotg.training.recipe.ComputeSettings;

/**
 * Runs a training in a child process. If a signal ends the child (native code crashed, or memory ran out), a line
 * reports it and the run is resumed, at most 5 times, as long as each attempt gets further than all before it. On
 * Windows the exit code is negative in this case. Several ranks are as many child processes, which are all started
 * again; a rank that a launcher has started is not, since its launcher does so.
 */
public final class Supervisor {
    private static final int RESTARTS = 5;
    private static final int SIGNALLED = 128;
    /** Gloo prints a line for every rank that it connects. */
    private static final String GLOO = "[Gloo] Rank ";

    private final TrainingPlan plan;
    private final RunFolder out;
    private final Launch launch;
    private final Consumer<String> messages;

    /** Runs a training in one process. */
    public Supervisor(TrainingPlan plan, Consumer<String> messages) {
        this(plan, Launch.SINGLE, messages);
    }

    /**
     * @param plan whose data have been checked
     * @param messages takes the lines of the child and of the supervisor
     */
    public Supervisor(TrainingPlan plan, Launch launch, Consumer<String> messages) {
        this.launch = launch;
        this.plan = plan;
        this.out = new RunFolder(plan.folder());
        this.messages = line -> {
            if (!line.contains(GLOO)) {
                messages.accept(line);
            }
        };
    }

    /**
     * Trains and waits for the end.
     *
     * @return exit code: 0 done, 1 bad input, 2 a defect, 128 and the signal's number if it was stopped
     * @throws org.videotg.core.io.InputException for a bad folder, before any child starts
     */
    public int run(boolean resume) {
        out.check(resume);
        boolean continued = resume;
        for (int restart = 0; ; restart++) {
            long before = out.furthestStep();
            int code = once(continued);
            boolean lost = code == RankLostException.EXIT_CODE;
            if ((code >= 0 && code < SIGNALLED && !lost)
                    || Stop.isStopCode(code)
                    || launch.own().isPresent()) {
                return code;
            }
            long reached = out.furthestStep();
            String event = event(code) + " after step " + reached;
            int restarts = launch.restarts().orElse(RESTARTS);
            boolean idle = reached <= before && launch.restarts().isEmpty();
            if (restart == restarts || idle) {
                messages.accept(event + (idle ? ", no further than before" : ", after " + restarts + " restarts")
                        + "; see " + out.path() + "/hs_err_*.log if there is one, then try --resume");
                return 2;
            }
            messages.accept(event + "; resuming (" + (restart + 1) + " of " + restarts + ")");
            continued = true;
        }
    }

    private static String event(int code) {
        if (code == RankLostException.EXIT_CODE) {
            return "a rank was lost";
        }
        return code < 0
                ? "training crashed with code 0x" + Integer.toHexString(code)
                : "training was killed by signal " + (code - SIGNALLED);
    }

    private int once(boolean resume) {
        // Written before each start: another command may have replaced the file since.
        plan.write(launch.rank());
        // The child says where it stopped.
        Stop.advise("");
        try {
            if (launch.ranks() == 1) {
                return child(resume, launch.own()).run(messages);
            }
            List<RankGroup.Local> ranks = RankGroup.local(launch.ranks());
            return new RankProcesses(launch.ranks(), messages)
                    .run(rank -> child(resume, Optional.of(ranks.get(rank).variables())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Stop.TERMINATED;
        }
    }

    private ChildProcess child(boolean resume, Optional<RankVariables> rank) {
        ComputeSettings compute = plan.recipe().compute();
        return new ChildProcess(
                TrainingChild.class,
                List.of(
                        out.path().toString(),
                        String.valueOf(launch.rank()),
                        resume ? "resume" : "new",
                        rank.isPresent() ? "rank" : "alone"),
                out.path(),
                compute.workers() * compute.threads(),
                rank.map(RankVariables::environment).orElse(Map.of()));
    }
}
