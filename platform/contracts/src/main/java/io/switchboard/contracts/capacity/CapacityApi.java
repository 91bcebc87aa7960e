package io.switchboard.contracts.capacity;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.Resources;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * From a load to tasks, and the consumption models behind it. Plans are for tenants too; models, samples and fits are the
 * operators', samples the services' as well. {@link Caller} parameters come from the access token; a client passes
 * {@code null}.
 */
@HttpExchange("/api/v1/capacity")
public interface CapacityApi {

    /** What a load would take, with the models in force for the caller's tenant; changes nothing. */
    @PostExchange("/plans")
    PlanAnswer plan(@RequestBody @Valid PlanRequest request, @Nullable Caller caller);

    /**
     * Model versions, newest first.
     *
     * @param service only of this service, for example {@code voice-rtp}
     * @param image only measured for this image
     * @param inForce only those that plans use now
     * @param limit at most so many, 1 to 1,000; 200 if it isn't said
     */
    @GetExchange("/models")
    List<ModelView> models(
            @RequestParam(required = false) @Nullable String service,
            @RequestParam(required = false) @Nullable String image,
            @RequestParam(defaultValue = "false") boolean inForce,
            @RequestParam(required = false) @Nullable Integer limit,
            @Nullable Caller caller);

    @GetExchange("/models/{version}")
    ModelDetail model(@PathVariable long version, @Nullable Caller caller);

    /** Two versions for the same kind of work, over the same loads. */
    @GetExchange("/models/{version}/comparison")
    Comparison compare(@PathVariable long version, @RequestParam long with, @Nullable Caller caller);

    /** Plans for whom it was measured use this version from now on; once more changes nothing. */
    @PostExchange("/models/{version}/activate")
    ModelView activate(@PathVariable long version, @Nullable Caller caller);

    /**
     * What was in force before this version is so again: an earlier version, or that of a wider scope. Answers what plans
     * for this version's scope use now.
     */
    @PostExchange("/models/{version}/revert")
    ModelView revert(@PathVariable long version, @Nullable Caller caller);

    /**
     * Models fitted to a data set of CSV, one row per second of one container; kept as versions that nothing uses yet, if
     * so asked.
     *
     * @param keep whether the models are kept
     * @param image the image that was measured; without it the models are of the service type
     * @param tenant whose load it was; only with an image
     * @param nodeClass the class of node it was measured on; every class if it isn't said
     * @param source where the measurements come from, for the reader of a plan
     */
    @PostExchange(url = "/fits", contentType = "text/csv")
    FitAnswer fit(
            @RequestBody byte[] csv,
            @RequestParam(defaultValue = "false") boolean keep,
            @RequestParam(required = false) @Nullable String image,
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam(required = false) @Nullable String nodeClass,
            @RequestParam(required = false) @Nullable String source,
            @Nullable Caller caller);

    /** The same from JSON: each row an object with the columns as its fields. */
    @PostExchange(url = "/fits", contentType = "application/json")
    FitAnswer fit(
            @RequestBody List<Map<String, Object>> rows,
            @RequestParam(defaultValue = "false") boolean keep,
            @RequestParam(required = false) @Nullable String image,
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam(required = false) @Nullable String nodeClass,
            @RequestParam(required = false) @Nullable String source,
            @Nullable Caller caller);

    /**
     * Keeps samples that were measured elsewhere, as CSV with the columns of the documentation; what can't be true is put
     * aside and counted. Sent again, they change nothing. For operators and services.
     *
     * @param image the image that was measured; without it the samples are of the service type
     * @param tenant whose load it was; only with an image
     * @param task a name for what was measured, so that two containers are not taken for one
     */
    @PostExchange(url = "/samples", contentType = "text/csv")
    SamplesAnswer samples(
            @RequestBody byte[] csv,
            @RequestParam(required = false) @Nullable String image,
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam String task,
            @Nullable Caller caller);

    /** The same from JSON: each row an object with the columns as its fields. */
    @PostExchange(url = "/samples", contentType = "application/json")
    SamplesAnswer samples(
            @RequestBody List<Map<String, Object>> rows,
            @RequestParam(required = false) @Nullable String image,
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam String task,
            @Nullable Caller caller);

    /** What is left of samples that are long gone: quantiles by image, tenant, month and load. */
    @GetExchange("/history")
    List<HistoryView> history(@RequestParam String service, @RequestParam String mode, @Nullable Caller caller);

    /**
     * @param consumption what a task does, as the catalog says for a service type; absent: a plan for each service of a
     *     call center
     * @param serviceType whose tasks may have been measured as a whole, which then counts instead; with a consumption only
     * @param image whose models are used; absent: those of the service type
     * @param limits what the plan allows; absent: one spare task and as many others as are needed
     * @param chatsPerHour chats beside the calls, for a whole call center only
     * @param assumptions what else was said, by its name in the answer's {@code assumptions}
     * @param shape factors of 48 half-hours of a day or 336 of a week, 0 to 1, the busiest 1; then the answer says how
     *     many tasks each half-hour needs
     */
    record PlanRequest(
            @NotNull @Valid LoadProfile loadProfile,
            @Nullable @Valid Consumption consumption,
            @Nullable @Size(min = 1, max = 100) String serviceType,
            @Nullable @Size(min = 1, max = 500) String image,
            @Nullable @Valid PlanLimits limits,
            @Nullable @Min(0) @Max(10_000_000) Integer chatsPerHour,
            @Nullable Map<String, Double> assumptions,
            @Nullable List<Double> shape) {}

    record PlanLimits(
            @Min(1) @Max(10_000) int minTasks,
            @Min(1) @Max(10_000) int maxTasks,
            @Min(0) @Max(10) int spareTasks) {}

