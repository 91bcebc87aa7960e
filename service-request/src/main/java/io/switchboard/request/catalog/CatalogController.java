package io.switchboard.request.catalog;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CatalogController implements CatalogApi {

    private static final Logger log = LoggerFactory.getLogger(CatalogController.class);
    private static final String COMPONENT = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
    private static final Pattern REFERENCE =
            Pattern.compile(COMPONENT + "(?::[0-9]{1,5})?(?:/" + COMPONENT + ")*(?:@sha256:[0-9a-f]{64})?");

    private final Catalog catalog;
    private final ImagePins pins;
    private final HttpServletRequest request;

    /** @param request the current one: a proxy, because {@link CatalogApi} has no place for the caller */
    CatalogController(Catalog catalog, ImagePins pins, HttpServletRequest request) {
        this.catalog = catalog;
        this.pins = pins;
        this.request = request;
    }

    /** Runs before each method here: anyone may read, only operators may write. */
    @ModelAttribute
    void onlyOperatorsWrite(HttpMethod method, Caller caller) {
        if (method.equals(HttpMethod.PUT)) {
            Caller.operator(caller, "Only operators pin images.");
        }
        request.setAttribute(CatalogController.class.getName(), caller.subject());
    }

    @Override
    public List<ServiceType> catalog() {
        return catalog.types();
    }

    @Override
    public ServiceType serviceType(@PathVariable String serviceType) {
        return catalog.find(serviceType)
                .orElseThrow(() -> new Problem(
                        RequestProblem.NOT_FOUND, "There is no service type '" + Offer.shortened(serviceType) + "'."));
    }

    private static boolean isPinned(String reference) {
        return reference.length() <= 255 && REFERENCE.matcher(reference).matches();
    }

    @Override
    public ServiceType pinImage(@PathVariable String serviceType, @RequestBody ImagePin pin) {
        var type = serviceType(serviceType);
        @Nullable String reference = pin.reference();
        if (reference == null || !isPinned(reference) && !pins.isDefault(type.name(), reference)) {
            throw new Problem(
                    CatalogProblem.IMAGE_REFERENCE_INVALID,
                    "The reference is missing, or is neither an image reference with a digest nor what the settings name.");
        }
        var by = String.valueOf(request.getAttribute(CatalogController.class.getName()));
        pins.pin(type.name(), reference, by);
        log.info("audit: image.pin of {} to {} by {}", type.name(), reference, by);
        return serviceType(serviceType);
    }
}
