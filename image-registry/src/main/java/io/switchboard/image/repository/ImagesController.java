package io.switchboard.image.repository;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.image.ImageProblem;
import io.switchboard.contracts.image.ImagesApi;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.image.registry.Registry;
import io.switchboard.image.registry.RegistryContents;
import io.switchboard.image.token.PullCredentials;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ImagesController implements ImagesApi {

    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+");
    private static final int LONGEST_REPOSITORY = 255;
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private final Images images;
    private final ImageVersions versions;
    private final RegistryContents contents;
    private final Registry registry;
    private final PullCredentials pulls;
    private final Clock clock;

    ImagesController(
            Images images,
            ImageVersions versions,
            RegistryContents contents,
            Registry registry,
            PullCredentials pulls,
            Clock clock) {
        this.images = images;
        this.versions = versions;
        this.contents = contents;
        this.registry = registry;
        this.pulls = pulls;
        this.clock = clock;
    }

    @Override
    public List<ImageView> images(@Nullable String repository, @Nullable Caller caller) {
        var known = known(caller);
        return images.list(name -> Visibility.sees(known, name) && (repository == null || repository.equals(name)));
    }

    @Override
    public List<VersionView> versions(@Nullable String repository, @Nullable Caller caller) {
        var known = known(caller);
        // The database takes some of what is no repository for an error.
        if (repository != null && !isRepository(repository)) {
            return List.of();
        }
        return versions.list(repository, Visibility.owners(known));
    }

    @Override
    public VersionView pinVersion(
            String repository, String version, @Valid @RequestBody VersionPin pin, @Nullable Caller caller) {
        var known = known(caller);
        checkRepository(repository);
        if (!VERSION.matcher(version).matches()) {
            throw RequestProblem.invalid(
                    "version",
                    "must be 1 to 128 letters, digits, dots, dashes and underscores, no dot or dash in front");
        }
        if (!Visibility.sees(known, repository)) {
            throw new Problem(RequestProblem.NOT_FOUND, "There is no repository " + repository + ".");
        }
        if (!Visibility.owns(known, repository)) {
            throw new Problem(RequestProblem.FORBIDDEN, "Only operators pin versions of " + repository + ".");
        }
        if (contents.manifest(repository, pin.digest()).isEmpty()) {
            throw new Problem(
                    ImageProblem.IMAGE_NOT_FOUND, "Repository " + repository + " has no image " + pin.digest() + ".");
        }
        var wanted = new VersionView(
                repository,
                version,
                pin.digest(),
                known.subject(),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        var pinned = versions.putIfAbsent(wanted);
        if (!pinned.digest().equals(pin.digest())) {
            throw new Problem(
                    ImageProblem.VERSION_IMMUTABLE, "Version " + version + " already means " + pinned.digest() + ".");
        }
        return pinned;
    }

    @Override
    public PullCredential pullCredential(String repository) {
        checkRepository(repository);
        return new PullCredential(registry.address(), pulls.user(repository), pulls.secret(repository));
    }

    private static void checkRepository(String repository) {
        if (!isRepository(repository)) {
            throw RequestProblem.invalid(
                    "repository",
                    "must be lower-case names parted by slashes, its owner first, at most %d characters"
                            .formatted(LONGEST_REPOSITORY));
        }
    }

    private static boolean isRepository(String name) {
        return name.length() <= LONGEST_REPOSITORY && REPOSITORY.matcher(name).matches();
    }

    /** Set from the access token on every call that comes in over HTTP. */
    private static Caller known(@Nullable Caller caller) {
        if (caller == null) {
            throw new Problem(RequestProblem.UNAUTHENTICATED, "This call needs an access token.");
        }
        return caller;
    }
}
