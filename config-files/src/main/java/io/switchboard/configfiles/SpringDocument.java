package io.switchboard.configfiles;

import io.switchboard.configprotocol.Format;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One of the documents that a file of a config server holds, without its condition: the stage says it now, and clients would leave
 * out what is for a profile that they don't have.
 *
 * @param profile that it is for; empty for all
 */
record SpringDocument(String profile, String text) {

    private static final Pattern YAML_END = Pattern.compile("(?m)^---(?:[ \\t].*)?$");
    private static final Pattern PROPERTIES_END = Pattern.compile("(?m)^[#!]---[ \\t]*$");

    private static final Pattern PROPERTIES_CONDITION = Pattern.compile(
            "(?m)^[ \\t]*(?:spring\\.config\\.activate\\.on-profile|spring\\.profiles)[ \\t]*[=: \\t][ \\t]*(\\S.*)$\\R?");

    private static final Set<String> YAML_CONDITIONS = Set.of("spring.config.activate.on-profile", "spring.profiles");
    private static final Pattern YAML_LINE =
            Pattern.compile("( *)([A-Za-z0-9_.-]+):(?:[ \\t]+(\\S.*?))??(?:[ \\t]+#.*)?[ \\t]*");

    static List<SpringDocument> of(Format format, String text) {
        return format == Format.YAML ? yamls(text) : properties(text);
    }

    /** As with properties. */
    private static List<SpringDocument> yamls(String text) {
        Map<String, List<String>> byProfile = new LinkedHashMap<>();
        YAML_END.splitAsStream(text)
                .filter(document -> document.lines().anyMatch(SpringDocument::says))
                .map(SpringDocument::yaml)
                .forEach(document -> byProfile
                        .computeIfAbsent(document.profile(), none -> new ArrayList<>())
                        .add(document.text()));
        return byProfile.entrySet().stream()
                .map(one -> new SpringDocument(
                        one.getKey(),
                        one.getValue().size() == 1 ? one.getValue().get(0) : MergedYaml.of(one.getValue())))
                .toList();
    }

    /** Those of one profile are one: a later item wins, as it does on the server. */
    private static List<SpringDocument> properties(String text) {
        Map<String, String> byProfile = new LinkedHashMap<>();
        for (String document : PROPERTIES_END.split(text)) {
            Matcher condition = PROPERTIES_CONDITION.matcher(document);
            String profile = condition.find() ? condition.group(1).strip() : "";
            byProfile.merge(
                    profile,
                    condition.replaceAll("").replaceFirst("^\\R", ""),
                    (before, more) -> before.endsWith("\n") ? before + more : before + "\n" + more);
        }
        return byProfile.entrySet().stream()
                .map(document -> new SpringDocument(document.getKey(), document.getValue()))
                .toList();
    }

    private record Line(int number, int indent, String name) {}

    private static SpringDocument yaml(String document) {
        List<String> lines = document.replaceFirst("^\\R", "").lines().toList();
        Deque<Line> above = new ArrayDeque<>();
        for (int number = 0; number < lines.size(); number++) {
            Matcher line = YAML_LINE.matcher(lines.get(number));
            if (!line.matches()) {
                continue;
            }
            int indent = line.group(1).length();
            while (!above.isEmpty() && above.getLast().indent() >= indent) {
                above.removeLast();
            }
            above.addLast(new Line(number, indent, line.group(2)));
            if (YAML_CONDITIONS.contains(above.stream().map(Line::name).collect(Collectors.joining(".")))) {
                List<Integer> listed = line.group(3) == null ? listed(lines, number) : List.of();
                List<String> profiles = line.group(3) == null
                        ? listed.stream()
                                .map(entry -> lines.get(entry).strip().substring(1))
                                .toList()
                        : List.of(line.group(3));
                if (!profiles.isEmpty()) {
                    String profile = profiles.stream()
                            .map(one -> one.strip().replaceAll("^([\"'])(.*)\\1$", "$2"))
                            .collect(Collectors.joining(", "));
                    return new SpringDocument(profile, without(lines, listed, above));
                }
            }
        }
        return new SpringDocument("", document.replaceFirst("^\\R", ""));
    }

    /** The lines of the list that begins behind that one; none if none does. */
    private static List<Integer> listed(List<String> lines, int behind) {
        return IntStream.range(behind + 1, lines.size())
                .takeWhile(number -> lines.get(number).matches("[ \\t]*- .*"))
                .boxed()
                .toList();
    }

    /** Nothing is left of what held the condition and nothing else. */
    private static String without(List<String> lines, List<Integer> listed, Deque<Line> condition) {
        Set<Integer> gone = new TreeSet<>(listed);
        gone.add(condition.removeLast().number());
        List<Line> holders = new ArrayList<>(condition.reversed());
        for (Line holder : holders) {
            boolean empty = IntStream.range(holder.number() + 1, lines.size())
                    .filter(number -> !gone.contains(number) && says(lines.get(number)))
                    .mapToObj(lines::get)
                    .findFirst()
                    .map(next -> next.indexOf(next.strip()) <= holder.indent())
                    .orElse(true);
            if (!empty) {
                break;
            }
            gone.add(holder.number());
        }
        return IntStream.range(0, lines.size())
                .filter(number -> !gone.contains(number))
                .mapToObj(lines::get)
                .flatMap(line -> Stream.of(line, "\n"))
                .collect(Collectors.joining());
    }

    private static boolean says(String line) {
        return !line.isBlank() && !line.strip().startsWith("#");
    }
}
