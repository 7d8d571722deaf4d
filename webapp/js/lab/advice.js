// @ts-check
import { WAIT } from './carriers.js';

/**
 * What the doctor found on the path; what was not tested is absent.
 *
 * @typedef {object} Findings
 * @property {{interval: number, timeout: number}} heartbeat of this server, in seconds; it makes a
 *   round trip, so both ways are used
 * @property {{scheme: string, host: string}} page how the browser came here, scheme without a colon
 * @property {import('./api.js').Seen} [seen] how its requests reach the server
 * @property {{ok: boolean, status?: number}} [upgrade] status is what a plain GET of the endpoint
 *   is answered with; 426 comes from the server itself, 0 is no answer
 * @property {{asked: string, got: string}} [subprotocol]
 * @property {{seconds: number, cut: boolean}} [quiet] how long a quiet WebSocket lasted
 * @property {{seconds: number, cut: boolean}} [lively] the same for one with heartbeats
 * @property {{verdict: 'flows' | 'held' | 'nothing' | 'refused', worst: number}} [stream] worst is
 *   how late an event came beyond the quickest, in milliseconds
 * @property {{seconds: number, ok: boolean, status: number}} [poll]
 *
 * @typedef {'nginx' | 'Apache httpd' | 'HAProxy' | 'lighttpd' | 'Switchboard'} Program
 * @typedef {{problem: string, why: string, severity: 'bad' | 'warn',
 *   lines: Partial<Record<Program, string>>}} Advice
 */

/** How long a path must bear silence, in seconds. @param {Findings['heartbeat']} heartbeat */
export const needed = ({ interval, timeout }) => interval + timeout;

/** @param {Findings} found @returns {Advice[]} the gravest first */
export function advise(found) {
  return [
    ...aboutHost(found),
    ...aboutUpgrade(found),
    ...aboutSubprotocol(found),
    ...aboutQuiet(found),
    ...aboutPoll(found),
    ...aboutStream(found),
    ...aboutProxy(found),
  ].sort((a, b) => Number(a.severity === 'warn') - Number(b.severity === 'warn'));
}

/** @param {Findings} found @returns {{kind: 'good' | 'warn' | 'bad', text: string}} */
export function verdict(found) {
  const advice = advise(found);
  const bad = advice.filter((one) => one.severity === 'bad').length;
  if (found.upgrade && !found.upgrade.ok) {
    const rest = found.stream?.verdict === 'flows' || found.poll?.ok;
    return {
      kind: 'bad',
      text: rest
        ? 'WebSockets do not get through here. The client falls back to HTTP by itself and works, at the price that the first part of this page shows.'
        : 'WebSockets do not get through here.',
    };
  }
  if (bad > 0) return { kind: 'bad', text: 'Something on this path stands in the way.' };
  if (advice.length > 0) {
    return { kind: 'warn', text: 'It works over this path, and could be better.' };
  }
  return {
    kind: 'good',
    text: 'This path carries WebSockets as it should. There is nothing to change.',
  };
}

/** @param {Findings} found @returns {Advice[]} */
function aboutUpgrade(found) {
  const { upgrade } = found;
  if (!upgrade || upgrade.ok) return [];
  const reached = upgrade.status === 426;
  const host = aboutHost(found).length > 0;
  return [
    {
      severity: 'bad',
      problem: 'The upgrade to WebSocket does not get through.',
      why: host
        ? 'The server refuses pages of other hosts, and takes this one for such a page: mend that first, and examine again. A proxy also has to be told to hand the upgrade on:'
        : reached
        ? 'A plain request for the endpoint does reach the server (it answers 426), so what stands in between drops the Upgrade header or refuses the request: a proxy hands Upgrade on only if it is told to, because it is a header for the next hop alone.'
        : upgrade.status
          ? `A plain request for the endpoint is answered with ${upgrade.status}, and not with the server’s own 426: somebody in between answers it, or the path is not handed on.`
          : 'Not even a plain request for the endpoint is answered.',
      lines: {
        nginx:
          'map $http_upgrade $connection_upgrade {   # beside server { }\n  default upgrade;\n  ""      "";\n}\n\nproxy_http_version 1.1;                   # in the location\nproxy_set_header Upgrade    $http_upgrade;\nproxy_set_header Connection $connection_upgrade;',
        'Apache httpd': 'ProxyPass / http://127.0.0.1:8080/ upgrade=websocket   # 2.4.47 or later',
        HAProxy:
          '# hands the upgrade on by itself, in mode http; look for rules such as\n# http-request deny if { hdr(upgrade) -i websocket }\n# http-request del-header upgrade',
        lighttpd: 'proxy.header = ( "upgrade" => "enable" )',
      },
    },
  ];
}

