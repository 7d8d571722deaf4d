package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.testing.Scrape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a mistake in a query would be found. */
class PromQlTest {
  private static final Scrape SCRAPE =
      Scrape.of(
          """
          # TYPE sb_closed_total counter
          sb_closed_total{code="1000"} 3.0
          sb_closed_total{code="4201"} 0.0
          # TYPE sb_fan_seconds histogram
          sb_fan_seconds_bucket{le="0.5"} 1
          sb_fan_seconds_count 1
          # TYPE sb_draining gauge
          sb_draining 0.0
          """);

  private static void assertMistakes(String query, String... mistakes) {
    assertEquals(
        List.of(mistakes).stream().map(mistake -> mistake + " in " + query).toList(),
        PromQl.mistakes(query, SCRAPE));
  }

  @Test
  void whatIsThereIsNoMistake() {
    assertMistakes("sb_draining == 1");
    assertMistakes(
        "histogram_quantile(0.99, sum by (le, instance) (rate(sb_fan_seconds_bucket[5m]))) > 1e3");
    assertMistakes(
        "sum by (code) (rate(sb_closed_total{code=~\"1000|4201\",instance=~\"$instance\"}"
            + "[$__rate_interval])) > 0 and sb_draining / on (instance) sb_draining > 0.5");
  }

  @Test
  void whatIsNotThereIsFound() {
    assertMistakes("sb_drainin == 1", "there is no metric sb_drainin");
    assertMistakes("rate(sb_closed[5m])", "there is no metric sb_closed");
    assertMistakes("sb_closed_total{cod=\"1000\"}", "sb_closed_total has no label cod");
    assertMistakes("sb_closed_total{code=\"4999\"}", "sb_closed_total has no code 4999");
    assertMistakes("sum by (reason) (sb_closed_total)", "nothing has a label reason");
    assertMistakes("1 + 1", "it asks for nothing");
  }
}
