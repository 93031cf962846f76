package org.videotg.benchmarks.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

class VideoFolderTest {
    @TempDir
    Path root;

    private VideoFolder folder;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of(
                "AB1.mp4",
                "AB1.mkv",
                "v_net.webm",
                "plain.MP4",
                "1104/488.mp4",
                "2208/488.mp4",
                "tacos/s13.mp4",
                "clip_60.0_210.0.mp4",
                "whole.mkv",
                "deep/er/x.avi",
                "notes.txt",
                "dotted.name.mp4")) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
        folder = VideoFolder.scan(root);
    }

    @Test
    void aFolderOfFramesIsFoundByItsName() throws IOException {
        Path frames = Files.createDirectories(root.resolve("extracted/f7"));
        Files.writeString(frames.resolve("frames.json"), "{\"fps\": 2}");
        Files.writeString(frames.resolve("0001.jpg"), "x");
        VideoFolder scanned = VideoFolder.scan(root);
        assertEquals(frames, scanned.find("f7").orElseThrow().file());
        assertEquals(frames, scanned.find("videos/f7.mp4").orElseThrow().file());
    }

    @Test
    void namesAreFoundWithAnySuffixPrefixAndSubFolder() {
        assertEquals("AB1.mp4", found("AB1"));
        assertEquals("AB1.mkv", found("AB1.mkv"));
        assertEquals("v_net.webm", found("v_net"));
        assertEquals("v_net.webm", found("net"));
        assertEquals("plain.MP4", found("v_plain"));
        assertEquals("tacos/s13.mp4", found("s13.avi"));
        assertEquals("deep/er/x.avi", found("./dataset/timer1/x.mp4"));
        assertEquals("dotted.name.mp4", found("dotted.name"));
        assertEquals(Optional.empty(), folder.find("notes"));
    }

    @Test
    void anyOtherSuffixMustBeGiven() throws IOException {
        for (String name : List.of("c2.3gp", "c9.ogv", "c4.MTS", "both.gif", "both.mp4", "sub/c5.vob")) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
        folder = VideoFolder.scan(root);
        for (String name : List.of("c2.3gp", "c9.ogv", "c4.MTS", "both.gif", "both.mp4")) {
            assertEquals(name, found(name));
        }
        assertEquals("sub/c5.vob", found("dataset/c5.vob"));
        assertEquals("both.mp4", found("both"));
        assertEquals(Optional.empty(), folder.find("c9"));
    }

    @Test
    void composedAndDecomposedNamesAreTheSame() throws IOException {
        String composed = "café_año_ガス";
        String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
        assertNotEquals(composed, decomposed);
        Files.createDirectories(root.resolve(decomposed));
        Files.writeString(root.resolve(decomposed + ".mp4"), "x");
        Files.writeString(root.resolve(decomposed).resolve("AB1.mp4"), "x");
        folder = VideoFolder.scan(root);
        assertEquals(decomposed + ".mp4", found(composed));
        assertEquals(decomposed + ".mp4", found("v_" + composed + "_1_2.avi"));
        assertEquals(decomposed + "/AB1.mp4", found(composed + "/AB1"));
        Path data = root.resolve("data.jsonl");
        for (String video : List.of(composed + ".mp4", decomposed + ".mp4")) {
            assertEquals(root.resolve(decomposed + ".mp4"), Samples.resolve(data, sample("a", video)));
        }
        assertEquals(
                root.resolve(decomposed).resolve("AB1.mp4"), Samples.resolve(data, sample("a", composed + "/AB1.mp4")));
        assertEquals(root.resolve("é.mp4"), Samples.resolve(data, sample("a", "é.mp4")), "a missing one as written");
    }

    @Test
    void caseIsIgnoredWhereNothingElseDiffers() throws IOException {
        assertEquals("AB1.mp4", found("ab1"));
        assertEquals("plain.MP4", found("PLAIN.avi"));
        Files.writeString(root.resolve("Ab1.mp4"), "x");
        folder = VideoFolder.scan(root);
        assertEquals("Ab1.mp4", found("Ab1"));
        assertEquals("AB1.mp4", found("AB1"));
        assertEquals(Optional.empty(), folder.find("ab1"), "two names, of which neither is meant");
    }

    @Test
    void linksAreFollowed() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Path videos = Files.createDirectories(elsewhere.resolve("videos"));
        Files.createSymbolicLink(videos.resolve("linked.mp4"), root.resolve("AB1.mp4"));
        Files.createSymbolicLink(videos.resolve("folder"), root.resolve("tacos"));
        Files.createSymbolicLink(videos.resolve("again"), videos);
        Files.createSymbolicLink(videos.resolve("dangling.mp4"), root.resolve("none.mp4"));
        folder = VideoFolder.scan(videos);
        assertEquals(
                videos.resolve("linked.mp4"),
                folder.find("linked").orElseThrow().file());
        assertEquals(
                videos.resolve("folder/s13.mp4"),
                folder.find("s13").orElseThrow().file());
        assertEquals(Optional.empty(), folder.find("dangling"));
        Files.createSymbolicLink(videos.resolve("s13.mp4"), root.resolve("tacos/s13.mp4"));
        assertEquals(
                List.of(), VideoFolder.scan(videos).find("s13").orElseThrow().others(), "one file");
    }

    @Test
    void thePathDecidesBetweenFoldersAndDoubtIsReported() {
        assertEquals("2208/488.mp4", found("videos/2208/488.mp4"));
        assertEquals(List.of(), folder.find("1104/488.mp4").orElseThrow().others());
        assertEquals(
                List.of(root.resolve("2208/488.mp4")),
                folder.find("488").orElseThrow().others());
        assertEquals(List.of(), folder.find("AB1").orElseThrow().others());
    }

    @Test
    void aClipIsFoundAsItselfOrInItsWholeVideo() {
        assertEquals(Clip.WHOLE, folder.find("clip_60.0_210.0").orElseThrow().clip());
        VideoFolder.Found whole = folder.find("whole_12.5_30").orElseThrow();
        assertEquals(root.resolve("whole.mkv"), whole.file());
        assertEquals(new Clip(12.5, 30), whole.clip());
        assertEquals(Optional.empty(), folder.find("whole_30_12.5"));
        assertEquals(Optional.empty(), folder.find("other_1_2"));
    }

    @Test
    void onlyAFolderIsScanned() {
        assertThrows(InputException.class, () -> VideoFolder.scan(root.resolve("AB1.mp4")));
    }

    private static Sample sample(String id, String video) {
        return Sample.vtg(id, video, 9, "q", List.of());
    }

    private String found(String written) {
        return root.relativize(folder.find(written).orElseThrow().file()).toString();
    }
}
