package io.switchboard.capacity.report;

import io.switchboard.capacity.model.Fitted;
import java.util.List;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One fitted model as one line of JSON; the figures are those on the kept-back file, or else on the training file.
 *
 * @param service the service type
 * @param mode its mode of work, a codec or what stands for it
 * @param resource {@code cpu} in cores, {@code mem} in MB, {@code rx}, {@code tx} and {@code disk} in kB/s
 * @param form the terms of the mean
 * @param coefficients the constant, then one per term
 * @param mape mean relative error over ten-second windows, in percent; cross-validated where no file is kept back
 * @param coverage99 share of seconds within the bound, 0 to 1
 * @param slack share of the bound that is not used above a fifth of the highest load, 0 to 1
 * @param violations seconds beyond the bound
 * @param seconds seconds that the bound was held against
 * @param notes what the reader must know
 */
public record FitLine(
        String service,
        String mode,
        String resource,
        String form,
        List<Double> coefficients,
        double mape,
        double coverage99,
        double slack,
        int violations,
        int seconds,
        List<String> notes) {

    // A figure that can't be told is null: NaN is no JSON.
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    public static FitLine of(Fitted fitted) {
        var model = fitted.model();
        var judged = fitted.judged();
        return new FitLine(
                fitted.kind().service(),
                fitted.kind().mode(),
                model.resource().code(),
                model.form(),
                model.coefficients(),
                100 * (fitted.holdout().isPresent() ? judged.error() : model.crossValidatedError()),
                judged.coverage(),
                judged.slack(),
                judged.violations(),
                judged.seconds(),
                fitted.notes());
    }

    public String json() {
        return JSON.writeValueAsString(this).replace("\"NaN\"", "null");
    }
}
