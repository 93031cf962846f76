package org.videotg.app.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.io.RecordShards;

/** The stages of a cell that make its samples and encode their videos. */
record DataStages(StageCommands commands) {
    /** Returns the stages that make the samples; none if they are there. */
    List<Stage> samples() {
        if (cell().data().world() != null) {
            return List.of(world());
        }
        DataSet.Convert convert = cell().data().convert();
        if (convert == null) {
            return List.of();
        }
        Arguments train = convert(cell().data().train(), cell().train(), convert.trainQuestions());
        if (convert.holdOut() > 0) {
            train.with("--hold-out", convert.holdOut()).with("--held-out", cell().test());
            return List.of(converting("train", train, List.of(cell().test(), cell().train())));
        }
        Arguments test = convert(cell().data().test(), cell().test(), convert.testQuestions());
        return List.of(
                converting("train", train, List.of(cell().train())), converting("test", test, List.of(cell().test())));
    }

    private Arguments convert(String annotations, Path out, String questions) {
        DataSet.Convert convert = cell().data().convert();
        Arguments arguments = new Arguments("convert", annotations)
                .with("--videos", convert.videos())
                .with("--out", out);
        Optional.ofNullable(convert.from()).ifPresent(format -> arguments.with("--from", format));
        Optional.ofNullable(questions).ifPresent(file -> arguments.with("--questions", file));
        if (!convert.fix().isEmpty()) {
            arguments.with("--fix", String.join(",", convert.fix()));
        }
        return arguments;
    }

    private Stage converting(String part, Arguments arguments, List<Path> outputs) {
        return commands.shared(StageKind.CONVERT, " " + part, arguments, outputs);
    }

    private Stage world() {
        DataSet.World world = cell().data().world();
        Arguments arguments = new Arguments("world")
                .with("--out", cell().world())
                .with("--videos", world.train())
                .with("--test", world.test())
                .with("--task", world.task())
                .with("--seed", world.seed() + cell().seed())
                .with("--domain", world.domain())
                .with("--partial", world.partial())
                .with("--truncated", world.truncated())
                .with("--systematic", world.systematic());
        int videos = commands.samples().all();
        return commands.shared(StageKind.WORLD, "", arguments, List.of(cell().world(), cell().truth()))
                .costing(commands.rates().start() + videos * commands.rates().world())
                .progressing(() -> StageFiles.count(cell().world().resolve("videos"), ".mp4") / (double) videos);
    }

    /** Returns the stages that encode the videos, as the arms read them. */
    List<Stage> features(Asked asked) {
        return IntStream.rangeClosed(1, commands.launch().parts())
                .mapToObj(part -> features(part, asked))
                .toList();
    }

    private Stage features(int part, Asked asked) {
        int parts = commands.launch().parts();
        int videos = commands.samples().all();
        Arguments arguments = new Arguments("features")
                .with("--data", cell().train())
                .with("--data", cell().test())
                .with("--model", commands.model().folder())
                .with("--features", cell().features())
                .with("--part", part + "/" + parts)
                .with("--cost", cell().featureCost(part))
                .with("--video", asked.video());
        RecordShards cached = RecordShards.features(cell().features());
        return commands.own(
                        StageKind.FEATURES,
                        "-" + part,
                        arguments,
                        List.of(cell().features(), cell().featureCost(part)),
                        videos * commands.rates().features() / parts)
                .progressing(() -> cached.count() / (double) videos);
    }

    private Cell cell() {
        return commands.cell();
    }
}