/** @param {Findings} found @returns {Advice[]} */
function aboutSubprotocol({ subprotocol, upgrade }) {
  if (!upgrade?.ok || !subprotocol || subprotocol.got === subprotocol.asked) return [];
  return [
    {
      severity: 'bad',
      problem: `The subprotocol is lost: “${subprotocol.asked}” was asked for, “${subprotocol.got}” came back.`,
      why: 'Something in between drops or rewrites Sec-WebSocket-Protocol. Without it the server speaks chat, and clients of superchat are closed.',
      lines: {
        nginx: '# remove whatever rewrites it, for example\n# proxy_set_header Sec-WebSocket-Protocol "";',
        'Apache httpd': '# remove: RequestHeader unset Sec-WebSocket-Protocol',
        HAProxy: '# remove: http-request del-header sec-websocket-protocol',
      },
    },
  ];
}

/** @param {Findings} found @returns {Advice[]} */
function aboutQuiet({ quiet, lively, heartbeat }) {
  if (lively?.cut && (!quiet || quiet.seconds >= lively.seconds)) {
    return [
      {
        severity: 'bad',
        problem: `A WebSocket is cut after ${seconds(lively.seconds)} although it is not quiet.`,
        why: `The heartbeat of ${heartbeat.interval} s went over it both ways, and it was cut all the same: this is a limit on how long a connection may last, not on silence. The client comes back and misses nothing.`,
        lines: {
          nginx: '# look in front of nginx: it has no such limit of its own',
          HAProxy: '# look for  timeout tunnel  and  hard-stop-after',
        },
      },
    ];
  }
  if (!quiet?.cut) return [];
  const tight = quiet.seconds < needed(heartbeat);
  const interval = Math.max(1, Math.floor(quiet.seconds / 2.5));
  if (!tight) return [];
  return [
    {
      severity: 'bad',
      problem: `A quiet WebSocket is cut after ${seconds(quiet.seconds)}.`,
      why: `The heartbeat comes every ${heartbeat.interval} s, and its answer may take ${heartbeat.timeout} s more: connections are cut although both ends are well. Let silence last longer, or let the heart beat faster.`,
      lines: {
        nginx: 'proxy_read_timeout 60s;   # its default; somebody made it shorter',
        'Apache httpd': 'ProxyTimeout 60',
        HAProxy: 'timeout client 60s\ntimeout server 60s\ntimeout tunnel 1h     # holds for WebSockets alone',
        lighttpd: 'server.max-read-idle  = 60\nserver.max-write-idle = 360',
        Switchboard: `switchboard.heartbeat.interval=${interval}s   # where the proxy is not yours`,
      },
    },
  ];
}

/** @param {Findings} found @returns {Advice[]} */
function aboutPoll({ poll }) {
  if (!poll || poll.ok) return [];
  return [
    {
      severity: 'warn',
      problem: `A long poll does not survive its wait: ${poll.status ? `${poll.status} ` : 'cut '}after ${seconds(poll.seconds)}.`,
      why: `A long poll waits up to ${WAIT} s for something to tell. What stands in between gives up before, and clients without WebSocket or SSE ask again all the time.`,
      lines: {
        nginx: 'proxy_read_timeout 60s;',
        'Apache httpd': 'ProxyTimeout 60',
        HAProxy: 'timeout server 60s',
        lighttpd: 'server.max-read-idle = 60',
      },
    },
  ];
}

