package org.videotg.smallworld.task;

import java.util.List;
import java.util.stream.IntStream;
import org.videotg.smallworld.scene.Scene;

/**
 * What can be seen in each second of a video: the labels of the vision tower.
 *
 * @param duration seconds
 * @param grids per whole second (one temporal grid at 2 fps) the triples [colour, shape, action] that hold, each once
 */
public record SceneRow(String id, String video, double duration, List<List<List<String>>> grids) {
    public static SceneRow of(String id, String video, Scene scene) {
        return new SceneRow(
                id,
                video,
                scene.seconds(),
                IntStream.range(0, scene.seconds())
                        .mapToObj(second -> scene.holdingAt(second).stream()
                                .map(query -> List.of(
                                        query.colour().word(),
                                        query.shape().word(),
                                        query.action().words()))
                                .toList())
                        .toList());
    }
}
