package io.switchboard.samples.acd;

import io.switchboard.configclient.Live;
import io.switchboard.samples.acd.floor.AcdProperties;
import io.switchboard.samples.acd.floor.TaskProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says who answers; cheap enough to be asked thousands of times a second. */
@RestController
class AboutController {

    private final Live<AcdProperties> settings;
    private final TaskProperties task;
    private final ReleaseInUse release;

    AboutController(Live<AcdProperties> settings, TaskProperties task, ReleaseInUse release) {
        this.settings = settings;
        this.task = task;
        this.release = release;
    }

    @GetMapping("/")
    About about() {
        var now = settings.get();
        return new About(
                task.id(), task.revision(), now.routing().strategy().settingName(), now.greeting(), release.number());
    }

    /**
     * @param task which copy of the service answers
     * @param revision of the deployment it belongs to
     * @param strategy as in the setting {@code acd.routing.strategy}
     * @param release number of the configuration's release in use, 0 if there is none
     */
    record About(String task, long revision, String strategy, String greeting, long release) {}
}
