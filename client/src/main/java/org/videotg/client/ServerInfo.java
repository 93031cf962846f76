package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * What a server says of itself and of a model.
 *
 * @param kind never {@link ServerKind#AUTO}
 * @param model name at the server
 * @param version of the server; empty if it does not say
 * @param entry of the model in the list; empty if it is not listed
 */
record ServerInfo(ServerKind kind, String model, String version, JsonNode entry) {
    /**
     * Asks a server.
     *
     * @throws InputException if it has no such model
     * @throws org.videotg.core.mllm.UnavailableException if it does not answer
     */
    static ServerInfo of(ServerClient client, ServerKind wanted) {
        ServerAddress address = client.address();
        List<JsonNode> models = new ArrayList<>();
        client.look(address.route("/models"))
                .ifPresent(list -> list.path("data").forEach(models::add));
        String owner = models.stream()
                .map(model -> model.path("owned_by").asText())
                .findFirst()
                .orElse("");
        ServerKind kind = wanted == ServerKind.AUTO ? kind(client, owner) : wanted;
        String name = address.model().orElseGet(() -> only(address, models));
        Optional<JsonNode> entry = models.stream()
                .filter(model -> model.path("id").asText().equals(name))
                .findFirst();
        // transformers serve lists what is in the cache of the hub, not what it was started with.
        if (entry.isEmpty() && !models.isEmpty() && kind != ServerKind.TRANSFORMERS) {
            throw new InputException("server " + address.base() + " has no model \"" + name + "\"; it has "
                    + models.stream()
                            .map(model -> "\"" + model.path("id").asText() + "\"")
                            .collect(Collectors.joining(", ")));
        }
        return new ServerInfo(kind, name, version(client, kind), entry.orElse(Json.MAPPER.createObjectNode()));
    }

    private static String only(ServerAddress address, List<JsonNode> models) {
        if (models.size() != 1) {
            throw new InputException("server " + address.base() + " has "
                    + (models.isEmpty() ? "no list of models" : models.size() + " models")
                    + "; say which one is asked: " + address.base() + "#NAME");
        }
        return models.get(0).path("id").asText();
    }

    private static ServerKind kind(ServerClient client, String owner) {
        return switch (owner) {
            case "videotg" -> ServerKind.VIDEOTG;
            case "vllm" -> ServerKind.VLLM;
            case "sglang" -> ServerKind.SGLANG;
            default ->
                client.look(client.address().beside("/openapi.json"))
                                .map(description -> description.path("paths"))
                                .filter(paths -> paths.has("/load_model") && paths.has("/reset"))
                                .isPresent()
                        ? ServerKind.TRANSFORMERS
                        : ServerKind.OPENAI;
        };
    }

    private static String version(ServerClient client, ServerKind kind) {
        ServerAddress address = client.address();
        return switch (kind) {
            case VLLM ->
                client.look(address.beside("/version"))
                        .map(answer -> answer.path("version").asText())
                        .orElse("");
            case SGLANG ->
                client.look(address.beside("/get_server_info"))
                        .map(answer -> answer.path("version").asText())
                        .orElse("");
            default -> "";
        };
    }

    /** Returns what identifies the model, as far as the server says. */
    String describe() {
        StringBuilder text = new StringBuilder(kind.id());
        if (!version.isEmpty()) {
            text.append(' ').append(version);
        }
        for (String field : List.of("owned_by", "root", "parent", "max_model_len")) {
            if (entry.hasNonNull(field)) {
                text.append(' ')
                        .append(field)
                        .append('=')
                        .append(entry.get(field).asText());
            }
        }
        return text.toString();
    }
}
