package org.videotg.app.project;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.smallworld.WorldSettings;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;

/** A data set: a small world that is rendered, or files. */
public record DataSet(
        @Setting(value = "name: lower-case letters, digits and hyphens", defaultValue = "data")
        String name,

        @Setting(value = "the small world that is rendered", optional = true)
        World world,

        @Setting("without a world: samples to train on (jsonl), or with \"convert\" annotations in any format")
        String train,

        @Setting("without a world: samples to test on (jsonl), or with \"convert\" annotations in any format")
        String test,

        @Setting(value = "how the annotations are converted", optional = true)
        Convert convert,

        @Setting("what people decided about the training samples (jsonl, docs/review.md)")
        String decisions,

        @Setting(value = "names of the arms that are run on it; default: all", defaultValue = "[]")
        List<String> arms,

        @Setting(value = "names of the bases that are used on it; default: all", defaultValue = "[]")
        List<String> bases) {
    public DataSet {
        arms = List.copyOf(arms);
        bases = List.copyOf(bases);
        boolean complete = train != null && (test != null || (convert != null && convert.holdOut() > 0));
        if ((world == null) != complete || (world != null && (train != null || test != null || convert != null))) {
            throw new InputException("data \"" + name + "\" needs either \"world\", or \"train\" and \"test\","
                    + " or \"train\" and \"convert\" with a share to \"holdOut\"");
        }
        if (test != null && convert != null && convert.holdOut() > 0) {
            throw new InputException("data \"" + name + "\" has \"test\", so that nothing is held out; leave out"
                    + " \"holdOut\" or \"test\"");
        }
    }

    DataSet located(Path project) {
        return new DataSet(
                name,
                world,
                Project.located(train, project),
                Project.located(test, project),
                convert == null ? null : convert.located(project),
                Project.located(decisions, project),
                arms,
                bases);
    }

    DataSet withAllBases() {
        return new DataSet(name, world, train, test, convert, decisions, arms, List.of());
    }

    boolean has(Project.Arm arm) {
        return arms.isEmpty() || arms.contains(arm.name());
    }

    boolean has(Project.Base base) {
        return bases.isEmpty() || bases.contains(base.name());
    }

    /** Annotations in any format and a folder of videos, which {@code convert} turns into samples. */
    public record Convert(
            @Setting(value = "folder of the videos, sub-folders included", required = true)
            String videos,

            @Setting("format of the annotations (docs/datasets.md); default: recognised by the content")
            String from,

            @Setting("questions of NExT-GQA (csv) for the samples to train on")
            String trainQuestions,

            @Setting("questions of NExT-GQA (csv) for the samples to test on")
            String testQuestions,

            @Setting(
                    value = "share of the videos whose samples are held out to test on, where there is no \"test\"",
                    defaultValue = "0",
                    range = "in [0, 1)")
            double holdOut,

            @Setting(value = "quirks of the annotations that are repaired (docs/datasets.md)", defaultValue = "[]")
            List<String> fix) {
        public Convert {
            fix = List.copyOf(fix);
            Settings.check(Convert.class, videos, from, trainQuestions, testQuestions, holdOut, fix);
        }

        private Convert located(Path project) {
            return new Convert(
                    Project.located(videos, project),
                    from,
                    Project.located(trainQuestions, project),
                    Project.located(testQuestions, project),
                    holdOut,
                    fix);
        }
    }

    /** See {@link WorldSettings}. */
    public record World(
            @Setting(value = "preset of the small world", required = true)
            String domain,

            @Setting(value = "seed of the world, to which the project's seed is added", defaultValue = "0")
            long seed,

            @Setting(value = "videos to train on", required = true, range = "at least 1")
            int train,

            @Setting(value = "videos to test on", required = true, range = "at least 1")
            int test,

            @Setting(value = "share of the training samples that are partially annotated", defaultValue = "0")
            double partial,

            @Setting(value = "share of these whose annotation is cut short", defaultValue = "0")
            double truncated,

            @Setting(
                    value = "share of the other samples with a long event whose annotation is cut short",
                    defaultValue = "0")
            double systematic,

            @Setting(value = "vtg or gqa", defaultValue = "vtg")
            String task) {
        /** Returns the settings of the world with a seed of the project. */
        public WorldSettings settings(long projectSeed) {
            WorldSettings grounding = WorldSettings.grounding(
                    DomainSettings.named(domain),
                    seed + projectSeed,
                    train,
                    test,
                    new AnnotationDefects(partial, truncated, systematic));
            return task.equals("gqa") ? grounding.answering(false) : grounding;
        }
    }
}
