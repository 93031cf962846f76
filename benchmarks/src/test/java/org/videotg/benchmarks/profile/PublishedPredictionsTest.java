package org.videotg.benchmarks.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.SharedData;

/** Published prediction files against the numbers published with them; skipped where the files are missing. */
class PublishedPredictionsTest {
    private static final MetricProfile.Settings SETTINGS = new MetricProfile.Settings(null, false, false);

    private static Score score(String profile, String predictions, String... annotations) {
        List<AnnotationFile> truths = AnnotationFile.readAll(
                Stream.of(annotations).map(SharedData::file).toList());
        Pairing pairing = predictions.isEmpty()
                ? Pairing.wholeVideo(truths)
                : Pairing.join(truths, PredictionFile.read(List.of(SharedData.file(predictions))));
        assertEquals(List.of(), pairing.unmatched());
        return MetricProfile.named(profile, SETTINGS).score(pairing.pairs());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "moment_detr/sample_val_preds.jsonl",
                "moment_detr/inference_hl_val_test_code_preds.jsonl",
                "qd_detr/video_checkpoint__hl_val_submission.jsonl"
            })
    void qvHighlightsByMomentDetr(String file) {
        Score score = score("moment-detr", "qvhighlights-preds/" + file, "qvhighlights/highlight_val_release.jsonl");
        assertEquals(List.of(1550, 0, 0), List.of(score.n(), score.unparsable(), score.missing()));
        JsonNode official = Json.read(SharedData.file("qvhighlights-preds/EXPECTED_official_eval.json"))
                .get(file);
        Map<String, Double> metrics = score.metrics();
        List<String> names = new ArrayList<>();
        official.get("brief").properties().forEach(metric -> {
            names.add(metric.getKey());
            assertEquals(metric.getValue().asDouble(), metrics.get(metric.getKey()), metric.getKey());
        });
        for (String range : List.of("short", "middle", "long", "full")) {
            official.get(range)
                    .properties()
                    .forEach(kind -> kind.getValue().properties().forEach(metric -> {
                        String name = "MR-" + range + "-" + kind.getKey().substring(3)
                                + (metric.getKey().equals("average") ? "" : "@" + metric.getKey());
                        assertEquals(metric.getValue().asDouble(), metrics.get(name), name);
                        names.add(name);
                    }));
        }
        assertEquals(metrics.size(), names.stream().distinct().count());
    }

    @Test
    void timeR1TrainingRows() {
        Score strict = score("timer1", "time-r1/train_2k5.json", "time-r1/train_2k5.json");
        assertEquals(34.36562942967549, strict.metrics().get("mIoU"));
        assertEquals(56.6, strict.metrics().get("0.3"), 1e-12);
        assertEquals(16.92, strict.metrics().get("0.5"), 1e-12);
        assertEquals(2.88, strict.metrics().get("0.7"), 1e-12);
        JsonNode rows = Json.parse(AtomicFiles.readString(SharedData.file("time-r1/train_2k5.json")), "rows");
        assertEquals(2500, strict.rows().size());
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(
                    rows.get(i).get("difficulty").asDouble(),
                    100 * strict.rows().get(i).iou(),
                    1e-10,
                    "row " + i);
        }
        Score inclusive = score("timezero", "time-r1/train_2k5.json", "time-r1/train_2k5.json");
        assertEquals(
                List.of(0.5728, 0.2124, 0.0296),
                List.of(
                        inclusive.metrics().get("R@0.3"),
                        inclusive.metrics().get("R@0.5"),
                        inclusive.metrics().get("R@0.7")));
        Difference difference = Difference.of(strict, inclusive);
        assertEquals(Map.of(Difference.Reason.THRESHOLD, 127), difference.counts());
    }

    @Test
    void timeChatOnCharades() {
        for (String annotations :
                List.of("charades-preds/timechat_example_gt_file.json", "charades-sta/charades_sta_test.txt")) {
            Score score = score("timechat", "charades-preds/timechat_example_pred_file.json", annotations);
            assertEquals(Map.of("IOU 0.3", 9.0, "IOU 0.5", 3.4, "IOU 0.7", 1.4), score.metrics());
            assertEquals(List.of(500, 280, 3220), List.of(score.n(), score.unparsable(), score.missing()));
        }
    }

    @Test
    void hgaOnNextQa() {
        Score score = score("nextqa", "nextqa-preds/HGA-bert-ft-h256-val.json", "nextqa-preds/nextqa_val.csv");
        assertEquals(49.74, score.metrics().get("Acc"));
        assertEquals(4996, score.n());
    }

    @Test
    void wholeVideoBaselines() {
        Score charades =
                score("timezero", "", "charades-sta/charades_sta_test.txt", "charades-sta/Charades_v1_test.csv");
        assertEquals(List.of(34.3, 0.43, 0.0, 26.99), percent(charades));
        assertEquals(3720, charades.n());
        assertEquals(percent(charades), percent(score("timezero", "", "charades-sta/timezero_charades_test.json")));
        Score activityNet = score("timezero", "", "activitynet-captions/val_2.json");
        assertEquals(List.of(48.02, 21.21, 12.41, 34.57), percent(activityNet));
        assertEquals(17031, activityNet.n());
    }

    private static List<Double> percent(Score score) {
        return Stream.of("R@0.3", "R@0.5", "R@0.7", "mIoU")
                .map(name -> Math.round(score.metrics().get(name) * 10000) / 100.0)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "time-r1/tvgbench.json=800",
                "nextgqa/gsub_val.json=3358",
                "nextgqa/gsub_test.json=5553",
                "nextgqa/videochatr1_nextgqa_val.json=3358",
                "rextime/rextime_val.json=921",
                "rextime/rextime_val.jsonl=921",
                "tacos/val.json=4436",
                "tacos/cgdetr_val.jsonl=4436",
                "nextgqa/test.csv=5553"
            })
    void annotationsAreReadWhole(String file) {
        String[] parts = file.split("=");
        assertEquals(
                Integer.parseInt(parts[1]),
                AnnotationFile.readAll(List.of(SharedData.file(parts[0])))
                        .get(0)
                        .annotations()
                        .size());
    }
}
