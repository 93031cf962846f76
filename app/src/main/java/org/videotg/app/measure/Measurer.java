package org.videotg.app.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Installation;
import org.videotg.app.dryrun.Machine;
import org.videotg.app.dryrun.MatrixSpeed;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.OutputException;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.NativeRuntime.BlasThreads;
import org.videotg.models.tensor.NvidiaSmi;
import org.videotg.models.tensor.Placement;
import org.videotg.smallworld.WorldSettings;
import org.videotg.smallworld.WorldWriter;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import org.videotg.training.recipe.Recipe;

/** Measures this machine through the code that answers and trains, on two videos of the small world. */
public final class Measurer {
    private static final Logger LOG = LoggerFactory.getLogger(Measurer.class);
    private static final double MINUTE = 60;
    private static final int VIDEOS = 2;
    private static final int CPU_SIDE = 1024;
    private static final int GPU_SIDE = 8192;
    /** Of the small model, in seconds: agreement, step and answers. */
    private static final double SMALL_SECONDS = 15;

    private final Installation installation;
    private final MeasureSettings settings;
    private final Path folder;
    private final Placement placement = Placement.Choice.OPEN.resolve();
    private final Results results = new Results();
    private final TimeLimit time;

    private Measurer(Installation installation, MeasureSettings settings, Path folder) {
        this.installation = installation;
        this.settings = settings;
        this.folder = folder;
        this.time = new TimeLimit(settings.minutes() * MINUTE, System::nanoTime);
    }

