package org.videotg.smallworld.pretrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.models.sequence.ChatTemplate;

/**
 * The tasks asked about one view in one packed row: after the shared prefix each suffix is a task with its right reply, of which
 * only the reply is trained on.
 *
 * @param names of the tasks, for reports
 * @param suffixes tokens of task and reply
 * @param taskTokens how many of a suffix's tokens belong to the task
 * @param weights of each suffix in the loss
 */
record PretrainTasks(List<String> names, List<int[]> suffixes, List<Integer> taskTokens, List<Double> weights) {
    private static final PromptTemplate PROMPT = PromptTemplate.DEFAULT;

    static PretrainTasks of(
            ChatTemplate chat, Sample sample, TemporalGrids grids, MaskedTruth truth, int probes, Random random) {
        PretrainTasks tasks =
                new PretrainTasks(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        if (sample.task() == Task.GQA) {
            tasks.add(
                    "choice",
                    chat,
                    PROMPT.answering(sample.query(), sample.options()).after(),
                    PROMPT.reply(sample.answer(), sample.intervals()),
                    1);
            return tasks;
        }
        if (truth.complete() && sample.intervals().size() == 1) {
            tasks.add(
                    "ground",
                    chat,
                    PROMPT.ground(),
                    PROMPT.reply(sample.intervals().get(0)),
                    1);
        }
        tasks.add("list", chat, PROMPT.list(), PROMPT.reply(truth.visible()), 1);
        tasks.probes(chat, sample.query(), grids, truth, probes, random);
        return tasks;
    }

    /** Yes or no at drawn visible grids, a third of them where the event holds if it does anywhere. */
    private void probes(
            ChatTemplate chat, String query, TemporalGrids grids, MaskedTruth truth, int probes, Random random) {
        BitSet holds = MaskedTruth.grids(grids, truth.visible());
        int[] visible = truth.mask().visible(grids.size());
        int[] positive = java.util.Arrays.stream(visible).filter(holds::get).toArray();
        for (int i = 0; i < probes; i++) {
            int[] from = i % 3 == 0 && positive.length > 0 ? positive : visible;
            int grid = from[random.nextInt(from.length)];
            add(
                    "probe",
                    chat,
                    PROMPT.probing(query, grids.grids().get(grid).timestamp()).after(),
                    holds.get(grid) ? "yes" : "no",
                    1.5 / probes);
        }
    }

    private void add(String name, ChatTemplate chat, String task, String reply, double weight) {
        int[] question = chat.afterVideo(task);
        int[] answer = chat.reply(reply);
        int[] suffix = java.util.Arrays.copyOf(question, question.length + answer.length);
        System.arraycopy(answer, 0, suffix, question.length, answer.length);
        names.add(name);
        suffixes.add(suffix);
        taskTokens.add(question.length);
        weights.add(weight);
    }
}
