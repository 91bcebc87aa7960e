package io.switchboard.marathon.simulator;

import tools.jackson.databind.node.ObjectNode;

/** What a Marathon process tells of itself. */
final class SystemCalls {

    /** The process that answers. */
    interface Process {
        String leader();

        /** Gives up leading. */
        void abdicate();
    }

    private final Process process;

    SystemCalls(Process process) {
        this.process = process;
    }

    Answer answer(Request request) {
        String path = request.path();
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return switch (path) {
            case "/ping" -> Answer.text(200, "pong");
            case "/v2/info" -> reads ? Answer.json(200, info()) : Answer.message(405, "Method Not Allowed");
            case "/v2/leader" -> leader(request, reads);
            case "/v2/plugins" -> {
                ObjectNode body = Json.object();
                body.putArray("plugins");
                yield Answer.json(200, body);
            }
            case "/metrics" -> Answer.json(200, metrics());
            case "/logging" -> Answer.json(200, Json.object("ROOT", "INFO (inherited)"));
            case "/", "/help" -> Answer.empty(302).with("Location", "/ui/");
            case "/v2/events" -> Answer.html(405, path, "HTTP method GET is not supported by this URL");
            default ->
                path.startsWith("/ui/") ? Answer.html(404, path, "Not Found") : Answer.message(500, "URI not found");
        };
    }

    private Answer leader(Request request, boolean reads) {
        if (reads) {
            return Answer.json(200, Json.object("leader", process.leader()));
        }
        if (!request.method().equals("DELETE")) {
            return Answer.message(405, "Method Not Allowed");
        }
        ObjectNode body = Json.object("message", "Leadership abdicated");
        body.putArray("details");
        process.abdicate();
        return Answer.json(200, body);
    }

    private ObjectNode info() {
        String leader = process.leader();
        int colon = leader.lastIndexOf(':');
        ObjectNode info = Json.object("name", "marathon").put("version", "1.10.26");
        info.put("buildref", "unknown").put("elected", true).put("leader", leader);
        info.put("frameworkId", "00000000-0000-4000-8000-000000000000-0000");
        info.set("marathon_config", flags().put("hostname", leader.substring(0, colon)));
        info.putObject("zookeeper_config")
                .put("zk", "zk://127.0.0.1:2181/marathon")
                .put("zk_compression", true)
                .put("zk_compression_threshold", 65536)
                .put("zk_connection_timeout", 10000)
                .put("zk_max_node_size", 1024000)
                .put("zk_max_versions", 50)
                .put("zk_session_timeout", 10000)
                .put("zk_timeout", 10000);
        int port = Integer.parseInt(leader.substring(colon + 1));
        info.putObject("http_config").put("http_port", port).put("https_port", 8443);
        return info;
    }

    /** Marathon's defaults. */
    private static ObjectNode flags() {
        ObjectNode flags = Json.object();
        for (String unset :
                new String[] {"access_control_allow_origin", "default_network_name", "env_vars_prefix", "webui_url"}) {
            flags.putNull(unset);
        }
        flags.put("checkpoint", true)
                .put("ha", true)
                .put("maintenance_mode", true)
                .put("store_cache", true);
        flags.put("executor", "//cmd").put("framework_name", "marathon").put("master", "127.0.0.1:5050");
        flags.put("mesos_bridge_name", "mesos-bridge").put("mesos_leader_ui_url", "http://127.0.0.1:5050/");
        flags.put("mesos_role", "*").put("mesos_user", "root").put("new_group_enforce_role", "Off");
        flags.putArray("features");
        flags.put("decline_offer_duration", 120000).put("failover_timeout", 604800);
        flags.put("launch_token", 100).put("launch_token_refresh_interval", 30000);
        flags.put("leader_proxy_connection_timeout_ms", 5000).put("leader_proxy_read_timeout_ms", 10000);
        flags.put("local_port_max", 20000).put("local_port_min", 10000).put("max_instances_per_offer", 5);
        flags.put("mesos_heartbeat_failure_threshold", 5).put("mesos_heartbeat_interval", 15000);
        flags.put("min_revive_offers_interval", 5000).put("offer_matching_timeout", 3000);
        flags.put("on_elected_prepare_timeout", 180000);
        flags.put("reconciliation_initial_delay", 15000).put("reconciliation_interval", 600000);
        flags.put("scale_apps_initial_delay", 15000).put("scale_apps_interval", 300000);
        flags.put("task_launch_confirm_timeout", 300000).put("task_launch_timeout", 300000);
        flags.put("task_lost_expunge_initial_delay", 300000).put("task_lost_expunge_interval", 30000);
        return flags.put("task_reservation_timeout", 20000);
    }

    private static ObjectNode metrics() {
        ObjectNode metrics = Json.object("version", "4.0.0");
        for (String kind : new String[] {"counters", "gauges", "histograms", "meters", "timers"}) {
            metrics.putObject(kind);
        }
        return metrics;
    }
}
