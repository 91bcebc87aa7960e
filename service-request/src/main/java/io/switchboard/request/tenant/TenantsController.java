package io.switchboard.request.tenant;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.TenantsApi;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TenantsController implements TenantsApi {

    private static final Logger log = LoggerFactory.getLogger(TenantsController.class);

    private final Tenants tenants;
    private final Passwords passwords;
    private final HttpServletRequest request;
    private final ApiKeySecrets secrets = new ApiKeySecrets();

    /** @param request the current one: a proxy, because {@link TenantsApi} has no place for the caller */
    TenantsController(Tenants tenants, Passwords passwords, HttpServletRequest request) {
        this.tenants = tenants;
        this.passwords = passwords;
        this.request = request;
    }

    /** Runs before each method here. */
    @ModelAttribute
    void onlyOperators(Caller caller) {
        var operator = Caller.operator(caller, "Only operators manage tenants.");
        request.setAttribute(TenantsController.class.getName(), operator.subject());
    }

    @Override
    public List<TenantView> tenants() {
        return tenants.all();
    }

    @Override
    public TenantView put(@PathVariable String tenant, @RequestBody @Valid TenantRequest body) {
        var view = tenants.put(Names.tenant(tenant), Names.label("title", body.title()));
        audit("tenant.put", tenant, tenant);
        return view;
    }

    @Override
    public ResponseEntity<IssuedApiKey> issueApiKey(
            @PathVariable String tenant, @RequestBody @Valid ApiKeyRequest body) {
        var owner = known(tenant);
        var user = body.user().map(name -> userOf(owner, name)).orElse(null);
        var secret = secrets.newSecret();
        var key = tenants.addKey(
                owner, secrets.newId(), Names.label("label", body.label()), user, ApiKeySecrets.hash(secret));
        audit("api-key.issue", owner, user == null ? key.id() : key.id() + " for " + user);
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(new IssuedApiKey(key.id(), key.label(), secret, key.createdAt()));
    }

    @Override
    public List<ApiKeyView> apiKeys(@PathVariable String tenant) {
        return tenants.keys(known(tenant));
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void revokeApiKey(@PathVariable String tenant, @PathVariable String id) {
        var owner = known(tenant);
        if (tenants.revokeKey(owner, Names.keyId(id))) {
            audit("api-key.revoke", owner, id);
        }
    }

    @Override
    public UserView putUser(
            @PathVariable String tenant, @PathVariable String name, @RequestBody @Valid UserRequest body) {
        var owner = known(tenant);
        var user = tenants.putUser(owner, Names.user(name), passwords.hash(body.password()))
                .orElseThrow(() -> new Problem(
                        TenantProblem.USER_NAME_TAKEN, "There is a user '" + name + "' elsewhere already."));
        audit("user.put", owner, name);
        return user;
    }

    @Override
    public List<UserView> users(@PathVariable String tenant) {
        return tenants.users(known(tenant));
    }

    private String known(String tenant) {
        return tenants.find(Names.tenant(tenant))
                .map(TenantView::name)
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no tenant '" + tenant + "'."));
    }

    private String userOf(String tenant, String name) {
        return tenants.login(Names.user(name))
                .filter(login -> login.tenant().filter(tenant::equals).isPresent())
                .map(login -> name)
                .orElseThrow(() -> new Problem(
                        RequestProblem.NOT_FOUND, "The tenant '" + tenant + "' has no user '" + name + "'."));
    }

    private void audit(String act, String tenant, String subject) {
        var by = request.getAttribute(TenantsController.class.getName());
        log.info("audit: {} of {} in tenant {} by {}", act, subject, tenant, by);
    }
}
