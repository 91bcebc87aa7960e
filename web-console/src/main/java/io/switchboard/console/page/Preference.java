package io.switchboard.console.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;

/** Language and colours, kept in cookies, so that they hold before signing in and without script. */
@Controller
class Preference {

    static final String THEME_COOKIE = "switchboard-theme";

    private static final List<String> THEMES = List.of("auto", "light", "dark");
    private static final List<String> LANGUAGES = List.of("en", "zh");
    private static final Duration KEPT = Duration.ofDays(365);

    private final LocaleResolver locales;

    Preference(LocaleResolver locales) {
        this.locales = locales;
    }

    static String theme(@Nullable Cookie cookie) {
        return cookie != null && THEMES.contains(cookie.getValue()) ? cookie.getValue() : "auto";
    }

    @PostMapping("/preferences")
    String prefer(
            @RequestParam(required = false) @Nullable String language,
            @RequestParam(required = false) @Nullable String theme,
            @RequestParam(defaultValue = "/") String back,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (language != null && LANGUAGES.contains(language)) {
            locales.setLocale(request, response, Locale.forLanguageTag(language));
        }
        if (theme != null && THEMES.contains(theme)) {
            ResponseCookie cookie = ResponseCookie.from(THEME_COOKIE, theme)
                    .path("/")
                    .maxAge(KEPT)
                    .httpOnly(true)
                    .sameSite("Lax")
                    .build();
            response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        }
        return "redirect:" + within(back);
    }

    /**
     * Only a path of ours: never another host, which {@code //host} and {@code /\host} would be, and no braces, which
     * the redirect would fill in.
     */
    private static String within(String back) {
        return back.matches("/(?![/\\\\])[\\x21-\\x7e&&[^{}]]*") ? back : "/";
    }

    @Configuration(proxyBeanMethods = false)
    static class Languages {

        @Bean
        LocaleResolver localeResolver() {
            CookieLocaleResolver resolver = new CookieLocaleResolver("switchboard-language");
            resolver.setDefaultLocaleFunction(request -> {
                boolean chinese = request.getLocale().getLanguage().equals("zh");
                return chinese ? Locale.CHINESE : Locale.ENGLISH;
            });
            resolver.setCookieMaxAge(KEPT);
            resolver.setCookieHttpOnly(true);
            resolver.setCookieSameSite("Lax");
            return resolver;
        }
    }
}
