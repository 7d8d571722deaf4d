package io.switchboard.api;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker.History;
import io.switchboard.engine.Broker.Query;
import io.switchboard.http.Problem;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Json;
import io.switchboard.session.SessionSettings;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.json.spi.JsonProvider;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /channels}: who listens on this node, and what is kept. */
final class ChannelsResource {
  /** The offset of a position in a query: {@code epoch:offset}, or the offset alone. */
  private static final int MAX_DIGITS = 18;

  private final Hub hub;
  private final ChannelPolicy policy;
  private final SessionSettings limits;
  private final Json json;
  private final JsonBuilderFactory builders =
      JsonProvider.provider().createBuilderFactory(Map.of());

  ChannelsResource(Hub hub, ChannelPolicy policy, SessionSettings limits, Json json) {
    this.hub = hub;
    this.policy = policy;
    this.limits = limits;
    this.json = json;
  }

  /** A channel in the list. */
  @JsonbPropertyOrder({"channel", "subscribers"})
  public record Entry(String channel, int subscribers) {}

  /** A piece of the list. */
  @JsonbPropertyOrder({"channels", "truncated"})
  public record Page(List<Entry> channels, boolean truncated) {}

  /** One channel. */
  @JsonbPropertyOrder({"channel", "subscribers", "epoch", "offset"})
  public record One(String channel, int subscribers, String epoch, long offset) {}

  /** Somebody who is there. */
  @JsonbPropertyOrder({"session", "user", "name", "at"})
  public record Somebody(String session, String user, @Nullable String name, Instant at) {}

  /** Who is there. */
  @JsonbPropertyOrder({"channel", "members", "truncated"})
  public record Presence(String channel, List<Somebody> members, boolean truncated) {}

  CompletionStage<Reply> list(Call call) throws Refused {
    int limit = call.limit();
    List<ChannelName> found =
        hub.channels(
            call.parameter("after").orElse(""), call.parameter("search").orElse(""), limit + 1);
    List<Entry> page =
        found.stream()
            .limit(limit)
            .map(channel -> new Entry(channel.value(), hub.subscribers(channel)))
            .toList();
    return Reply.json(200, json.write(new Page(page, found.size() > limit))).now();
  }

  CompletionStage<Reply> one(Call call) throws Refused {
    ChannelName channel = known(call, Action.HISTORY);
    return hub.history(channel, new Query(null, 0, true))
        .thenApply(
            history -> {
              StreamPosition top = history.top();
              One one =
                  new One(channel.value(), hub.subscribers(channel), top.epoch(), top.offset());
              return Reply.json(200, json.write(one));
            });
  }

  CompletionStage<Reply> presence(Call call) throws Refused {
    ChannelName channel = known(call, Action.PRESENCE);
    int limit = call.limit();
    return hub.members(channel)
        .thenApply(
            members -> {
              List<Somebody> some =
                  members.stream().limit(limit).map(ChannelsResource::somebody).toList();
              Presence presence = new Presence(channel.value(), some, members.size() > limit);
              return Reply.json(200, json.write(presence));
            });
  }

  private static Somebody somebody(Member member) {
    ClientInfo who = member.who();
    return new Somebody(who.session(), who.user(), who.name(), member.at());
  }

  CompletionStage<Reply> history(Call call) throws Refused {
    ChannelName channel = known(call, Action.HISTORY);
    int limit = call.limit();
    Optional<String> text = call.parameter("since");
    StreamPosition since = text.isPresent() ? position(text.get()) : null;
    // One more than is wanted tells whether there is more.
    Query query = new Query(since, limit + 1, call.flag("reverse"));
    return hub.history(channel, query)
        .thenApply(history -> Reply.json(200, document(channel, since, limit, history)));
  }

  private String document(
      ChannelName channel, @Nullable StreamPosition since, int limit, History history) {
    StreamPosition top = history.top();
    if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(top.epoch())) {
      throw new CompletionException(
          new Refused(
              Problem.of(
                      409,
                      "Another log",
                      "since: the log was begun anew, its epoch is " + top.epoch())
                  .member("code", ErrorCode.UNRECOVERABLE_POSITION.code())));
    }
    JsonArrayBuilder publications = builders.createArrayBuilder();
    int count = 0;
    long bytes = 0;
    for (Publication publication : history.publications()) {
      bytes += publication.data().size();
      if (count == limit || (count > 0 && bytes > limits.queueBytes())) {
        break;
      }
      publications.add(publication(publication));
      count++;
    }
    return builders
        .createObjectBuilder()
        .add("channel", channel.value())
        .add("epoch", top.epoch())
        .add("offset", top.offset())
        .add("publications", publications)
        .add("truncated", count < history.publications().size())
        .build()
        .toString();
  }

  private JsonObject publication(Publication publication) {
    JsonObjectBuilder object =
        builders
            .createObjectBuilder()
            .add("offset", publication.offset())
            .add("at", Json.time(publication.at()));
    ClientInfo by = publication.publisher();
    if (by != null) {
      object.add("user", by.user());
      if (by.name() != null) {
        object.add("name", by.name());
      }
    }
    object.add("data", publication.data().value());
    publication.data().encoding().ifPresent(encoding -> object.add("encoding", encoding));
    if (publication.key() != null) {
      object.add("key", publication.key());
    }
    return object.build();
  }

  CompletionStage<Reply> clear(Call call) throws Refused {
    return hub.clear(known(call, Action.HISTORY)).thenApply(done -> Reply.DONE);
  }

  private ChannelName known(Call call, Action what) throws Refused {
    ChannelName channel = call.channel();
    Publications.check(policy, what, channel);
    return channel;
  }

  /** Reads {@code epoch:offset}, or an offset; the epoch is empty where it is not given. */
  private static StreamPosition position(String text) throws Refused {
    int colon = text.lastIndexOf(':');
    String digits = text.substring(colon + 1);
    if (digits.isEmpty()
        || digits.length() > MAX_DIGITS
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Refused.badRequest("since: expected an offset, or epoch:offset");
    }
    return new StreamPosition(text.substring(0, Math.max(colon, 0)), Long.parseLong(digits));
  }
}
