package org.videotg.core.run;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;

class NativeSettingsTest {
    @Test
    void anUnknownBlasOrOneThatIsNotThereIsRefused() {
        NativeSettings.applyBlas(null);
        NativeSettings.applyBlas(" ");
        NativeSettings.applyBlas("OpenBLAS");
        InputException unknown = assertThrows(InputException.class, () -> NativeSettings.applyBlas("atlas"));
        assertTrue(unknown.getMessage().contains("must be openblas or mkl"), unknown.getMessage());
        InputException missing = assertThrows(InputException.class, () -> NativeSettings.applyBlas("mkl"));
        assertTrue(missing.getMessage().contains("org.bytedeco:mkl"), missing.getMessage());
    }
}
