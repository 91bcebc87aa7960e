package io.switchboard.engine.testkit;

import io.switchboard.engine.Engine;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.InMemoryEngine.Readiness;
import java.time.Clock;
import java.time.Duration;

class InMemoryEngineContractTests implements EngineContract {

    private Engine engine = open();

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Engine reopened() {
        engine = open();
        return engine;
    }

    @Override
    public String image() {
        return "acme/shop:1";
    }

    @Override
    public String otherImage() {
        return "acme/shop:2";
    }

    @Override
    public Duration calm() {
        return Duration.ofMillis(200);
    }

    private static Engine open() {
        return new InMemoryEngine(Readiness.IMMEDIATE, Clock.systemUTC(), 8000);
    }
}
