package io.switchboard.scheduling.measurement;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Asks a Prometheus for all tasks at once, by instant queries of its HTTP API
 * (prometheus.io/docs/prometheus/latest/querying/api/). Where it gives no answer there is nothing to learn from this time.
 */
final class Prometheus implements Source {

    private static final Logger log = LoggerFactory.getLogger(Prometheus.class);

    private final RestClient http;
    private final PrometheusProperties properties;

    /** @param url where it answers */
    Prometheus(String url, PrometheusProperties properties) {
        this.properties = properties;
        this.http = properties
                .credentials()
                .client(properties.timeLimit())
                .baseUrl(url)
                .build();
    }

    /** As the API answers, as far as it is needed; a value is its second and a number as text. */
    private record Answer(String status, @Nullable Data data) {}

    private record Data(String resultType, List<Series> result) {}

    private record Series(Map<String, String> metric, List<String> value) {}

    private record Value(Instant at, double figure) {}

    @Override
    public TaskUsage.Latest latest() {
        Map<String, Value> cpu;
        Map<String, Value> memory;
        try {
            cpu = ask(properties.cpuQuery());
            memory = ask(properties.memoryQuery());
        } catch (RestClientException e) {
            log.warn("Prometheus gives no answer, so tasks are not measured this time: {}", e.getMessage());
            return task -> Optional.empty();
        }
        return task -> Optional.ofNullable(cpu.get(task.id()))
                .flatMap(used -> Optional.ofNullable(memory.get(task.id()))
                        // Prometheus says NaN where it can't tell.
                        .flatMap(held -> Source.usage(used.figure(), held.figure(), used.at())));
    }

    private Map<String, Value> ask(String query) {
        var answer = http.get()
                .uri(uri ->
                        uri.path("/api/v1/query").queryParam("query", "{query}").build(query))
                .retrieve()
                .body(Answer.class);
        if (answer == null || answer.data == null || !answer.data.resultType.equals("vector")) {
            throw new RestClientException("the query is none for instant values by label: " + query);
        }
        var values = new HashMap<String, Value>();
        for (var series : answer.data.result) {
            var task = series.metric.get(properties.label());
            if (task != null && series.value.size() == 2) {
                values.put(task, value(series.value));
            }
        }
        return values;
    }

    private static Value value(List<String> pair) {
        try {
            long millis = Math.round(1_000 * Double.parseDouble(pair.getFirst()));
            return new Value(Instant.ofEpochMilli(millis), Double.parseDouble(pair.getLast()));
        } catch (NumberFormatException e) {
            throw new RestClientException("a value is no number", e);
        }
    }
}
