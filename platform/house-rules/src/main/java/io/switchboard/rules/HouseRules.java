package io.switchboard.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** What holds in every module; a module adds its own rules beside these. An exception is a line here, with its reason. */
public final class HouseRules {

    private HouseRules() {}

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.switchboard.(*).(*)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|DTO|Dto|BO|VO|PO|Common|V2)")
            .because("such a name fits any code; name the concept, or what is special about this one")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule collaboratorsComeThroughTheConstructor = noFields()
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .because("a constructor shows what a class needs and lets tests pass it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingHappensAfterConstruction = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("jakarta.annotation.PostConstruct")
            .because("a constructed object is ready; what must start later is a SmartLifecycle")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule controllersStayPackagePrivate = classes()
            .that()
            .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .or()
            .areAnnotatedWith("org.springframework.stereotype.Controller")
            .should()
            .notBePublic()
            .because("callers use the HTTP interface, never the class")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule jsonIsJackson3 = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..")
            .because("Boot configures tools.jackson; Jackson 2 is only there for libraries")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule loggersArePrivateConstants = fields().that()
            .haveRawType("org.slf4j.Logger")
            .should()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(liveInANullMarkedPackage())
            .because("NullAway passes silently over a package that is not marked")
            .allowEmptyShould(true);

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info says @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked");
                events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
            }
        };
    }
}
