package dev.cairn.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.profile.call.Timeline;
import dev.cairn.profile.flow.Functions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TraceEventsTextTest {
  @Test
  void aStackOfAThreadIsAThreadOfTheTraceHoweverManyThereAre() throws Exception {
    Functions.Function function = new Functions.Function("f", null, 0);
    List<Timeline.Span> spans = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      for (int stack = 0; stack < 5000; stack++) {
        spans.add(new Timeline.Span(thread, stack, function, stack, stack + 1));
        spans.add(new Timeline.Span(thread, stack, function, stack + 1, stack + 2));
      }
    }
    String text = TraceEventsText.of(new Timeline(spans, 0, 0, 0));
    Map<Long, String> names = new HashMap<>();
    Map<Long, Integer> activations = new HashMap<>();
    for (JsonNode event : new ObjectMapper().readTree(text).get("traceEvents")) {
      long number = event.get("tid").asLong();
      if (event.get("ph").asText().equals("M")) {
        assertThat(names.put(number, event.get("args").get("name").asText())).isNull();
      } else {
        activations.merge(number, 1, Integer::sum);
      }
    }
    assertThat(names).hasSize(10_000).containsEntry(1L, "thread 0");
    assertThat(names.values()).doesNotHaveDuplicates().contains("thread 1, stack 4999");
    assertThat(activations)
        .hasSize(10_000)
        .allSatisfy((_, times) -> assertThat(times).isEqualTo(2));
  }
}
