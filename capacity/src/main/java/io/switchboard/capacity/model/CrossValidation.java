package io.switchboard.capacity.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which form predicts loads it has not seen: whole blocks are left out in turn, every form is fitted to the rest, and
 * the mean relative error over the windows left out decides (Roberts et al. 2017 on blocked cross-validation).
 */
final class CrossValidation {

    private static final int MOST_FOLDS = 40;
    /** Folds of neighbouring blocks, where one each would be too many. */
    private static final int FEW_FOLDS = 12;
    /** Windows beyond this many tell the forms apart no better. */
    private static final int MOST_WINDOWS = 400;
    /** Of forms that predict about as well, the simplest; relative. */
    private static final double ABOUT = 0.01;

    private final Windows windows;
    private final Resource resource;
    private final int[] rows;
    private final double floor;
    private final boolean anyLoad;
    private final int[] lives;

    /** @param rows windows to use; those without the resource are left out */
    CrossValidation(Windows windows, Resource resource, int[] rows) {
        this.windows = windows;
        this.resource = resource;
        this.rows = Arrays.stream(rows)
                .filter(row -> !Double.isNaN(windows.use(resource, row)))
                .toArray();
        this.floor = 0.1
                * Arrays.stream(this.rows)
                        .mapToDouble(row -> windows.use(resource, row))
                        .average()
                        .orElse(0);
        this.anyLoad = Arrays.stream(this.rows).anyMatch(row -> !windows.idle(row));
        this.lives = lives();
    }

    /**
     * A form with its coefficients, and how it fared.
     *
     * @param fit coefficients from all windows
     * @param error mean relative error over windows left out, NaN if there was nothing to leave out
     * @param byBlock coefficients from the windows outside each block
     */
    record Choice(Form form, Fit fit, double error, Map<Integer, Fit> byBlock) {}

    Choice choose(List<Form> forms) {
        int[] thinned = thinned();
        var folds = folds(thinned);
        var scored = forms.parallelStream()
                .map(form -> Map.entry(form, error(form, thinned, folds)))
                .filter(entry -> !Double.isNaN(entry.getValue()))
                .toList();
        double best = scored.stream().mapToDouble(Map.Entry::getValue).min().orElse(Double.NaN);
        var chosen = scored.stream()
                .filter(entry -> entry.getValue() <= best * (1 + ABOUT))
                .min(Comparator.<Map.Entry<Form, Double>>comparingInt(
                                entry -> entry.getKey().complexity())
                        .thenComparingDouble(Map.Entry::getValue));
        var form = chosen.map(Map.Entry::getKey).orElse(forms.getFirst());
        return evaluate(form);
    }

    /** The form on all windows, block by block. */
    Choice evaluate(Form form) {
        var folds = folds(rows);
        var regression = new Design(form, rows);
        var byBlock = new HashMap<Integer, Fit>();
        double sum = 0;
        int count = 0;
        for (var fold : folds) {
            var fit = regression.fit(fold.in.length == 0 ? rows : fold.in);
            for (int row : fold.out) {
                byBlock.put(windows.block(row), fit);
                if (counts(row)) {
                    sum += relative(row, regression.at(fit, row));
                    count++;
                }
            }
        }
        return new Choice(
                form, regression.fit(rows), count == 0 || folds.size() < 2 ? Double.NaN : sum / count, byBlock);
    }