    /** @param assumptions all that the plan assumes, with what was said in place */
    record PlanAnswer(List<ServicePlan> plans, Map<String, Double> assumptions) {

        public PlanAnswer {
            plans = List.copyOf(plans);
        }
    }

    /**
     * @param work what a task does
     * @param callsAtOnce calls, chats or streams that the plan is for
     * @param tasks how many run, spare ones included
     * @param callsPerTask calls of each with the spare ones lost, rounded up
     * @param explanation how the figures came about, a sentence each
     * @param tasksByHalfHour how many are needed in each half-hour of the shape; empty without one
     */
    record ServicePlan(
            String work,
            int callsAtOnce,
            int tasks,
            int callsPerTask,
            Resources perTask,
            List<String> explanation,
            List<Integer> tasksByHalfHour) {

        public ServicePlan {
            explanation = List.copyOf(explanation);
            tasksByHalfHour = List.copyOf(tasksByHalfHour);
        }
    }

    /**
     * @param image the image it was measured for; absent: every image
     * @param tenant whose load it was; absent: every tenant's
     * @param nodeClass the class of node it was measured on; absent: every class
     * @param source where the measurements come from
     * @param inForce whether plans use it now
     */
    record ModelView(
            long version,
            String service,
            String mode,
            Optional<String> image,
            Optional<String> tenant,
            Optional<String> nodeClass,
            String source,
            String createdBy,
            Instant createdAt,
            boolean inForce,
            List<ResourceModel> resources) {

        public ModelView {
            resources = List.copyOf(resources);
        }
    }

    /**
     * @param resource {@code cpu}, {@code mem}, {@code rx}, {@code tx} or {@code disk}
     * @param form the terms of the mean in words
     * @param coefficients the constant, then one per term
     * @param errorPercent mean relative error on loads left out; absent if one load was measured
     * @param coverage share of the seconds it was fitted to that the bound covers, 0 to 1; absent if it isn't known
     * @param slack share of the bound that was not used above a fifth of the highest load; absent likewise
     */
    record ResourceModel(
            String resource,
            String unit,
            String form,
            List<Double> coefficients,
            Optional<Double> errorPercent,
            Optional<Double> coverage,
            Optional<Double> slack) {

        public ResourceModel {
            coefficients = List.copyOf(coefficients);
        }
    }

    /**
     * @param fits by resource, what stood behind the model
     * @param knees where quality broke in runs with a CPU limit
     * @param activations what was in force for its scope, newest first
     */
    record ModelDetail(ModelView model, List<FitDetail> fits, List<KneeView> knees, List<Activation> activations) {

        public ModelDetail {
            fits = List.copyOf(fits);
            knees = List.copyOf(knees);
            activations = List.copyOf(activations);
        }
    }

    /**
     * @param measured the highest value of each driver that was measured
     * @param seconds steady seconds behind it; 0 if that isn't known
     * @param violations how many of them exceeded the bound
     * @param residualQuantiles use over expected use, less one, by quantile
     * @param curve expected use and reservation from no load to the highest measured
     */
    record FitDetail(
            String resource,
            List<String> terms,
            Map<String, Double> measured,
            int seconds,
            int violations,
            Map<String, Double> residualQuantiles,
            List<String> notes,
            List<Point> curve) {

        public FitDetail {
            terms = List.copyOf(terms);
            notes = List.copyOf(notes);
            curve = List.copyOf(curve);
        }
    }

    /** @param calls on one task, @param mean expected use, @param reservation what a plan gives, in the resource's unit */
    record Point(double calls, double mean, double reservation) {}

    /** @param calls the highest load that was good with this limit in cores, @param broken the next one, and what broke */
    record KneeView(double calls, double limitCores, String broken) {}

    /** @param version absent where a wider scope's model was let through again */
    record Activation(Optional<Long> version, String by, Instant at) {}

    record Comparison(ModelView one, ModelView other, List<ResourceComparison> resources) {

        public Comparison {
            resources = List.copyOf(resources);
        }
    }

    /** @param meanDifferencePercent by how much the other expects more, over all points on average */
    record ResourceComparison(
            String resource,
            List<Point> one,
            List<Point> other,
            double meanDifferencePercent,
            double reservationDifferencePercent) {

        public ResourceComparison {
            one = List.copyOf(one);
            other = List.copyOf(other);
        }
    }

    /**
     * @param rows that were read
     * @param rejected values or rows put aside, by reason
     * @param models one per kind of work; without a version where they aren't kept
     */
    record FitAnswer(long rows, Map<String, Long> rejected, List<FittedWork> models) {

        public FitAnswer {
            models = List.copyOf(models);
        }
    }

    record FittedWork(
            String service, String mode, Optional<Long> version, List<ResourceModel> resources, List<String> notes) {

        public FittedWork {
            resources = List.copyOf(resources);
            notes = List.copyOf(notes);
        }
    }

    /**
     * @param rows that were read
     * @param kept that are new
     * @param known that were there already
     * @param rejected values or rows put aside, by reason
     */
    record SamplesAnswer(long rows, long kept, long known, Map<String, Long> rejected) {}

    /**
     * @param month its first day
     * @param fromCalls the least of the calls at once; the next entry begins at twice as many
     * @param unit {@code mcore} or {@code kB}
     * @param minutes how many there were; the figures are of their means
     */
    record HistoryView(
            Optional<String> image,
            Optional<String> tenant,
            LocalDate month,
            int fromCalls,
            String resource,
            String unit,
            long minutes,
            long median,
            long p99,
            long most) {}
}
