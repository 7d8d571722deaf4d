package io.switchboard.lab;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that hands on the {@link MeteredResponse} where it is answered later; without this the
 * container would show its own one there.
 */
final class MeteredRequest extends HttpServletRequestWrapper {
  private final MeteredResponse response;
  private final Bill bill;
  private @Nullable AsyncContext async;
  private @Nullable Body body;

  MeteredRequest(HttpServletRequest request, MeteredResponse response, Bill bill) {
    super(request);
    this.response = response;
    this.bill = bill;
  }

  /** Returns the bytes of the head on the wire. */
  static long headSize(HttpServletRequest request) {
    List<Heads.Header> headers = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        headers.add(new Heads.Header(name, value));
      }
    }
    String query = request.getQueryString();
    String target = request.getRequestURI() + (query == null ? "" : "?" + query);
    return Heads.request(request.getMethod(), target, request.getProtocol(), headers);
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    Body made = body;
    if (made == null) {
      made = new Body(super.getInputStream(), bill);
      body = made;
    }
    return made;
  }

  @Override
  public AsyncContext startAsync() {
    return startAsync(this, response);
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse answer) {
    AsyncContext made = new MeteredAsync(super.startAsync(request, answer), response);
    async = made;
    return made;
  }

  @Override
  public AsyncContext getAsyncContext() {
    return async == null ? super.getAsyncContext() : async;
  }

  /** The body, counted as it is read. */
  private static final class Body extends ServletInputStream {
    private final ServletInputStream input;
    private final Bill bill;

    Body(ServletInputStream input, Bill bill) {
      this.input = input;
      this.bill = bill;
    }

    @Override
    public int read() throws IOException {
      int one = input.read();
      bill.received(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = input.read(bytes, offset, length);
      bill.received(Math.max(0, read));
      return read;
    }

    @Override
    public int available() throws IOException {
      return input.available();
    }

    @Override
    public boolean isFinished() {
      return input.isFinished();
    }

    @Override
    public boolean isReady() {
      return input.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      input.setReadListener(listener);
    }
  }
}
