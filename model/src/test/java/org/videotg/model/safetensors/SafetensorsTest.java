package org.videotg.model.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.error.InputException;
import org.videotg.core.random.Draw;
import org.videotg.model.tensor.NativeRuntime;
import org.videotg.model.tensor.Tensors;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatWasWrittenIsReadInEveryType() {
        NativeRuntime.load();
        Path file = folder.resolve("a.safetensors");
        try (PointerScope scope = new PointerScope()) {
            float[] values = {1.5f, -2, 0.25f, 1024, 0, -0.5f};
            SafetensorsWriter.write(file, Map.of("x", Tensors.floats(values, 2, 3).to(torch.ScalarType.BFloat16)), Map.of("k", "v"));
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                assertArrayEquals(new long[] {2, 3}, open.shape("x"));
                assertEquals("v", open.metadata().get("k"));
                assertArrayEquals(values, Tensors.toFloats(open.tensor("x", torch.ScalarType.Float)));
                assertEquals(Dtype.BF16, Dtype.of(open.tensor("x").scalar_type()));
                assertThrows(InputException.class, () -> open.tensor("y"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        "{\"x\":{\"dtype\":\"F9\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"x\":7}", "[]", "{", "null", "nonsense"})
    void anUnsoundHeaderIsRefusedInOneLine(String header) throws Exception {
        Path file = folder.resolve("bad.safetensors");
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(file, ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array());
        String message = assertThrows(InputException.class, () -> SafetensorsFile.open(file)).getMessage();
        assertTrue(message.startsWith(file.toString()) && !message.contains("\n"), message);
    }

    @Test
    void aHeaderThatClaimsTenGigabytesAllocatesNothing() throws Exception {
        Path file = folder.resolve("huge.safetensors");
        Files.write(file, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(10_000_000_000L).array());
        assertThrows(InputException.class, () -> SafetensorsFile.open(file));
        Files.write(file, new byte[3]);
        assertThrows(InputException.class, () -> SafetensorsFile.open(file));
        assertThrows(InputException.class, () -> SafetensorsFile.open(folder.resolve("none")));
    }

    @Test
    void damagedHeadersNeverGetPastTheDeclaredException() {
        byte[] sound = ("{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}").getBytes(StandardCharsets.UTF_8);
        SafetensorsHeader.parse(sound, 32, "sound");
        Random random = Draw.generator(1, "headers");
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = sound.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : "0123456789-[]{},\":".charAt(random.nextInt(18)));
            }
            try {
                SafetensorsHeader.parse(damaged, 32, "damaged");
            } catch (InputException e) {
                refused++;
            }
        }
        assertTrue(refused > 15_000, refused + " refused");
    }
}
