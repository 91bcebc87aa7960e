package io.switchboard.config;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.configprotocol.Secret;
import io.switchboard.rules.HouseRules;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

@AnalyzeClasses(packages = "io.switchboard.config", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchTests houseRules = ArchTests.in(HouseRules.class);

    @ArchTest
    static final ArchRule noValueIsOpened = noClasses()
            .should()
            .accessTargetWhere(opensAValue())
            .because("an encrypted value is opened by the application that reads it and by nobody else");

    /** Keys are opened by {@link SealingKey#openKey}. */
    private static DescribedPredicate<JavaAccess<?>> opensAValue() {
        return target(name("open"))
                .and(targetOwner(type(Secret.class).or(type(Release.class)).or(type(SealingKey.class))));
    }

    @Test
    void modulesKeepTheirBoundaries() {
        ApplicationModules.of(ConfigCenterApplication.class).verify();
    }
}
