package org.videotg.app.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.project.StageCommands.Model;
import org.videotg.app.report.ComparisonPage;
import org.videotg.app.report.Report;
import org.videotg.app.report.run.Comparison;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.RunManifest;

/**
 * What a run of a project has found so far, from the files of its stages: tables, pages, and files of results.
 *
 * @param out folder of the run
 * @param models by the names of their bases; without those that are not there
 * @param parts processes that shared the encoding of a cell's videos
 */
record ProjectResults(Project project, Path out, Map<String, Model> models, int parts) {
    /**
     * One cell of which at least one arm has been evaluated.
     *
     * @param scores by other evaluators, by the name of the arm
     */
    private record Reported(Cell cell, RunParts parts, Path page, Map<String, List<JsonNode>> scores) {
        Comparison.Cell compared() {
            return new Comparison.Cell(
                    cell.data().name(), cell.seed(), cell.base().name(), parts.arms());
        }
    }

    /**
     * Writes the pages and files, and completes the manifest by the data and models.
     *
     * @return empty if no arm has been evaluated
     */
    Optional<ProjectRun.Results> write(RunManifest manifest) {
        RunManifest complete = manifest;
        List<Reported> reported = new ArrayList<>();
        for (Cell cell : project.cells(out)) {
            if (Files.exists(cell.train()) && Files.exists(cell.test())) {
                complete = complete.withData(List.of(cell.train(), cell.test()));
                complete.write(out);
            }
            List<Project.Arm> arms = evaluated(cell);
            if (!arms.isEmpty()) {
                complete = identified(complete, cell.base(), EvaluationMetrics.read(cell.eval(arms.get(0))));
                complete.write(out);
                reported.add(report(cell, arms));
            }
        }
        if (reported.isEmpty()) {
            return Optional.empty();
        }
        ResultFiles.write(
                out,
                reported.stream()
                        .map(cell -> new ResultFiles.CellResults(cell.compared(), cell.scores()))
                        .toList());
        return Optional.of(project.isSingle() ? single(reported.get(0)) : compared(reported));
    }

    private static List<Project.Arm> evaluated(Cell cell) {
        return cell.arms().stream()
                .filter(arm -> Files.exists(cell.eval(arm).resolve(EvaluationMetrics.FILE)))
                .toList();
    }

    private Reported report(Cell cell, List<Project.Arm> arms) {
        AtomicFiles.writeString(
                cell.armRows(),
                Json.pretty(
                        arms.stream().map(arm -> ArmRow.of(cell, arm, parts)).toList()));
        RunParts run = RunReader.read(cell.folder());
        Path page = Report.write(cell.folder(), run);
        Map<String, List<JsonNode>> scores = new LinkedHashMap<>();
        arms.stream()
                .filter(arm -> Files.exists(cell.scores(arm)))
                .forEach(arm -> scores.put(
                        arm.name(),
                        Jsonl.read(cell.scores(arm)).stream()
                                .map(Jsonl.Row::node)
                                .toList()));
        return new Reported(cell, run, page, scores);
    }

    private static ProjectRun.Results single(Reported only) {
        List<String> table = new ArrayList<>(ResultTable.ofCell(only.compared().arms()));
        only.scores().forEach((arm, rows) -> table.addAll(ResultTable.scores(arm, rows)));
        return new ProjectRun.Results(
                table,
                only.page(),
                List.of(Report.result(only.parts())),
                only.parts().notes());
    }

    private ProjectRun.Results compared(List<Reported> reported) {
        List<Comparison> comparisons =
                Comparison.of(reported.stream().map(Reported::compared).toList());
        List<String> table = new ArrayList<>(ResultTable.of(comparisons));
        reported.forEach(cell -> cell.scores()
                .forEach((arm, rows) ->
                        table.addAll(ResultTable.scores(cell.cell().name() + "/" + arm, rows))));
        Path page = ComparisonPage.write(
                out,
                comparisons,
                reported.stream().map(cell -> cell.cell().name()).toList());
        List<String> warnings = reported.stream()
                .flatMap(cell ->
                        cell.parts().notes().stream().map(note -> cell.cell().name() + ": " + note))
                .toList();
        return new ProjectRun.Results(table, page, ComparisonPage.results(comparisons), warnings);
    }

    /** Names the base; if there are several, in a note each, since each evaluation has a manifest of its own. */
    private RunManifest identified(RunManifest manifest, Project.Base base, EvaluationMetrics metrics) {
        Model model = models.get(base.name());
        if (model == null) {
            return manifest;
        }
        if (project.bases().size() > 1) {
            return manifest.withNote("base " + base.name(), model.folder() + ", weights " + model.fingerprint());
        }
        ModelIdentity evaluated = metrics.model();
        ModelIdentity identity = new ModelIdentity(
                model.folder().toString(),
                evaluated.architecture(),
                model.fingerprint(),
                evaluated.preprocessing(),
                evaluated.compute());
        return manifest.withModel(
                identity, PromptTemplate.named(metrics.prompt()), metrics.fps(), metrics.pixelBudget());
    }
}
