package io.switchboard.scheduling.capacity;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.engine.Engine;
import io.switchboard.scheduling.rounds.Rounds;
import io.switchboard.scheduling.sample.Samples;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class CapacityConfiguration {

    @Bean
    NodeRoom nodeRoom(Engine engine, CapacityProperties properties) {
        return new NodeRoom(engine, properties);
    }

    @Bean
    Rounds nodeRounds(NodeRoom room, CapacityProperties properties) {
        return new Rounds("node-room", properties.nodesEvery(), room::look);
    }

    /** With those that come along in force before the first order is sized. */
    @Bean
    ModelVersions modelVersions(JdbcTemplate jdbc, PlatformTransactionManager transactions, Clock clock) {
        var versions = new ModelVersions(jdbc, new TransactionTemplate(transactions));
        versions.ship(ModelStore.shipped(), clock.instant());
        return versions;
    }

    @Bean
    ModelsInForce modelsInForce(ModelVersions versions, CapacityProperties properties) {
        var models = new ModelsInForce(versions, properties.nodeClass());
        models.look();
        return models;
    }

    @Bean
    Rounds modelRounds(ModelsInForce models, CapacityProperties properties) {
        return new Rounds("capacity-models", properties.modelsEvery(), models::look);
    }

    @Bean
    OrderSizing orderSizing(ModelsInForce models, NodeRoom room) {
        return new ModelledSizing(models, room::nodes);
    }

    @Bean
    WhatIf whatIf(ModelsInForce models, NodeRoom room) {
        return new WhatIf(models, room::nodes);
    }

    @Bean
    Fits fits(ModelVersions versions, Clock clock) {
        return new Fits(versions, clock);
    }

    @Bean
    Ingestion ingestion(Samples samples, ModelsInForce models, Clock clock, MeterRegistry meters) {
        return new Ingestion(samples, models, clock, meters);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "scheduler.learning.enabled", matchIfMissing = true)
    static class WithLearning {

        @Bean
        Rounds refitRounds(
                Samples samples,
                ModelVersions versions,
                Fits fits,
                LearningProperties learning,
                CapacityProperties properties,
                Clock clock) {
            var refits = new Refits(samples, versions, fits, learning, properties.nodeClass(), clock);
            return new Rounds("capacity-fits", learning.fitEvery(), refits::round);
        }

        @Bean
        Rounds driftRounds(
                Samples samples,
                ModelVersions versions,
                ModelsInForce inForce,
                LearningProperties learning,
                Clock clock,
                MeterRegistry meters) {
            var watch = new DriftWatch(samples, versions, inForce, clock, meters);
            return new Rounds("capacity-drift", learning.driftEvery(), watch::round);
        }
    }
}
