package io.switchboard.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.contracts.config.ConfigApi.Format;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DraftFormTests {

    @Test
    void everyRowUpToTheBoundIsRead() {
        assertThat(DraftForm.of(1, rows(2_000)).rows()).hasSize(2_000);
    }

    @Test
    void moreRowsAreRefusedRatherThanCutOff() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> DraftForm.of(1, rows(2_001)))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(RequestProblem.BODY_TOO_LARGE))
                .withMessageContaining("at most 2000 rows");
    }

    @Test
    void whatWasTypedAsACommentIsSentAndNothingElse() {
        Map<String, String> form = new HashMap<>(Map.of("existing.0", "true", "existing.1", "true"));
        form.putAll(Map.of("key.0", "wait", "value.0", "30", "was.0", "30", "said.0", "In seconds."));
        form.putAll(Map.of("comment.0", " In seconds.\r\nAt most 60. "));
        form.putAll(Map.of("key.1", "ring", "value.1", "5", "was.1", "5", "said.1", "Gone.", "comment.1", ""));
        form.putAll(Map.of("key.2", "new", "value.2", "1", "was.2", "", "comment.2", "Of today."));
        Map<String, @Nullable String> comments = new HashMap<>(Map.of("wait", "In seconds.\nAt most 60."));
        comments.put("new", "Of today.");
        comments.put("ring", null);

        DraftForm draft = DraftForm.of(1, form);

        assertThat(draft.changes()).isEqualTo(Map.of("new", "1"));
        assertThat(draft.comments()).isEqualTo(comments);
    }

    @Test
    void aDocumentHasItsOneKeyAndNoOther() {
        DraftForm begun = DraftForm.of(namespace("routing.yaml", Format.YAML, Map.of()));
        DraftForm there = DraftForm.of(namespace("routing.yaml", Format.YAML, Map.of("content", "a: 1")));
        DraftForm items = DraftForm.of(namespace("routing", Format.PROPERTIES, Map.of("content", "a: 1")));

        assertThat(begun.rows()).extracting(DraftForm.Row::key).containsExactly("content");
        assertThat(there.rows()).extracting(DraftForm.Row::value).containsExactly("a: 1");
        assertThat(items.rows()).extracting(DraftForm.Row::key).containsExactly("content", "", "", "");
    }

    @Test
    void aDocumentIsChangedOnlyOnceItHasAText() {
        Map<String, String> form = new HashMap<>(Map.of("key.0", "content", "value.0", "", "document.0", "true"));
        assertThat(DraftForm.of(0, form).changes()).isEmpty();
        assertThat(DraftForm.of(0, form)
                        .onTopOf(namespace("routing.yaml", Format.YAML, Map.of()))
                        .rows())
                .extracting(DraftForm.Row::isKeyGiven)
                .containsExactly(true);

        form.put("value.0", "a: 1");
        assertThat(DraftForm.of(0, form).changes()).isEqualTo(Map.of("content", "a: 1"));

        // Emptied by somebody, it is changed.
        form.putAll(Map.of("value.0", "", "was.0", "a: 1", "existing.0", "true"));
        assertThat(DraftForm.of(0, form).changes()).isEqualTo(Map.of("content", ""));

        // No document, it only has an item of that name.
        Map<String, String> item = Map.of("key.0", "content", "value.0", "");
        assertThat(DraftForm.of(0, item).changes()).isEqualTo(Map.of("content", ""));
    }

    private static NamespaceView namespace(String name, Format format, Map<String, String> items) {
        return new NamespaceView(
                "acme",
                "desk",
                "prod",
                name,
                1,
                items,
                Map.of(),
                Optional.empty(),
                List.of(),
                format,
                Optional.empty(),
                Optional.empty());
    }

    private static Map<String, String> rows(int count) {
        var form = new HashMap<String, String>();
        for (int index = 0; index < count; index++) {
            form.put("key." + index, "k" + index);
            form.put("value." + index, "v");
        }
        return form;
    }
}
