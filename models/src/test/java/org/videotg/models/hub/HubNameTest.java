package org.videotg.models.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;

class HubNameTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models",
                "./models/small",
                "/models/small",
                "a/b/c",
                "../x",
                "a/..",
                "a/b@",
                "a/b@../../x",
                "a//b",
                "a\\b",
                "a/b@/x",
                "~/models",
                "a/--b",
                "a--b/c",
                "a/b.",
                "",
                "a/b@x..y",
                "a b/c",
                "a/b@x/",
                "a/b\n"
            })
    void pathsAreNoNames(String text) {
        assertFalse(HubName.isValid(text));
        assertThrows(IllegalArgumentException.class, () -> HubName.of(text));
    }

    @Test
    void namesHaveARevision() {
        assertEquals(new HubName("Qwen/Qwen3-VL-2B-Instruct", "main"), HubName.of("Qwen/Qwen3-VL-2B-Instruct"));
        assertEquals(new HubName("a/b.c_d", "refs/pr/1"), HubName.of("a/b.c_d@refs/pr/1"));
        assertTrue(HubName.of("a/b@" + "0".repeat(40)).isCommit());
        assertEquals("a/b@v1", HubName.of("a/b@v1").toString());
    }

    @Test
    void theEnvironmentDecidesLikeInPython() throws IOException {
        HubSettings bare = HubSettings.of(Map.of(), home);
        assertEquals(home.resolve(".cache/huggingface/hub"), bare.cache());
        assertEquals("https", bare.endpoint().getScheme());
        assertEquals(Optional.empty(), bare.token());
        assertFalse(bare.offline());
        Files.createDirectories(home.resolve("hf"));
        Files.writeString(home.resolve("hf/token"), "from file\n");
        HubSettings set = HubSettings.of(
                Map.of(
                        "HF_HOME",
                        "~/hf",
                        "HF_ENDPOINT",
                        "http://127.0.0.1:8000/",
                        "HF_HUB_OFFLINE",
                        "1",
                        "HF_HUB_DISABLE_SYMLINKS",
                        "true"),
                home);
        assertEquals(
                new HubSettings(
                        URI.create("http://127.0.0.1:8000"),
                        home.resolve("hf/hub"),
                        Optional.of("from file"),
                        true,
                        false),
                set);
        HubSettings other = HubSettings.of(
                Map.of(
                        "HF_HUB_CACHE",
                        "/tmp/hub",
                        "HF_HOME",
                        home.resolve("hf").toString(),
                        "HF_TOKEN",
                        " x ",
                        "XDG_CACHE_HOME",
                        "/tmp/xdg",
                        "HF_HUB_OFFLINE",
                        "0"),
                home);
        assertEquals(new HubSettings(bare.endpoint(), Path.of("/tmp/hub"), Optional.of("x"), false, true), other);
        assertEquals(
                Path.of("/tmp/xdg/huggingface/hub"),
                HubSettings.of(Map.of("XDG_CACHE_HOME", "/tmp/xdg"), home).cache());
        for (String wrong : new String[] {"ftp://x", "x", "http://", "a b"}) {
            assertThrows(InputException.class, () -> HubSettings.of(Map.of("HF_ENDPOINT", wrong), home));
        }
    }
}
