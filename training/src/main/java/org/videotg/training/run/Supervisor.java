package org.videotg.training.run;

import java.util.List;
import java.util.function.Consumer;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.run.Stop;
import org.videotg.training.recipe.ComputeSettings;

/**
 * Runs a training in a child process. If a signal ends the child (native code crashed, or memory ran out), a line
 * reports it and the run is resumed, at most 5 times, as long as each attempt gets further than all before it. On
 * Windows the exit code is negative in this case.
 */
public final class Supervisor {
    private static final int RESTARTS = 5;
    private static final int SIGNALLED = 128;

    private final TrainingPlan plan;
    private final RunFolder out;
    private final Consumer<String> messages;

    /**
     * @param plan whose data have been checked
     * @param messages takes the lines of the child and of the supervisor
     */
    public Supervisor(TrainingPlan plan, Consumer<String> messages) {
        this.plan = plan;
        this.out = new RunFolder(plan.folder());
        this.messages = messages;
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
            if ((code >= 0 && code < SIGNALLED) || Stop.isStopCode(code)) {
                return code;
            }
            long reached = out.furthestStep();
            String event = (code < 0
                            ? "training crashed with code 0x" + Integer.toHexString(code)
                            : "training was killed by signal " + (code - SIGNALLED))
                    + " after step " + reached;
            if (restart == RESTARTS || reached <= before) {
                messages.accept(
                        event + (reached <= before ? ", no further than before" : ", after " + RESTARTS + " restarts")
                                + "; see " + out.path() + "/hs_err_*.log if there is one, then try --resume");
                return 2;
            }
            messages.accept(event + "; resuming (" + (restart + 1) + " of " + RESTARTS + ")");
            continued = true;
        }
    }

    private int once(boolean resume) {
        // Written before each start: another command may have replaced the file since.
        plan.write();
        // The child says where it stopped.
        Stop.advise("");
        ComputeSettings compute = plan.recipe().compute();
        try {
            return new ChildProcess(
                            TrainingChild.class,
                            List.of(out.path().toString(), resume ? "resume" : "new"),
                            out.path(),
                            compute.workers() * compute.threads())
                    .run(messages);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Stop.TERMINATED;
        }
    }
}
