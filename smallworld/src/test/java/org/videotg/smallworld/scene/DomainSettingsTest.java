package org.videotg.smallworld.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.smallworld.scene.DomainSettings.Range;

class DomainSettingsTest {
    @Test
    void aDomainSurvivesJson() {
        assertEquals(
                DomainSettings.named("target"),
                Json.convert(Json.MAPPER.valueToTree(DomainSettings.named("target")), DomainSettings.class, "test"));
    }

    @Test
    void anUnknownNameOrAFieldOutOfItsRangeIsNamed() {
        assertTrue(assertThrows(InputException.class, () -> DomainSettings.named("moon"))
                .getMessage()
                .contains("moon"));
        ObjectNode node = Json.MAPPER.valueToTree(DomainSettings.named("base"));
        node.set("size", Json.MAPPER.valueToTree(new Range(12.2, 12.7)));
        assertMessage(node, "\"size\" must hold a whole number");
        node = Json.MAPPER.valueToTree(DomainSettings.named("base"));
        assertMessage(node.put("similar", 1.5), "\"similar\"");
        node = Json.MAPPER.valueToTree(DomainSettings.named("base"));
        node.remove("noise");
        assertMessage(node, "\"noise\"");
    }

    private static void assertMessage(ObjectNode node, String part) {
        String message = assertThrows(
                        InputException.class, () -> Json.convert(node, DomainSettings.class, "world.json"))
                .getMessage();
        assertTrue(
                message.contains(part)
                        && message.startsWith("world.json: ")
                        && message.lines().count() == 1,
                message);
    }
}
