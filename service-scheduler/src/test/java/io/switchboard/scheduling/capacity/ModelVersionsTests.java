package io.switchboard.scheduling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.Resource;
import io.switchboard.scheduling.SchedulerDatabase;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Against a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelVersionsTests {

    private static final Instant NOW = Instant.parse("2026-11-27T07:00:00Z");
    private static final Kind ACD = new Kind("acd", "queue+bridge");
    private static final String IMAGE = "platform/acd@sha256:aa";

    private final SchedulerDatabase database = new SchedulerDatabase();
    private final ModelVersions versions = new ModelVersions(database.jdbc(), database.transaction());
    private final ModelsInForce inForce = new ModelsInForce(versions, "fast");

    @AfterAll
    void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void asShipped() {
        database.jdbc().execute("truncate capacity_drift, capacity_activation, capacity_model restart identity");
        versions.ship(ModelStore.shipped(), NOW);
        inForce.look();
    }

    @Test
    void whatComesAlongIsInForceOnceAndKnownAgain() {
        var before = versions.state();
        int count = versions.list(null, null, 1_000).size();

        versions.ship(ModelStore.shipped(), NOW.plusSeconds(1));

        assertThat(versions.state()).isEqualTo(before);
        assertThat(versions.list(null, null, 1_000))
                .hasSize(count)
                .hasSize(ModelStore.shipped().models().size());
        assertThat(inForce.find(ACD, "", "").orElseThrow().models()).containsKeys(Resource.CPU, Resource.MEMORY);
    }

    @Test
    void aNewerVersionThatComesAlongReplacesTheOlderButNotTheOperators() {
        versions.ship(sourced("a later release"), NOW);
        inForce.look();
        assertThat(origin(IMAGE, "acme")).contains("a later release");

        var operators = versions.add(Scope.of(ACD), sourced("our own lab").only(ACD), "ops", NOW);
        versions.activate(operators, "ops", NOW);
        versions.ship(sourced("the latest release"), NOW);
        inForce.look();

        assertThat(origin(IMAGE, "acme")).contains("our own lab");
    }

    @Test
    void theNarrowestModelCountsAndSaysWhatItIs() {
        assertThat(origin(IMAGE, "acme")).contains("of the service type, for want of one of this image");

        activated(new Scope(ACD, IMAGE, "", ""), "image");
        assertThat(origin(IMAGE, "acme")).contains("of this image, from image");

        activated(new Scope(ACD, IMAGE, "acme", ""), "tenant");
        assertThat(origin(IMAGE, "acme")).contains("of this image and tenant, from tenant");
        assertThat(origin(IMAGE, "globex")).contains("of this image, from image");
        assertThat(origin("platform/ivr@sha256:aa", "acme")).contains("of the service type");
    }

    @Test
    void aNewImageStartsFromTheLatestOfItsRepository() {
        activated(new Scope(ACD, IMAGE, "", ""), "first");
        activated(new Scope(ACD, "platform/acd:2", "", ""), "second");

        assertThat(origin("platform/acd@sha256:cc", "acme"))
                .contains("of image platform/acd:2, for want of one of this image, from second");
    }

    @Test
    void modelsOfTheNodesClassComeBeforeThoseOfEveryClass() {
        activated(new Scope(ACD, IMAGE, "", "slow"), "slow");
        activated(new Scope(ACD, IMAGE, "", ""), "any");
        assertThat(origin(IMAGE, "acme")).contains("from any");

        activated(new Scope(ACD, IMAGE, "", "fast"), "fast");
        assertThat(origin(IMAGE, "acme")).contains("from fast");
    }

    @Test
    void whatANarrowModelLacksComesFromTheWiderOne() {
        var scope = new Scope(ACD, IMAGE, "", "");
        var cpuOnly = versions.add(scope, cpuOnly(), "ops", NOW);
        versions.activate(cpuOnly, "ops", NOW);
        inForce.look();

        assertThat(inForce.find(ACD, IMAGE, "acme").orElseThrow().models()).containsKeys(Resource.CPU, Resource.MEMORY);
    }

    @Test
    void aRevertGoesBackStepByStepAndEndsAtTheWiderScope() {
        var scope = new Scope(ACD, IMAGE, "", "");
        var first = activated(scope, "first");
        var second = activated(scope, "second");
        versions.activate(second, "ops", NOW);

        assertThat(versions.revert(first, "ops", NOW)).isFalse();
        assertThat(versions.revert(second, "ops", NOW)).isTrue();
        inForce.look();
        assertThat(origin(IMAGE, "acme")).contains("from first");

        assertThat(versions.revert(first, "ops", NOW)).isTrue();
        inForce.look();
        assertThat(origin(IMAGE, "acme")).contains("of the service type");
        assertThat(versions.revert(first, "ops", NOW)).isFalse();
        assertThat(versions.activations(scope)).hasSize(4);
    }

    @Test
    void theSameModelsAreTheSameVersion() {
        var scope = new Scope(ACD, IMAGE, "", "");

        var one = versions.add(scope, sourced("x").only(ACD), "ops", NOW);
        var again = versions.add(scope, sourced("x").only(ACD), "someone", NOW.plusSeconds(5));

        assertThat(again.version()).isEqualTo(one.version());
        assertThat(again.createdBy()).isEqualTo("ops");
    }

    private ModelVersion activated(Scope scope, String source) {
        var model = versions.add(scope, sourced(source).only(ACD), "ops", NOW);
        versions.activate(model, "ops", NOW);
        inForce.look();
        return model;
    }

    private String origin(String image, String tenant) {
        return inForce.find(ACD, image, tenant).orElseThrow().origin();
    }

    private static ModelStore sourced(String source) {
        var shipped = ModelStore.shipped();
        return new ModelStore(source, shipped.models(), shipped.knees(), shipped.worth());
    }

    private static ModelStore cpuOnly() {
        var one = new TreeMap<>(ModelStore.shipped().only(ACD).models());
        one.replaceAll((kind, models) -> {
            var cpu = new EnumMap<>(models);
            cpu.keySet().retainAll(List.of(Resource.CPU));
            return cpu;
        });
        return new ModelStore("cpu only", one, new TreeMap<>(), new TreeMap<>());
    }
}
