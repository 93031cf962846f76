package org.videotg.serving;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleSupplier;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Reply;
import org.videotg.core.run.ProcessUsage;

/** What a server measures, for Prometheus. */
final class Metrics {
    private static final double[] SECONDS = {0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("videotg_requests_total")
            .help("Requests answered, by route and status")
            .labelNames("route", "status")
            .register(registry);
    private final Histogram latency = Histogram.builder()
            .name("videotg_request_seconds")
            .help("Seconds from a request to the end of its answer")
            .labelNames("route")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Counter tokens = Counter.builder()
            .name("videotg_tokens_total")
            .help("Tokens of prompts and of replies")
            .labelNames("kind")
            .register(registry);
    private final Counter asked = Counter.builder()
            .name("videotg_model_seconds_total")
            .help("Seconds for which the model was at work")
            .register(registry);
    private final Gauge speed = Gauge.builder()
            .name("videotg_tokens_per_second")
            .help("Generated tokens a second of the last answer, reading of video and prompt included")
            .register(registry);

    Metrics() {
        gauge(
                "videotg_resident_bytes",
                "Memory that the process holds",
                () -> ProcessUsage.residentBytes().orElse(0));
        gauge("videotg_heap_bytes", "Memory of the Java heap in use", () -> {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
    }

    /** Adds a value that is read when it is asked for. */
    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    void answered(String route, int status, double seconds) {
        requests.labelValues(route, String.valueOf(status)).inc();
        latency.labelValues(route).observe(seconds);
    }

    void count(Answer answer) {
        int generated = answer.replies().stream().mapToInt(Reply::tokens).sum();
        count(answer.promptTokens(), generated, answer.cost().seconds());
    }

    void count(int prompt, int generated, double seconds) {
        tokens.labelValues("prompt").inc(prompt);
        tokens.labelValues("generated").inc(generated);
        asked.inc(seconds);
        if (seconds > 0) {
            speed.set(generated / seconds);
        }
    }

    /** Returns all values in Prometheus' text format. */
    String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
