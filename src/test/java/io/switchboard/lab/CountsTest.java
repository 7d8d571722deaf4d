package io.switchboard.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.lab.Heads.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sizes of heads and frames, held to texts and to RFC 6455. */
class CountsTest {
  /** The bytes of a head of these lines. */
  private static int bytes(String... lines) {
    String text = String.join("\r\n", lines) + "\r\n\r\n";
    return text.getBytes(StandardCharsets.US_ASCII).length;
  }

  @Test
  void aRequestIsAsLongAsItsText() {
    assertEquals(
        bytes("GET /chat?a=b HTTP/1.1", "Host: x", "Accept: */*"),
        Heads.request(
            "GET",
            "/chat?a=b",
            "HTTP/1.1",
            List.of(new Header("host", "x"), new Header("accept", "*/*"))));
  }

  @Test
  void whatTomcatAddsIsCounted() {
    assertEquals(
        bytes(
            "HTTP/1.1 200 ",
            "Cache-Control: no-store",
            "Content-Type: application/json",
            "Content-Length: 120",
            "Date: Sat, 21 Nov 2026 14:45:40 GMT",
            "Keep-Alive: timeout=20",
            "Connection: keep-alive"),
        new Heads("Apache Tomcat/11.0.25")
            .response(
                new Heads.Response(
                    200,
                    List.of(new Header("cache-control", "no-store")),
                    true,
                    false,
                    "application/json",
                    120)));
  }

  @Test
  void glassFishAddsNoDate() {
    Heads heads = new Heads("Eclipse GlassFish  7.0.21");
    List<Header> given = List.of(new Header("server", "Eclipse GlassFish 7.0.21"));
    assertEquals(
        bytes("HTTP/1.1 201 Created", "Server: Eclipse GlassFish 7.0.21", "Content-Length: 5"),
        heads.response(new Heads.Response(201, given, true, false, "", 5)));
    assertEquals(
        bytes("HTTP/1.1 204 No Content", "Server: Eclipse GlassFish 7.0.21"),
        heads.response(new Heads.Response(204, given, true, false, "", -1)));
  }

  @Test
  void whatIsThereAlreadyIsNotCountedTwice() {
    assertEquals(
        bytes("HTTP/1.1 200 ", "Date: Sat, 21 Nov 2026 14:45:40 GMT", "Transfer-Encoding: chunked"),
        new Heads("Apache Tomcat/11.0.25")
            .response(
                new Heads.Response(
                    200,
                    List.of(
                        new Header("date", "Sat, 21 Nov 2026 14:45:40 GMT"),
                        new Header("transfer-encoding", "chunked")),
                    false,
                    true,
                    "",
                    -1)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 5", "15, 5", "16, 6", "4096, 8"})
  void aChunkHasItsLengthInHexAndTwoLineEnds(long payload, long around) {
    assertEquals(around, Heads.chunk(payload));
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 6", "125, 2, 6", "126, 4, 8", "65535, 4, 8", "65536, 10, 14"})
  void aFrameHasAHeaderAndThatOfAClientAMask(long payload, long fromServer, long fromClient) {
    Tally tally = new Tally(() -> 0);
    tally.sent(payload);
    tally.received(payload);
    assertEquals(payload + fromServer, tally.sent());
    assertEquals(payload + fromClient, tally.received());
  }

  @Test
  void aBillIsPaidOnceItIsKnownByWhom() {
    Tally tally = new Tally(() -> 0);
    AtomicReference<@Nullable Tally> known = new AtomicReference<>();
    Bill bill = new Bill(() -> Optional.ofNullable(known.get()));
    bill.request(100);
    bill.received(20);
    bill.sent(7);
    bill.used(5);
    assertEquals(0, tally.requests());
    known.set(tally);
    bill.sent(3);
    assertEquals(1, tally.requests());
    assertEquals(120, tally.received());
    assertEquals(10, tally.sent());
    assertEquals(5, tally.used());
    bill.sent(1);
    assertEquals(1, tally.requests());
    assertEquals(11, tally.sent());
  }
}
