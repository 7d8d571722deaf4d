package io.switchboard.api;

import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the route of a request. Immutable.
 *
 * <p>Paths are matched as they were sent and decoded afterwards. A name may hold slashes, encoded
 * or not: containers refuse {@code %2F} unless told otherwise, so that {@code
 * /channels/room:a/b/history} is the history of {@code room:a/b}. Of several paths that match, the
 * one that was given first is taken. A name that begins with a tilde is the Base64 of the name (RFC
 * 4648 section 5), for what a container refuses however it is encoded: GlassFish 7 answers 503 to a
 * path with a colon.
 */
final class Router {
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  /** A route and what the parts in braces stand for. */
  record Match(Route route, Map<String, String> names) {}

  /** The routes of one path, by method. */
  private record Place(Pattern pattern, List<String> names, Map<String, Route> methods) {}

  private final List<Route> routes;
  private final List<Place> places;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    Map<String, Place> byPath = new LinkedHashMap<>();
    for (Route route : routes) {
      byPath.computeIfAbsent(route.path(), Router::place).methods().put(route.method(), route);
    }
    this.places = List.copyOf(byPath.values());
  }

  private static Place place(String path) {
    List<String> names = NAME.matcher(path).results().map(found -> found.group(1)).toList();
    String pattern =
        Stream.of(path.split("/", -1))
            .map(part -> part.startsWith("{") ? "(.+)" : Pattern.quote(part))
            .collect(Collectors.joining("/"));
    return new Place(Pattern.compile(pattern), names, new LinkedHashMap<>());
  }

  /** Returns every route. */
  List<Route> routes() {
    return routes;
  }

  /**
   * Returns the route of a request.
   *
   * @param path below the API, as it was sent
   */
  Match find(String method, String path) throws Refused {
    for (Place place : places) {
      Matcher matcher = place.pattern().matcher(path);
      if (matcher.matches()) {
        // HTTP asks for HEAD wherever there is a GET; containers leave the body out.
        Route route = place.methods().get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
          throw new Refused(notAllowed(place.methods().keySet().stream().toList()));
        }
        return new Match(route, names(place, matcher));
      }
    }
    throw new Refused(
        Problem.of(404, "Not found", "there is no such call; openapi.yaml lists all of them"));
  }

  private static Problem notAllowed(List<String> methods) {
    List<String> allowed = new ArrayList<>(methods);
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    return Problem.of(405, "Method not allowed", "expected " + String.join(" or ", methods))
        .header("Allow", String.join(", ", allowed));
  }

  private static Map<String, String> names(Place place, Matcher matcher) throws Refused {
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < place.names().size(); i++) {
      String name = place.names().get(i);
      names.put(
          name,
          Percent.decode(matcher.group(i + 1))
              .flatMap(Router::unwrapped)
              .orElseThrow(
                  () ->
                      Refused.badRequest(
                          name
                              + ": expected percent-encoded UTF-8 in the path, or ~ and Base64 for"
                              + " URLs of it")));
    }
    return names;
  }

  private static Optional<String> unwrapped(String name) {
    if (!name.startsWith("~")) {
      return Optional.of(name);
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(name.substring(1));
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
