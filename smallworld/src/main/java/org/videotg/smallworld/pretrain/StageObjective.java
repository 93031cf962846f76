package org.videotg.smallworld.pretrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.EncodedVideo;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;

/** The loss of a pretraining stage. */
sealed interface StageObjective extends AutoCloseable {
    /**
     * Returns the loss of one random item.
     *
     * @param metrics receives figures about the item
     */
    Tensor loss(Model replica, Random random, Metrics metrics);

    /** Adjusts the model after the last step of the stage. */
    default void end(Model model) {}

    @Override
    default void close() {}

    /**
     * Returns the objective of a stage.
     *
     * @param worlds folders with {@code tasks.jsonl} and {@code scenes.jsonl}
     * @param names labels of the vision loss
     * @param features folder of cached features
     */
    static StageObjective of(
            PretrainStage stage,
            List<Path> worlds,
            List<String> names,
            ModelFolder folder,
            Model model,
            Path features,
            long seed) {
        return switch (stage.kind()) {
            case VISION ->
                new Vision(DecodedGrids.load(folder.preprocessor(), worlds, names, Vision.GRIDS_PER_VIDEO, seed));
            case MATCH -> new Match(stage, folder.chat(), items(worlds, names), cache(folder, model, features));
            case TEXT -> new Text(stage, folder.chat(), items(worlds, names), cache(folder, model, features));
            case JOINT -> new Joint(stage, folder, items(worlds, names));
        };
    }

    private static FeatureCache cache(ModelFolder folder, Model model, Path features) {
        return new FeatureCache(features, model, folder.preprocessor());
    }

    private static List<Item> items(List<Path> worlds, List<String> names) {
        List<Item> items = new ArrayList<>();
        for (Path world : worlds) {
            VisionLabels labels = VisionLabels.read(world.resolve("scenes.jsonl"), names);
            Path file = world.resolve("tasks.jsonl");
            Map<String, List<Sample>> byVideo = Samples.read(file).stream()
                    .collect(Collectors.groupingBy(Sample::video, LinkedHashMap::new, Collectors.toList()));
            byVideo.forEach((video, questions) ->
                    items.add(new Item(Samples.video(file, questions.get(0)), video, labels, questions)));
        }
        return items;
    }

    /**
     * A video and the questions about it.
     *
     * @param name of the video in its world's files
     */
    record Item(VideoRef video, String name, VisionLabels labels, List<Sample> questions) {
        static Item draw(List<Item> items, Random random) {
            return items.get(random.nextInt(items.size()));
        }

        /** Returns a random question: half grounding, a third lists, the rest multiple choice if the video has any. */
        Sample drawQuestion(Random random) {
            double u = random.nextDouble();
            Task task = u < 0.5 ? Task.VTG : u < 0.83 ? Task.LIST : Task.GQA;
            List<Sample> matching =
                    questions.stream().filter(sample -> sample.task() == task).toList();
            List<Sample> from = matching.isEmpty() ? questions : matching;
            return from.get(random.nextInt(from.size()));
        }

        /** Returns the mean answer loss of the stage's number of random questions. */
        Tensor answerLoss(Model replica, AnswerLoss loss, EncodedVideo encoded, Random random, Metrics metrics) {
            int queries = loss.stage().queries();
            Tensor sum = Tensors.zeros(1);
            for (int q = 0; q < queries; q++) {
                sum = sum.add(loss.compute(replica, encoded, drawQuestion(random), random, metrics));
            }
            return sum.div(new Scalar((double) queries));
        }
    }

    /** Stage {@code vision}: the labels of grids of many videos; trains the vision tower alone. */
    record Vision(DecodedGrids grids) implements StageObjective {
        private static final int GRIDS_PER_VIDEO = 8;
        private static final int GRIDS_PER_ITEM = 32;
        /** Root mean square of visual tokens after the stage, about that of text tokens. */
        private static final double VISUAL_SCALE = 0.15;

        @Override
        public Tensor loss(Model replica, Random random, Metrics metrics) {
            DecodedGrids.Batch batch = grids.draw(GRIDS_PER_ITEM, random);
            return AuxiliaryHeads.visionLoss(
                    replica,
                    replica.vision().forward(batch.patches(), GRIDS_PER_ITEM, grids.height(), grids.width()),
                    batch.targets(),
                    metrics);
        }

        @Override
        public void end(Model model) {
            try (PointerScope scope = new PointerScope()) {
                DecodedGrids.Batch batch = grids.draw(8 * GRIDS_PER_ITEM, Draw.generator(0, "scale"));
                AuxiliaryHeads.rescale(
                        model,
                        model.vision().forward(batch.patches(), 8 * GRIDS_PER_ITEM, grids.height(), grids.width()),
                        VISUAL_SCALE);
            }
        }

