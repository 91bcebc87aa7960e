package io.switchboard.request;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;

/** The running service with a database and a broker of its own; all tests of this module share the one. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = RequestApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        useMainMethod = UseMainMethod.ALWAYS,
        properties = {
            "request.catalog.images.acd=platform/acd",
            "request.catalog.images.ivr=platform/ivr:0.1.0",
            "request.bootstrap.operator-password=correct horse battery",
            "request.bootstrap.demo-tenant=demo",
            "request.bootstrap.demo-password=demo of a password",
            "spring.cloud.zookeeper.enabled=false",
            "switchboard.security.outgoing=none",
            "logging.level.org.apache.activemq=warn"
        })
@Import(Surroundings.class)
public @interface RequestTest {}
