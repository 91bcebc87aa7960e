package io.switchboard.standalone;

import java.nio.file.Path;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One machine's Switchboard.
 *
 * @param directory where everything is kept: data, logs, secrets
 * @param platform tells this installation's containers from others' on the same Docker daemon
 * @param bind the address that services and the balancer listen on
 * @param taskHost the address of ZooKeeper and the control plane as tasks see it; a container bridge's for Docker
 * @param domain below which instances get their host names
 * @param engine {@code process} or {@code docker}
 * @param acdImage the image that orders of type {@code acd} run until an operator pins another
 * @param acdJar the sample call distributor that the process engine runs
 * @param ports where everything listens
 */
record StandaloneProperties(
        @DefaultValue(".switchboard") Path directory,
        @DefaultValue("switchboard") String platform,
        @DefaultValue("127.0.0.1") String bind,
        @DefaultValue("127.0.0.1") String taskHost,
        @DefaultValue("switchboard.localhost") String domain,
        @DefaultValue("process") String engine,

        @DefaultValue("platform/acd:0.1.0") String acdImage,

        @DefaultValue("samples/acd-service/target/acd-service-0.1.0-exec.jar")
        Path acdJar,

        @DefaultValue Ports ports) {

    /**
     * @param sip where SIP over UDP comes in
     * @param tcp the range TCP routes get their ports from, {@code from-to}
     * @param tasks the range the process engine gives its tasks, {@code from-to}
     * @param media the range from which the engine gives tasks their ports for media, {@code from-to}
     */
    record Ports(
            @DefaultValue("8080") int console,
            @DefaultValue("8081") int request,
            @DefaultValue("8082") int scheduler,
            @DefaultValue("8083") int access,
            @DefaultValue("8084") int image,
            @DefaultValue("8085") int config,
            @DefaultValue("8086") int identity,
            @DefaultValue("8000") int balancer,
            @DefaultValue("5060") int sip,
            @DefaultValue("5000") int registry,
            @DefaultValue("15432") int database,
            @DefaultValue("15181") int zookeeper,
            @DefaultValue("15379") int etcd,
            @DefaultValue("15380") int etcdPeer,
            @DefaultValue("22000-22999") String tcp,
            @DefaultValue("20000-21999") String tasks,
            @DefaultValue("10000-14999") String media) {}
}
