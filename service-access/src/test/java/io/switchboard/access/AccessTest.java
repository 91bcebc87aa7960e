package io.switchboard.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** The whole service, with a message broker inside, a real etcd and a real HAProxy. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
        properties = {
            "spring.artemis.mode=embedded",
            "spring.artemis.embedded.enabled=true",
            "spring.cloud.zookeeper.enabled=false",
            "switchboard.security.outgoing=none",
            "logging.level.org.apache.activemq=warn",
            "access.resync.every=1s",
            "access.agent.republish-every=2s",
            "access.agent.audit-every=1s",
            "access.agent.traffic-every=200ms",
            "access.domains.check-every=200ms",
            "access.domains.timeout=300ms",
            "access.domains.grace=2s",
            "access.domains.most-per-tenant=3",
            "access.haproxy.http-backends=10",
            "access.haproxy.tcp-backends=5",
            "access.haproxy.stop-on-close=true"
        })
@AutoConfigureMockMvc
@Import(AccessTestBeans.class)
@ContextConfiguration(initializers = AccessTestPrograms.class)
public @interface AccessTest {}
