package io.switchboard.access.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.balancer.haproxy.HaproxyProperties;
import io.switchboard.access.balancer.kamailio.KamailioProperties;
import io.switchboard.access.endpoint.EtcdProperties;
import io.switchboard.access.route.RouteProperties;
import io.switchboard.access.testing.Programs;
import io.switchboard.contracts.access.AccessApi.Mode;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class BalancerChoiceTests {

    @TempDir
    Path directory;

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Settings.class);

    @Test
    void haproxyWhereThereIsEtcdAndTheProgram() {
        expect(Mode.HAPROXY, "access.etcd.endpoints=http://127.0.0.1:2379");
    }

    @Test
    void directWithoutEtcd() {
        expect(Mode.DIRECT, "access.etcd.endpoints=");
    }

    @Test
    void directWithoutTheProgram() {
        expect(Mode.DIRECT, "access.etcd.endpoints=http://127.0.0.1:2379", "access.haproxy.binary=no-such-program");
    }

    @Test
    void directWhenAskedFor() {
        expect(Mode.DIRECT, "access.etcd.endpoints=http://127.0.0.1:2379", "access.haproxy.mode=none");
    }

    @Test
    void theDefaultsAreThoseOfTheReference() {
        context.run(it -> {
            var haproxy = it.getBean(HaproxyProperties.class);
            assertThat(haproxy.mode()).isEqualTo(HaproxyProperties.Mode.MANAGED);
            assertThat(haproxy.httpBind()).isEqualTo("127.0.0.1:8000");
            assertThat(haproxy.httpPort()).isEqualTo(8000);
            assertThat(haproxy.stopOnClose()).isFalse();
            var routes = it.getBean(RouteProperties.class);
            assertThat(routes.domain()).isEqualTo("switchboard.localhost");
            assertThat(routes.tcp().ports()).isEqualTo("22000-22999");
        });
    }

    @Test
    void whatHaproxyCannotTakeIsRefusedAtTheStart() {
        context.withPropertyValues("access.haproxy.http-bind=127.0.0.1")
                .run(it -> assertThat(it).hasFailed());
        context.withPropertyValues("access.haproxy.http-backends=0")
                .run(it -> assertThat(it).hasFailed());
        context.withPropertyValues("access.tcp.ports=22999-22000")
                .run(it -> assertThat(it).hasFailed());
        context.withPropertyValues("access.domain=Example_Domain")
                .run(it -> assertThat(it).hasFailed());
    }

    @Test
    void whatKamailioCannotTakeIsRefusedAtTheStart() {
        refused("access.kamailio.bind=127.0.0.1");
        refused("access.kamailio.bind=0.0.0.0:5060\nloadmodule \"exec.so\"");
        refused("access.kamailio.advertise=calls.example:5060;x");
        refused("access.kamailio.task-networks=10.0.0.0/8\") || (1");
        refused("access.kamailio.silence=1ms");
        refused("access.kamailio.most-per-second=-1");
        refused("access.kamailio.directory=/tmp/\"x");
    }

    @Test
    void settingsOfEtcdThatContradictOneAnotherAreRefusedAtTheStart() {
        refused("access.etcd.username=services");
        refused("access.etcd.endpoints=https://127.0.0.1:2379,http://127.0.0.1:2380");
        refused("access.etcd.endpoints=http://127.0.0.1:2379", "access.etcd.tls.ca=ca.pem");
        refused("access.etcd.endpoints=https://127.0.0.1:2379", "access.etcd.tls.certificate=client.pem");
    }

    private void refused(String... settings) {
        context.withPropertyValues(settings).run(it -> assertThat(it).hasFailed());
    }

    private void expect(Mode mode, String... settings) {
        context.withPropertyValues(
                        "access.haproxy.directory=" + directory, "access.haproxy.binary=" + Programs.haproxy())
                .withPropertyValues(settings)
                .run(it -> assertThat(it.getBean(Balancer.class).mode()).isEqualTo(mode));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({
        HaproxyProperties.class,
        KamailioProperties.class,
        RouteProperties.class,
        EtcdProperties.class
    })
    static class Settings {

        private final BalancerConfiguration configuration = new BalancerConfiguration();

        @Bean
        Balancer balancer(
                EtcdProperties etcd,
                HaproxyProperties haproxy,
                KamailioProperties kamailio,
                RouteProperties routes,
                ObjectProvider<MeterRegistry> meters) {
            return configuration.balancer(
                    etcd,
                    haproxy,
                    kamailio,
                    configuration.addressing(routes, haproxy, kamailio),
                    routes,
                    Clock.systemUTC(),
                    meters);
        }
    }
}