/** @param {Findings} found @returns {Advice[]} */
function aboutStream({ stream }) {
  if (!stream || stream.verdict === 'flows') return [];
  if (stream.verdict === 'refused') {
    return [
      {
        severity: 'warn',
        problem: 'Server-Sent Events are refused.',
        why: 'The stream was not begun, or was ended at once. Clients that cannot upgrade go on with long polling.',
        lines: {},
      },
    ];
  }
  return [
    {
      severity: 'warn',
      problem:
        stream.verdict === 'nothing'
          ? 'Server-Sent Events do not arrive while the stream is open: they are buffered.'
          : `Server-Sent Events are held back: the latest came ${(stream.worst / 1000).toFixed(1)} s after its time.`,
      why: 'Something in between collects the answer before it hands it on, as is right for pages and wrong for a stream. Compression does the same.',
      lines: {
        nginx:
          'proxy_buffering off;\n# and not: proxy_ignore_headers X-Accel-Buffering;\ngzip off;                 # or keep text/event-stream out of gzip_types',
        'Apache httpd':
          'ProxyPass / http://127.0.0.1:8080/ upgrade=websocket flushpackets=on\nSetEnvIf Request_URI "/events$" no-gzip',
        HAProxy: '# does not buffer by itself; look for  compression type text/event-stream',
        lighttpd: 'server.stream-response-body = 2',
      },
    },
  ];
}

/** @param {Findings} found @returns {Advice[]} */
function aboutHost({ page, seen }) {
  if (!seen || seen.host.toLowerCase() === page.host.toLowerCase()) return [];
  return [
    {
      severity: 'bad',
      problem: `The server is told another host: “${seen.host}” and not “${page.host}”.`,
      why: 'A browser may connect only from pages of the host that it connects to, and the server compares the Origin header with Host. Hand Host on, or list the origin.',
      lines: {
        nginx: 'proxy_set_header Host $http_host;',
        'Apache httpd': 'ProxyPreserveHost On',
        HAProxy: '# hands Host on by itself; look for  http-request set-header Host',
        lighttpd: '# hands Host on by itself; look for  proxy.header with map-host-request',
        Switchboard: `switchboard.origins=${page.scheme}://${page.host}`,
      },
    },
  ];
}

/** @param {Findings} found @returns {Advice[]} */
function aboutProxy({ page, seen }) {
  if (!seen) return [];
  const names = Object.keys(seen.forwarding);
  const told = names.some((name) => /^(forwarded|x-forwarded-for)$/i.test(name));
  const secure = seen.secure ?? seen.scheme === 'https';
  const lostScheme = page.scheme === 'https' && !secure;
  if (told && !lostScheme && (!seen.client || seen.client !== seen.address)) return [];
  if (!told && !lostScheme) return [];
  const trust = told && (!seen.client || seen.client === seen.address);
  return [
    {
      severity: 'warn',
      problem: trust
        ? `A proxy at ${seen.address} says for whom it asks, and is not believed.`
        : 'The server does not know that the page came over TLS, nor who asks.',
      why: trust
        ? 'So all who come through it count as one address, for limits and in logs. Headers that anybody can send are believed only from the addresses that you name.'
        : 'TLS ends at a proxy, which does not say for whom it asks: all of its clients count as one address, for limits and in logs.',
      lines: {
        ...(trust
          ? {}
          : {
              nginx:
                'proxy_set_header X-Forwarded-For   $proxy_add_x_forwarded_for;\nproxy_set_header X-Forwarded-Proto $scheme;',
              'Apache httpd': 'RequestHeader set X-Forwarded-Proto https',
              HAProxy:
                'option forwardfor\nhttp-request set-header X-Forwarded-Proto https if { ssl_fc }',
              lighttpd: 'proxy.forwarded = ( "for" => 1, "proto" => 1, "host" => 1 )',
            }),
        Switchboard: `switchboard.trusted-proxies=${seen.address}`,
      },
    },
  ];
}

/**
 * Judges events by when they came. An event that waits in a buffer comes together with later ones.
 *
 * @param {{sent: number, got: number}[]} events milliseconds, by two clocks
 * @param {number} expected how many were published meanwhile
 * @returns {{verdict: 'flows' | 'held' | 'nothing', worst: number}}
 */
export function judge(events, expected) {
  if (events.length === 0) return { verdict: 'nothing', worst: 0 };
  const lags = events.map((event) => event.got - event.sent);
  const least = Math.min(...lags);
  const worst = Math.max(...lags) - least;
  const missing = expected - events.length;
  return { verdict: worst > 1_000 || missing > 5 ? 'held' : 'flows', worst };
}

/** @param {number} value @returns {string} */
export function seconds(value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}