    private double error(Form form, int[] among, List<Fold> folds) {
        var regression = new Design(form, among);
        double sum = 0;
        int count = 0;
        for (var fold : folds) {
            if (fold.in.length == 0 || Arrays.stream(fold.out).noneMatch(this::counts)) {
                continue;
            }
            var fit = regression.fit(fold.in);
            for (int row : fold.out) {
                if (counts(row)) {
                    sum += relative(row, regression.at(fit, row));
                    count++;
                }
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    private boolean counts(int row) {
        return !anyLoad || !windows.idle(row);
    }

    private double relative(int row, double predicted) {
        double use = windows.use(resource, row);
        return Math.abs(use - predicted) / Math.max(Math.max(use, floor), Double.MIN_NORMAL);
    }

    private int[] thinned() {
        if (rows.length <= MOST_WINDOWS) {
            return rows;
        }
        var some = new int[MOST_WINDOWS];
        Arrays.setAll(some, index -> rows[(int) ((long) index * rows.length / MOST_WINDOWS)]);
        return some;
    }

    /** Windows to predict, and those to learn that from. */
    private record Fold(int[] out, int[] in) {}

    /** One fold per block, or neighbouring blocks together where there are many. */
    private List<Fold> folds(int[] among) {
        int[] blocks = Arrays.stream(among).map(windows::block).distinct().toArray();
        int count = blocks.length <= MOST_FOLDS ? blocks.length : FEW_FOLDS;
        var foldOf = new int[Arrays.stream(blocks).max().orElse(-1) + 1];
        for (int index = 0; index < blocks.length; index++) {
            foldOf[blocks[index]] = (int) ((long) index * count / blocks.length);
        }
        return IntStream.range(0, count)
                .mapToObj(fold -> new Fold(
                        Arrays.stream(among)
                                .filter(row -> foldOf[windows.block(row)] == fold)
                                .toArray(),
                        Arrays.stream(among)
                                .filter(row -> foldOf[windows.block(row)] != fold)
                                .toArray()))
                .toList();
    }

    /** Lives of the container with enough blocks to have a base of their own; memory only. */
    private int[] lives() {
        if (resource != Resource.MEMORY) {
            return new int[0];
        }
        var blocks = new HashMap<Integer, Set<Integer>>();
        for (int row : rows) {
            blocks.computeIfAbsent(windows.life(row), life -> new HashSet<>()).add(windows.block(row));
        }
        int[] lives = blocks.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 2)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        return lives.length > 1 && lives.length == blocks.size() && lives.length <= 8 ? lives : new int[0];
    }

    /** The columns of a form over the windows: one constant or one per life, then the terms. */
    private final class Design {

        private final Form form;
        private final double[][] columns;
        private final Regression regression;
        private final int bases = Math.max(1, lives.length);

        /** @param among the windows that will be asked for */
        Design(Form form, int[] among) {
            this.form = form;
            columns = new double[bases + form.terms().size()][windows.size()];
            var target = new double[windows.size()];
            for (int row : among) {
                double use = windows.use(resource, row);
                target[row] = Double.isNaN(use) ? 0 : use;
                if (lives.length == 0) {
                    columns[0][row] = 1;
                }
                for (int life = 0; life < lives.length; life++) {
                    columns[life][row] = windows.life(row) == lives[life] ? 1 : 0;
                }
                for (int term = 0; term < form.terms().size(); term++) {
                    var one = form.terms().get(term);
                    double value = windows.driver(one.driver(), row);
                    columns[bases + term][row] = Double.isNaN(value) ? 0 : one.at(value);
                }
            }
            regression = new Regression(columns, target, floor);
        }

        Fit fit(int[] among) {
            double[] coefficients = regression.fit(among, form.loss());
            var slopes = Arrays.copyOfRange(coefficients, bases, coefficients.length);
            if (lives.length == 0) {
                return new Fit(coefficients[0], coefficients[0], Map.of(), slopes, limits(among));
            }
            var baseOf = new HashMap<Integer, Double>();
            double sum = 0;
            double most = 0;
            for (int life = 0; life < lives.length; life++) {
                baseOf.put(lives[life], coefficients[life]);
                int one = lives[life];
                // The more it was measured, the more it is the one to expect.
                sum += coefficients[life]
                        * Arrays.stream(among)
                                .filter(row -> windows.life(row) == one)
                                .count();
                most = Math.max(most, coefficients[life]);
            }
            return new Fit(sum / among.length, most, baseOf, slopes, limits(among));
        }

        private double[] limits(int[] among) {
            return form.terms().stream()
                    .mapToDouble(term -> windows.highest(term.driver(), among))
                    .toArray();
        }

        double at(Fit fit, int row) {
            double sum = fit.base(windows.life(row));
            for (int term = 0; term < fit.slopes().length; term++) {
                sum += fit.slopes()[term] * columns[bases + term][row];
            }
            return sum;
        }
    }
}
