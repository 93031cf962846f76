package org.videotg.core.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads hand-written files: recipes and prompt templates. Refuses duplicate keys and trailing text. */
public final class Yaml {
    private static final ObjectMapper MAPPER = YAMLMapper.builder(
                    YAMLFactory.builder().loaderOptions(options()).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Yaml() {}

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Limit.YAML_CHARACTERS.intValue());
        return options;
    }

    /** @throws InputException naming {@code where} and the line */
    public static JsonNode parse(String text, String where) {
        Limit.YAML_CHARACTERS.check(text.length(), where);
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new InputException(where + ": not valid yaml (" + problem + line + ")", e);
        }
    }
}
