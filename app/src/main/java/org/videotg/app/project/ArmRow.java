package org.videotg.app.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.videotg.app.report.run.Arm;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Samples;
import org.videotg.method.selection.Selection;

/**
 * An arm with its cost; a row of {@code arms.json}.
 *
 * @param folder relative to the cell's
 * @param data name of the selection it was trained on, or {@code all}; null if it was not trained
 * @param samples it was trained on
 * @param compute its cost; CPU seconds include the decoding of its videos and their vision features, shared equally
 *     among all videos
 */
record ArmRow(
        String name,
        String title,
        Arm.Role role,
        String folder,
        @JsonInclude(JsonInclude.Include.NON_NULL) String data,
        int samples,
        Arm.Compute compute) {
    /**
     * Reads what an arm has cost.
     *
     * @param parts processes that shared the encoding of the videos
     */
    static ArmRow of(Cell cell, Project.Arm arm, int parts) {
        String folder = cell.folder().relativize(cell.arm(arm).path()).toString();
        if (!arm.isTrained()) {
            return new ArmRow(arm.name(), arm.title(), arm.role(), folder, null, 0, Arm.Compute.NONE);
        }
        int samples = Samples.read(cell.trainingData(arm)).size();
        double perVideo = secondsPerVideo(cell, parts);
        JsonNode training = Json.read(cell.arm(arm).compute());
        Cost cost = new Cost(
                training.path("tokenForwards").asLong(),
                training.path("cpuSeconds").asDouble() + samples * perVideo,
                0,
                0);
        return new ArmRow(
                arm.name(),
                arm.title(),
                arm.role(),
                folder,
                arm.data(),
                samples,
                withAgents(cell, arm, cost, samples, perVideo));
    }

    private static Arm.Compute withAgents(Cell cell, Project.Arm arm, Cost training, int samples, double perVideo) {
        if (arm.data().equals(Project.Arm.ALL)) {
            return new Arm.Compute(training, Cost.NONE, 0);
        }
        Selection.Report report = Json.read(cell.selectionReport(arm.data()), Selection.Report.class);
        int judged = Math.max(report.reflection().samples(), report.difficulty().samples());
        Cost agents = report.agentCost();
        double videos = Math.max(0, judged - samples) * perVideo;
        return new Arm.Compute(training, new Cost(agents.tokenForwards(), agents.cpuSeconds() + videos, 0, 0), judged);
    }

    private static double secondsPerVideo(Cell cell, int parts) {
        double seconds = 0;
        for (int part = 1; part <= parts; part++) {
            seconds += Json.read(cell.featureCost(part), Cost.class).cpuSeconds();
        }
        return seconds
                / (Samples.read(cell.train()).size() + Samples.read(cell.test()).size());
    }
}
