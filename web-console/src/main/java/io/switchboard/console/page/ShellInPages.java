package io.switchboard.console.page;

import org.springframework.context.annotation.Configuration;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;

/** Gives every page the frame it stands in, error pages too, which get no attributes from controller advice. */
@Configuration(proxyBeanMethods = false)
class ShellInPages {

    ShellInPages(ThymeleafViewResolver pages, Shell shell) {
        pages.addStaticVariable("shell", shell);
    }
}
