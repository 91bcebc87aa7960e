package io.switchboard.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.switchboard.rules.HouseRules;

@AnalyzeClasses(packages = "io.switchboard.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchTests houseRules = ArchTests.in(HouseRules.class);

    @ArchTest
    static final ArchRule whatCallersNeedKnowsNothingOfHowEnginesDoIt = noClasses()
            .that()
            .resideInAPackage("io.switchboard.engine")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.switchboard.engine.supervision")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noSpring = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..")
            .because("an engine must be usable without it");
}
