package org.videotg.app.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;

@Timeout(30)
class ScheduleTest {
    @TempDir
    Path folder;

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aStageWaitsForWhatItNeedsAndTheLongestWayGoesFirst() {
        run(
                1,
                stage("short", 1),
                stage("end", 9, "long"),
                stage("long", 2),
                stage("root", 1),
                stage("leaf", 20, "root"));
        assertEquals(List.of("root", "leaf", "long", "end", "short"), order);
    }

    @Test
    void stagesRunSideBySide() {
        CountDownLatch both = new CountDownLatch(2);
        Schedule.Stage.Action meet = () -> {
            both.countDown();
            assertTrue(both.await(20, TimeUnit.SECONDS), "the other stage never began");
        };
        run(2, stage("a", 1, meet), stage("b", 1, meet));
        assertEquals(Set.of("a", "b"), Set.copyOf(order));
    }

    @Test
    void aStageFollowsOthersIfTheyAreRun() {
        run(2, stage("b", 9).following(Set.of("a", "absent")), stage("a", 1));
        assertEquals(List.of("a", "b"), order);
        order.clear();
        run(2, stage("d", 9).following(Set.of("c")));
        assertEquals(List.of("d"), order);
    }

    @Test
    void whatIsDoneIsNotDoneAgain() throws IOException {
        Files.writeString(folder.resolve("a"), "done");
        run(2, stage("a", 1), stage("b", 1, "a"));
        assertEquals(List.of("b"), order);
    }

    @Test
    void aFailureStopsTheOthersAndLeavesTheRestUndone() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Schedule.Stage endless = stage("endless", 9, () -> {
            begun.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                stopped.countDown();
                throw e;
            }
        });
        Schedule.Stage broken = stage("broken", 5, () -> {
            begun.await();
            throw new InputException("it broke");
        });
        InputException e =
                assertThrows(InputException.class, () -> run(2, endless, broken, stage("after", 1, "broken")));
        assertEquals("it broke", e.getMessage());
        assertEquals(0, stopped.getCount());
        assertFalse(order.contains("after"));
    }

    @Test
    void anErrorDoesNotLeaveTheOthersWaiting() {
        Schedule.Stage broken = stage("broken", 5, () -> {
            throw new NoClassDefFoundError("gone");
        });
        String message = assertThrows(IllegalStateException.class, () -> run(2, broken, stage("after", 1, "broken")))
                .getMessage();
        assertTrue(message.contains("gone"), message);
    }

    private void run(int workers, Schedule.Stage... stages) {
        new Schedule(List.of(stages), workers, line -> {}).run();
    }

    private Schedule.Stage stage(String name, double seconds, String... needs) {
        return new Schedule.Stage(
                StageKind.EVAL,
                name,
                List.of(),
                "",
                seconds,
                Set.of(needs),
                Set.of(),
                List.of(folder.resolve(name)),
                () -> finish(name),
                () -> 0);
    }

    private Schedule.Stage stage(String name, double seconds, Schedule.Stage.Action action) {
        return new Schedule.Stage(
                StageKind.EVAL,
                name,
                List.of(),
                "",
                seconds,
                Set.of(),
                Set.of(),
                List.of(folder.resolve(name)),
                () -> {
                    action.run();
                    finish(name);
                },
                () -> 0);
    }

    private void finish(String name) {
        order.add(name);
        try {
            Files.writeString(folder.resolve(name), "done");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
