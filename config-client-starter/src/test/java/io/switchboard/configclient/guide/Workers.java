package io.switchboard.configclient.guide;

import io.switchboard.configclient.Live;
import io.switchboard.configclient.RefreshScope;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

@Component
@RefreshScope
class Workers implements DisposableBean {

    private final ExecutorService threads;

    Workers(Live<RoutingProperties> routing) {
        threads = Executors.newFixedThreadPool(routing.get().attempts());
    }

    void run(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void destroy() {
        threads.shutdown();
    }
}
