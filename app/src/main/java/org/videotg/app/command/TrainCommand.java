package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Findings;
import org.videotg.app.dryrun.DryRun;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Stop;
import org.videotg.core.sample.Samples;
import org.videotg.models.generate.LocalModel;
import org.videotg.training.distributed.RankVariables;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.Launch;
import org.videotg.training.run.RunFolder;
import org.videotg.training.run.Supervisor;
import org.videotg.training.run.TrainingPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains in a child process. */
@Command(
        name = "train",
        description = {
            "Train a model by SFT or GRPO as a recipe says; key=value changes one of its settings.",
            "Training runs in a process of its own: if that crashes, it is resumed from its last checkpoint. "
                    + "After kill -9 or a stop, --resume continues, and the final weights are those of an uninterrupted run."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg train recipes/curriculum.yaml --out runs/mine data=my.jsonl optimizer.learningRate=1e-5"
        })
final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);

    @Parameters(index = "0", paramLabel = "RECIPE", description = "yaml file, such as recipes/basic.yaml")
    private Path recipeFile;

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "settings that differ from the recipe's")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the run; default: what the recipe says")
    private Path out;

    @Option(names = "--resume", description = "continue the run in that folder; begin it if there is none")
    private boolean resume;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "processes on this machine that train together and divide the prompts of a step (default: "
                    + "one). Across machines start one command for each rank with RANK, LOCAL_RANK, WORLD_SIZE, "
                    + "MASTER_ADDR and MASTER_PORT set, as torchrun does, and without this option")
    private Integer ranks;

    @Option(
            names = "--restarts",
            paramLabel = "K",
            description = "how often a crashed run is resumed (default: 5, as long as it gets further each time)")
    private Integer restarts;

    @Option(
            names = "--dry-run",
            description = {
                "train nothing: check recipe, data, every video and the model, estimate memory, disk and "
                        + "time, and report all that is missing. Exit code 1 if something is"
            })
    private boolean dryRun;

    @Option(
            names = "--trial",
            paramLabel = "N",
            description = "real steps that a dry run times, 0 for none; default: 2 for models "
                    + "of up to a billion parameters")
    private Integer trial;

    @Mixin
    private DeepOption deep;

    @Option(names = "--json", description = "print the findings of a dry run as one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        Recipe recipe = Recipe.read(recipeFile, overrides);
        Launch launch = launch();
        if (dryRun) {
            return dryRun(recipe, launch.ranks());
        }
        Path folder = out == null
                ? recipe.outputFolder()
                        .orElseThrow(() ->
                                new InputException(recipeFile + ": no \"output\" is given; add it, or give --out DIR"))
                : out;
        Checks.folder("--out", folder);
        List<String> command = new ArrayList<>(List.of(recipeFile.toString()));
        command.addAll(overrides);
        TrainingPlan plan = new TrainingPlan(recipe, folder, command).check(resume, note -> LOG.info("note: {}", note));
        ModelOptions.warn(
                LocalModel.of(recipe.model()), Samples.videos(recipe.dataFile(), Samples.read(recipe.dataFile())));
        int code = new Supervisor(plan, launch, LOG::info).run(resume);
        if (code == 0 && launch.own().map(RankVariables::rank).orElse(0) == 0) {
            System.out.println(new RunFolder(folder).model() + ": trained");
        }
        return code == 0 || Stop.isStopCode(code) ? code : ExitCode.SOFTWARE;
    }

    /** Returns the processes that the options or the environment ask for. */
    private Launch launch() {
        Optional<RankVariables> own = RankVariables.of(System.getenv());
        if (own.isPresent() && (ranks != null || restarts != null || dryRun)) {
            throw new InputException("WORLD_SIZE says that a launcher has started this rank, where"
                    + " --ranks, --restarts and --dry-run have no meaning; leave them out, or unset WORLD_SIZE");
        }
        return new Launch(
                ranks == null ? 1 : ranks, own, restarts == null ? OptionalInt.empty() : OptionalInt.of(restarts));
    }

    private int dryRun(Recipe recipe, int processes) {
        Path folder = out == null ? recipe.outputFolder().orElse(Path.of("")) : out;
        Findings findings = DryRun.of(recipe, folder, new DryRun.Effort(trial, deep.orElse(true)), processes)
                .examine();
        if (json) {
            System.out.println(Json.line(findings));
        } else {
            findings.lines().forEach(System.out::println);
        }
        findings.advice().forEach(LOG::info);
        return findings.ok() ? 0 : 1;
    }
}
