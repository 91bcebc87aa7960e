package io.switchboard.configclient;

/**
 * Always the latest value of one {@code @ConfigurationProperties} type. There is a bean {@code Live<T>} for each such
 * bean {@code T}, record or JavaBean, also where no config center is: then the value simply never changes.
 *
 * <pre>{@code
 * @Service
 * class Router {
 *     private final Live<RoutingProperties> routing;
 *
 *     Router(Live<RoutingProperties> routing) {
 *         this.routing = routing;
 *     }
 *
 *     Agent route(Call call) {
 *         RoutingProperties now = routing.get();   // once per decision: what belongs together comes from one release
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>A record that is injected as itself stays what it was when the application started. A release whose values can't
 * be bound or are not valid changes nothing here.
 *
 * @param <T> a type annotated with {@code @ConfigurationProperties} and registered as a bean
 */
@FunctionalInterface
public interface Live<T> {

    /** The value of the release in effect; the same instance until a release changes one of its keys. Never blocks. */
    T get();

    /** A value that never changes, for tests. */
    static <T> Live<T> of(T value) {
        return () -> value;
    }
}