        @Override
        public void close() {
            grids.close();
        }
    }

    /**
     * Stage {@code match}: the middle-layer losses of many queries on cached features, with short rows of a few grids;
     * runs only the layers below the heads.
     */
    record Match(PretrainStage stage, ChatTemplate chat, List<Item> items, FeatureCache cache)
            implements StageObjective {
        private static final int GRIDS = 10;

        @Override
        public Tensor loss(Model replica, Random random, Metrics metrics) {
            Item item = Item.draw(items, random);
            EncodedVideo encoded = cache.get(item.video());
            double[] times = AnswerLoss.times(encoded.grids());
            Model lower = lowerLayers(replica);
            Tensor loss = Tensors.zeros(1);
            for (int q = 0; q < stage.queries(); q++) {
                String query = item.labels().drawQuery(item.name(), random);
                GridMask mask = dropAllButARun(times.length, random);
                float[][] matches = item.labels().matches(item.name(), times, query);
                GridFeatures features = encoded.features(mask);
                Prefix prefix =
                        chat.prefix(PromptTemplate.DEFAULT.grounding(query).before(), encoded.visible(mask));
                MiddleLayerLoss middle = new MiddleLayerLoss(replica);
                lower.hidden(new PackedRow(prefix, List.of()), VisualEmbeddings.of(features), middle);
                loss = loss.add(middle.compute(prefix.visualSlots(), encoded, mask, matches, metrics)
                        .div(new Scalar((double) stage.queries())));
            }
            return loss;
        }

        @Override
        public void close() {
            cache.close();
        }

        /** Returns the model up to the last layer that a head reads, on the same tensors. */
        private static Model lowerLayers(Model model) {
            return new Model(model.config().withLayers(AuxiliaryHeads.edgeLayer(model) + 1), model.parameters());
        }

        private static GridMask dropAllButARun(int grids, Random random) {
            int first = random.nextInt(Math.max(1, grids - GRIDS + 1));
            BitSet masked = new BitSet();
            masked.set(0, first);
            masked.set(Math.min(grids, first + GRIDS), grids);
            return GridMask.of(masked, MaskMode.DROP);
        }
    }

    /** Stage {@code text}: answers, on cached features. */
    record Text(PretrainStage stage, ChatTemplate chat, List<Item> items, FeatureCache cache)
            implements StageObjective {
        @Override
        public Tensor loss(Model replica, Random random, Metrics metrics) {
            Item item = Item.draw(items, random);
            AnswerLoss loss = new AnswerLoss(chat, stage, item.labels());
            return item.answerLoss(replica, loss, cache.get(item.video()), random, metrics);
        }

        @Override
        public void close() {
            cache.close();
        }
    }

    /** Stage {@code joint}: answers and the vision loss, with the vision tower in training. */
    record Joint(PretrainStage stage, ModelFolder folder, List<Item> items) implements StageObjective {
        @Override
        public Tensor loss(Model replica, Random random, Metrics metrics) {
            Item item = Item.draw(items, random);
            EncodedVideo encoded = FeatureCache.encode(replica.vision(), folder.preprocessor(), item.video());
            double[] times = AnswerLoss.times(encoded.grids());
            Tensor targets = Tensors.floats(
                    item.labels().targets(item.name(), times),
                    times.length,
                    item.labels().names().size());
            AnswerLoss loss = new AnswerLoss(folder.chat(), stage, item.labels());
            return AuxiliaryHeads.visionLoss(replica, encoded.features(), targets, metrics)
                    .mul(new Scalar(stage.visionWeight()))
                    .add(item.answerLoss(replica, loss, encoded, random, metrics));
        }
    }

    /** Means of figures by name. */
    final class Metrics {
        private final Map<String, Double> sums = new LinkedHashMap<>();
        private final Map<String, Integer> counts = new LinkedHashMap<>();

        void add(String name, double value) {
            sums.merge(name, value, Double::sum);
            counts.merge(name, 1, Integer::sum);
        }

        void add(Metrics other) {
            other.sums.forEach((name, sum) -> sums.merge(name, sum, Double::sum));
            other.counts.forEach((name, count) -> counts.merge(name, count, Integer::sum));
        }

        /** Returns the means, rounded to four digits. */
        Map<String, Object> means() {
            Map<String, Object> means = new LinkedHashMap<>();
            sums.forEach((name, sum) -> means.put(name, Math.rint(1e4 * sum / counts.get(name)) / 1e4));
            return means;
        }
    }
}
