package org.videotg.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;

class NativeSettingsTest {
    @Test
    void anUnknownBlasOrOneThatIsNotThereIsRefused() {
        assertFalse(NativeSettings.isMkl(null));
        assertFalse(NativeSettings.isMkl(" "));
        assertFalse(NativeSettings.isMkl("OpenBLAS"));
        InputException unknown = assertThrows(InputException.class, () -> NativeSettings.isMkl("atlas"));
        assertTrue(unknown.getMessage().contains("must be openblas or mkl"), unknown.getMessage());
        InputException missing = assertThrows(InputException.class, () -> NativeSettings.isMkl("mkl"));
        assertTrue(missing.getMessage().contains("org.bytedeco:mkl"), missing.getMessage());
    }

    @Test
    void mklAndOpenBlasAreUnpackedIntoDifferentFolders() {
        Path home = Path.of("/home/me");
        assertEquals(Optional.empty(), NativeSettings.librariesFolder(false, Optional.empty(), home));
        assertEquals(
                Optional.of(Path.of("/home/me/.javacpp/cache-mkl")),
                NativeSettings.librariesFolder(true, Optional.empty(), home));
        Optional<Path> cache = Optional.of(Path.of("/cache"));
        assertEquals(Optional.of(Path.of("/cache/javacpp")), NativeSettings.librariesFolder(false, cache, home));
        assertEquals(Optional.of(Path.of("/cache/javacpp-mkl")), NativeSettings.librariesFolder(true, cache, home));
    }
}
