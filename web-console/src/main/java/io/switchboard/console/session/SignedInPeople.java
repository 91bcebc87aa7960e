package io.switchboard.console.session;

import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/** Reads tenant and roles where the issuer put them: into the ID token, or only into the access token. */
class SignedInPeople implements OAuth2UserService<OidcUserRequest, OidcUser> {

    @Override
    public OidcUser loadUser(OidcUserRequest request) {
        Map<String, Object> claims = new HashMap<>(request.getIdToken().getClaims());
        Map<String, Object> fromAccessToken = claims(request.getAccessToken());
        for (String claim : List.of("tenant", "roles")) {
            if (fromAccessToken.containsKey(claim)) {
                claims.putIfAbsent(claim, fromAccessToken.get(claim));
            }
        }
        List<GrantedAuthority> authorities = Viewer.rolesIn(claims.get("roles")).stream()
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority("ROLE_" + role.name()))
                .toList();
        return new DefaultOidcUser(authorities, request.getIdToken(), new OidcUserInfo(claims));
    }

    /** The token came straight from the issuer over the back channel, so it is read without a second signature check. */
    private static Map<String, Object> claims(OAuth2AccessToken token) {
        try {
            return JWTParser.parse(token.getTokenValue()).getJWTClaimsSet().getClaims();
        } catch (ParseException opaque) {
            return Map.of();
        }
    }
}