    /** Measures; its files lie in the cache's folder while it does. */
    public static Measurements measure(Installation installation, MeasureSettings settings) {
        NativeRuntime.load();
        Path folder = AtomicFiles.temporaryFolder(installation.cache(), "measure");
        try {
            return new Measurer(installation, settings, folder).measure();
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private Measurements measure() {
        long program = ProcessUsage.residentBytes().orElse(0);
        WorldSettings world =
                WorldSettings.grounding(DomainSettings.named("base"), 1, VIDEOS, 0, AnnotationDefects.NONE);
        WorldWriter.write(world, folder.resolve("world"), (done, total) -> {});
        Path data = folder.resolve("world").resolve("train.jsonl");
        Recipe small = Workload.small().recipe(installation.embeddedModel(), data, false);
        say("agreement");
        agreements(small);
        say("matrix products");
        peaks();
        List<Sample> samples = Samples.read(data);
        ModelMeasurer.Setting setting = new ModelMeasurer.Setting(
                data,
                samples,
                new ModelMeasurer.Place(placement, MatrixPeak.of(results.peaks(), placement.precision())),
                new FreeMemory(small, placement.device(), program),
                results);
        small(setting);
        settings.sizes().forEach(size -> random(size, setting));
        return results.of(placement, time.elapsed(), facts());
    }

    private void say(String what) {
        LOG.info(
                "measuring {} ({} of {} s left)",
                what,
                Math.round(time.left()),
                Math.round(settings.minutes() * MINUTE));
    }

    private void agreements(Recipe small) {
        Placement gpu = new Placement(placement.device(), ComputeDtype.FLOAT32);
        int threads = NativeRuntime.threads();
        StepValues reference = withThreads(threads, () -> StepValues.of(small, Placement.CPU));
        if (!placement.device().isCpu()) {
            agreement(
                    placement.device() + " float32 against cpu float32",
                    ComputeDtype.FLOAT32,
                    StepValues.of(small, gpu),
                    reference);
        } else if (threads > 1) {
            StepValues single = withThreads(1, () -> StepValues.of(small, Placement.CPU));
            agreement("cpu float32, 1 thread against " + threads, ComputeDtype.FLOAT32, single, reference);
        } else {
            results.leaveOut("one thread against all", LeftOut.Reason.THREADS, "there is one thread");
        }
        Placement rounded = new Placement(placement.device(), ComputeDtype.BFLOAT16);
        agreement(
                placement.device() + " bfloat16 against cpu float32",
                ComputeDtype.BFLOAT16,
                withThreads(threads, () -> StepValues.of(small, rounded)),
                reference);
    }

    private void agreement(String what, ComputeDtype dtype, StepValues found, StepValues reference) {
        results.add(Agreement.of(what, found, reference, Agreement.Tolerance.of(dtype)));
    }

    private void peaks() {
        for (ComputeDtype dtype : ComputeDtype.values()) {
            if (placement.device().isCpu()) {
                int threads = NativeRuntime.threads();
                peak("cpu, 1 thread", CPU_SIDE, dtype, 1);
                if (threads > 1) {
                    peak("cpu, " + threads + " threads", CPU_SIDE, dtype, threads);
                }
            } else {
                peak(placement.device().toString(), GPU_SIDE, dtype, NativeRuntime.threads());
            }
        }
    }

    private void peak(String where, int side, ComputeDtype dtype, int threads) {
        double speed = withThreads(threads, () -> MatrixSpeed.square(side, new Placement(placement.device(), dtype)));
        results.add(new MatrixPeak(where, dtype.toString(), side, speed));
    }

    /** Computes in one thread or in all, and restores what small models compute in. */
    private static <T> T withThreads(int threads, Supplier<T> work) {
        try {
            torch.set_num_threads(threads);
            if (threads > 1) {
                BlasThreads.prepare(Long.MAX_VALUE);
            } else {
                BlasThreads.single();
            }
            return work.get();
        } finally {
            torch.set_num_threads(NativeRuntime.threads());
            BlasThreads.single();
        }
    }

    private void small(ModelMeasurer.Setting setting) {
        if (time.left() < SMALL_SECONDS) {
            outOfTime("small model", SMALL_SECONDS);
            return;
        }
        say("the small model");
        ModelMeasurer model = new ModelMeasurer(
                "small", installation.embeddedModel(), Workload.small(), setting, folder.resolve("features"));
        model.answers();
        model.step();
    }

    private void random(ModelSize size, ModelMeasurer.Setting setting) {
        Path checkpoint = folder.resolve(size.id());
        try {
            RandomCheckpoints.writeConfiguration(checkpoint, size.config());
            ModelMeasurer model = new ModelMeasurer(
                    size.id(), checkpoint, Workload.large(placement.device()), setting, folder.resolve("features"));
            Need need = model.need();
            double seconds = time.corrected(need.answerSeconds() + need.stepSeconds());
            if (seconds > time.left()) {
                outOfTime(size.id(), seconds);
                return;
            }
            long memory = setting.memory().free();
            // The files may lie in memory.
            long needed = setting.memory().ofProcess(need.answering() + (inMemory() ? need.disk() : 0));
            if (!setting.memory().fits(needed, memory)) {
                results.leaveOut(size.id(), LeftOut.Reason.MEMORY, FreeMemory.explain(needed, memory));
                return;
            }
            long disk = Machine.freeDisk(folder);
            if (disk < need.disk() + need.disk() / 10) {
                results.leaveOut(size.id(), LeftOut.Reason.DISK, FreeMemory.explain(need.disk(), disk));
                return;
            }
            say(size.id() + ", which may take " + Math.round(seconds) + " s");
            double begin = time.elapsed();
            RandomCheckpoints.writeWeights(checkpoint);
            model.answers();
            time.took(need.answerSeconds(), time.elapsed() - begin);
            double step = time.corrected(need.stepSeconds());
            if (step > time.left()) {
                outOfTime(size.id() + " GRPO step", step);
                return;
            }
            begin = time.elapsed();
            model.step();
            time.took(need.stepSeconds(), time.elapsed() - begin);
        } finally {
            AtomicFiles.deleteTree(checkpoint);
        }
    }

    private void outOfTime(String what, double seconds) {
        results.leaveOut(
                what,
                LeftOut.Reason.TIME,
                "may take " + Math.round(seconds) + " s, " + Math.round(time.left()) + " s are left");
    }

    private boolean inMemory() {
        try {
            return Files.getFileStore(folder).type().equals("tmpfs");
        } catch (IOException e) {
            throw new OutputException("can't look at " + folder + "; set VIDEOTG_CACHE to another folder", e);
        }
    }

    private static Advice.Facts facts() {
        return new Advice.Facts(
                NvidiaSmi.gpus().size(),
                Runtime.getRuntime().availableProcessors(),
                NativeRuntime.threads(),
                "passive".equalsIgnoreCase(System.getenv("OMP_WAIT_POLICY")));
    }
}
