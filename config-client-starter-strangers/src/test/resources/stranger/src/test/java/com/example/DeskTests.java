package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configclient.Live;
import io.switchboard.configclient.test.ConfigCenterTest;
import io.switchboard.configclient.test.TestConfigCenter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@ConfigCenterTest
class DeskTests {

    @Autowired
    private Live<DeskApplication.Routing> routing;

    @Autowired
    private TestConfigCenter center;

    @Test
    void aReleaseIsFollowed() {
        assertThat(routing.get().attempts()).isEqualTo(3);

        center.publish(Map.of("routing.attempts", "5"));

        assertThat(routing.get().attempts()).isEqualTo(5);
    }
}
