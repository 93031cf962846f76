package org.videotg.smallworld.pretrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.EncodedVideo;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.tensor.Tensors;

/** What a stage minimises. */
sealed interface StageObjective extends AutoCloseable {
    /** The loss of one item; drawn with {@code random}. */
    Tensor loss(Model replica, Random random, Tally tally);

    /** What is left to do when the stage's last step is done. */
    default void end(Model model) {}

    @Override
    default void close() {}

    /**
     * The objective of a stage over its worlds.
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
            case VISION -> new Seeing(PatchPool.load(folder.preprocessor(), worlds, names, Seeing.GRIDS_A_VIDEO, seed));
            case MATCH -> new Matching(stage, folder.chat(), items(worlds, names), cache(folder, model, features));
            case TEXT -> new Answering(stage, folder.chat(), items(worlds, names), cache(folder, model, features));
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

    private static Tensor answers(
            Model replica,
            ChatTemplate chat,
            PretrainStage stage,
            EncodedVideo seen,
            Item item,
            Random random,
            Tally tally) {
        Tensor loss = Tensors.zeros(1);
        for (int q = 0; q < stage.queries(); q++) {
            Sample sample = TaskObjective.draw(item.questions(), random);
            loss = loss.add(TaskObjective.loss(replica, chat, stage, item.labels(), seen, sample, random, tally));
        }
        return loss.div(new Scalar((double) stage.queries()));
    }

    /**
     * A video and what can be asked about it.
     *
     * @param name of the video in its world's files
     */
    record Item(VideoRef video, String name, VisionLabels labels, List<Sample> questions) {
        static Item draw(List<Item> items, Random random) {
            return items.get(random.nextInt(items.size()));
        }
    }

    /** Stage {@code vision}: grids of many videos, the tower alone. */
    record Seeing(PatchPool pool) implements StageObjective {
        private static final int GRIDS_A_VIDEO = 8;
        private static final int GRIDS_AN_ITEM = 32;
        /** Root mean square of visual tokens after the stage, about that of text. */
        private static final double VISUAL_SCALE = 0.15;

        @Override
        public Tensor loss(Model replica, Random random, Tally tally) {
            PatchPool.Batch batch = pool.draw(GRIDS_AN_ITEM, random);
            return VisionObjective.loss(
                    replica,
                    replica.vision().forward(batch.patches(), GRIDS_AN_ITEM, pool.height(), pool.width()),
                    batch.targets(),
                    tally);
        }

        @Override
        public void end(Model model) {
            try (PointerScope scope = new PointerScope()) {
                PatchPool.Batch batch = pool.draw(8 * GRIDS_AN_ITEM, Draw.generator(0, "scale"));
                PretrainHead.rescale(
                        model,
                        model.vision().forward(batch.patches(), 8 * GRIDS_AN_ITEM, pool.height(), pool.width()),
                        VISUAL_SCALE);
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** Stage {@code match}: the middle losses of many queries, over cached features. */
    record Matching(PretrainStage stage, ChatTemplate chat, List<Item> items, FeatureCache cache)
            implements StageObjective {
        @Override
        public Tensor loss(Model replica, Random random, Tally tally) {
            Item item = Item.draw(items, random);
            return MatchObjective.loss(
                    replica, chat, stage.queries(), item.labels(), item.name(), cache.get(item.video()), random, tally);
        }
    }

    /** Stage {@code text}: answers, over cached features. */
    record Answering(PretrainStage stage, ChatTemplate chat, List<Item> items, FeatureCache cache)
            implements StageObjective {
        @Override
        public Tensor loss(Model replica, Random random, Tally tally) {
            Item item = Item.draw(items, random);
            return answers(replica, chat, stage, cache.get(item.video()), item, random, tally);
        }
    }

    /** Stage {@code joint}: answers and the vision loss, each video decoded anew and through the tower as it is now. */
    record Joint(PretrainStage stage, ModelFolder folder, List<Item> items) implements StageObjective {
        @Override
        public Tensor loss(Model replica, Random random, Tally tally) {
            Item item = Item.draw(items, random);
            EncodedVideo seen = FeatureCache.see(replica.vision(), folder.preprocessor(), item.video());
            double[] times = TaskObjective.times(seen.grids());
            Tensor targets = Tensors.floats(
                    item.labels().targets(item.name(), times),
                    times.length,
                    item.labels().names().size());
            return VisionObjective.loss(replica, seen.features(), targets, tally)
                    .mul(new Scalar(stage.visionWeight()))
                    .add(answers(replica, folder.chat(), stage, seen, item, random, tally));
        }
    }
}
