package io.switchboard.boot;

import io.switchboard.admission.GateSettings;
import io.switchboard.api.ApiSettings;
import io.switchboard.auth.jwt.JwtSettings;
import io.switchboard.channel.Namespace;
import io.switchboard.engine.memory.MemorySettings;
import io.switchboard.http.RequestSettings;
import io.switchboard.session.DrainSettings;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.SessionSettings;
import io.switchboard.transport.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every setting, checked.
 *
 * @param home the folder for what must outlive the process
 * @param apiKey the key of the server API; absent to keep a generated one in the home folder
 * @param jwt which tokens are accepted; absent for none
 * @param memory bounds what the memory of this process keeps, whatever the engine
 * @param namespaces every namespace there is
 * @param maxQueued how many bytes all sessions together may hold for slow peers
 * @param presenceGrace how long those whose connection was cut off may take to come back before
 *     others are told that they left
 * @param lab whether the lab page has a server's side
 * @param ops what operators may see
 */
record Settings(
    Path home,
    Optional<String> apiKey,
    GateSettings gate,
    Optional<JwtSettings> jwt,
    SessionSettings session,
    HeartbeatSettings heartbeat,
    HttpSettings http,
    ApiSettings api,
    RequestSettings requests,
    EngineSettings engine,
    MemorySettings memory,
    List<Namespace> namespaces,
    long maxQueued,
    Duration presenceGrace,
    boolean lab,
    OpsSettings ops,
    DrainSettings drain) {}
