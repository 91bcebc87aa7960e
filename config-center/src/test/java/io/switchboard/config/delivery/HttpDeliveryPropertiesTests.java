package io.switchboard.config.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class HttpDeliveryPropertiesTests {

    @Test
    void whatIsNotSetIsEnoughForThousands() {
        var defaults = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("config.delivery.http", HttpDeliveryProperties.class);

        assertThat(defaults).isEqualTo(new HttpDeliveryProperties(5_000, 20_000, DataSize.ofMegabytes(1)));
    }

    @Test
    void noBoundIsZero() {
        try (var factory = Validation.buildDefaultValidatorFactory()) {
            Validator validator = factory.getValidator();

            assertThat(validator.validate(new HttpDeliveryProperties(0, 0, DataSize.ofMegabytes(1))))
                    .extracting(violation -> violation.getPropertyPath().toString())
                    .containsExactlyInAnyOrder("waitingPerTenant", "waitingInAll");
        }
    }

    @Test
    void reportsHaveRoomForOneAtLeast() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpDeliveryProperties(1, 1, DataSize.ofBytes(1_000)))
                .withMessageContaining("reportRoom must be at least 1 KB");
    }
}
