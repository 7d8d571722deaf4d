/** The browser client of Switchboard. All times are in milliseconds unless said otherwise. */

/** A place in a channel's log: everything up to and with `offset` is known. */
export interface Position {
  epoch: string;
  offset: number;
}

/** Any JSON value. Bytes are given as a view or a buffer and come as `Uint8Array`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

export interface Publication {
  channel: string;
  /** Absent when it was ephemeral: then it has no place in the log. */
  offset?: number;
  /** ISO-8601, UTC. */
  at: string;
  /** Absent when the server published. */
  user?: string;
  name?: string;
  key?: string;
  data: Json | Uint8Array;
}

export interface Published {
  at: string;
  /** Absent when ephemeral, like `epoch`. */
  offset?: number;
  epoch?: string;
  /** It had been published before by this key. */
  duplicate?: boolean;
}

export interface History {
  channel: string;
  epoch: string;
  /** The newest offset of the channel. */
  offset: number;
  publications: (Omit<Publication, 'channel' | 'offset'> & { offset: number })[];
}

export interface Member {
  session: string;
  user: string;
  name?: string;
  at: string;
}

/** A user who is there, with the number of its sessions. */
export interface Present {
  user: string;
  name?: string;
  sessions: number;
}

export type State =
  | { kind: 'idle' }
  | { kind: 'connecting'; transport: string }
  | { kind: 'online'; transport: string; session: string; user: string }
  /** Comes back at `until`, a time of the clock. `code` is that of the close. */
  | { kind: 'waiting'; until: number; code: number; reason: string }
  /** Does not come back by itself; `connect()` does. */
  | { kind: 'ended'; code: number; reason: string; needs: 'nothing' | 'credentials' }
  | { kind: 'closed' };

/**
 * Why something did not happen. `code` is one of the server's error codes, or
 * - `closed`: this client was closed, or has ended and does not come back by itself
 * - `offline`: not online and not worth keeping (ephemeral), or too much waits already
 * - `outcome-unknown`: it was sent, and the connection was cut before the answer. It may have
 *   happened, and to repeat it could be a double
 * - `too-large`: more than the server takes
 * - `malformed`: a frame of the server that could not be read, or `token`: the callback failed
 * - `slow-consumer`: an iterator was left unread for 10,000 events
 */
export class SwitchboardError extends Error {
  constructor(code: string, message: string, retry?: boolean);
  readonly code: string;
  /** Whether the same may succeed later. */
  readonly retry: boolean;
}

/**
 * Whose fault the end of a link was, where that is known: `transport` where another transport may
 * do better, `away` where the server could not be reached by any.
 */
export type Fault = 'transport' | 'away';

/** Hears `opened` at most once, then messages, then `closed`. */
export interface Listener {
  opened(): void;
  message(frame: string | ArrayBuffer | Uint8Array): void;
  /** `code` is 1006 where the other side said nothing. */
  closed(code: number, reason: string, fault?: Fault): void;
}

export interface Link {
  send(frame: string | Uint8Array): unknown;
  /** 1000 says goodbye; 3000 to 4999 mean that the client comes back. */
  close(code: number, reason: string): unknown;
}

/** What carries frames. */
export interface Transport {
  name: string;
  /** Whether it carries bytes; otherwise they go as Base64. */
  binary: boolean;
  /** Begins to connect; `url` begins with `http:` or `https:`. Throws where it cannot work here. */
  open(url: string, listener: Listener): Link;
}

/** The transport over WebSocket; `Socket` in place of the global class. */
export function websocket(Socket?: new (url: string, protocols: string[]) => any): Transport;

export interface Clock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: any): void;
}

export type TransportName = 'websocket' | 'sse' | 'longpoll' | 'polling';

type Awaitable<T> = T | Promise<T>;

export interface SwitchboardOptions {
  /**
   * Gives a token: before the first connection, when one expires, and when one was refused. `null`
   * means that there is none; a failure is tried again later.
   */
  token?: (why: 'connect' | 'expired' | 'refused') => Awaitable<string | null | undefined>;
  /** A guest's display name, or what gives it before each connection. */
  name?: string | (() => string | undefined);
  /** What the program calls itself. */
  client?: string;
  /** How many commands may wait for the connection; 1000 by default. */
  queue?: number;
  /** The first and the largest ceiling of the backoff; 500 and 30,000 by default. */
  minDelay?: number;
  maxDelay?: number;
  /** In place of the global class. */
  WebSocket?: new (url: string, protocols: string[]) => any;
  /** In place of the global one. */
  fetch?: typeof fetch;
  /** Best first; `['websocket', 'sse', 'longpoll', 'polling']` by default. */
  transports?: (TransportName | Transport)[];
  /** Stands between the client and each transport, for example to show the frames. */
  around?: (transport: Transport) => Transport;
  /** How often plain polling asks; 1000 by default. */
  pollInterval?: number;
  /** How long a connection may take to begin before it counts as failed; 10,000 by default. */
  connectTimeout?: number;
  /** How long a lesser transport is used before better ones are tried again; 300,000 by default. */
  climbAfter?: number;
  /** Where to remember which transport worked; `localStorage` in browsers. */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** How long that is believed; 3,600,000 by default. */
  rememberFor?: number;
  clock?: Clock;
  /** In [0, 1). */
  random?: () => number;
  /**
   * Where `online`, `offline`, `pageshow`, `pagehide` and `visibilitychange` are heard; the global
   * object by default.
   */
  page?: EventTarget & {
    document?: EventTarget & { visibilityState: string };
    navigator?: { onLine: boolean };
  };
}

export interface PublishOptions {
  /**
   * Makes it idempotent for 5 minutes; made up when absent. `false` for none: then it is never
   * sent again once it was sent. Channels that deliver only the latest of each key want `false`,
   * or a key of theirs.
   */
  key?: string | false;
  /** For those who listen now; never kept, and rejected when not online. */
  ephemeral?: boolean;
}

export interface HistoryOptions {
  since?: Position;
  /** 1 to 1,000; 100 if absent. */
  limit?: number;
  reverse?: boolean;
}

export interface SubscribeOptions {
  /** Where to go on, for example after the page was loaded again. */
  since?: Position;
  /** Whether to be told who comes and goes. */
  presence?: boolean;
  token?: string | ((channel: string) => Awaitable<string>);
}

export interface SubscriptionEvents {
  /** In the order of the log, each once. */
  publication: Publication;
  /** It begins, or goes on. `recovered` is absent the first time. */
  subscribed: {
    epoch: string;
    offset: number;
    recovered?: boolean;
    presence?: Member[];
    read?: number;
  };
  /** `recovered: false`: something is missing, or the log is another one. Load the state again. */
  reload: Position;
  /**
   * These offsets, both included, do not come. `told` is false where the server did not say so:
   * on a channel that delivers only the latest they were overtaken.
   */
  gap: { from: number; to: number; told: boolean };
  /** A session came or went; `sessions` is how many its user has now. */
  joined: Member & { sessions: number };
  left: Member & { sessions: number };
  /** By `unsubscribe` or `close` (then `error` is null), or by the server. */
  ended: { error: SwitchboardError | null };
}

export type SubscriptionEvent = {
  [K in keyof SubscriptionEvents]: { type: K; detail: SubscriptionEvents[K] };
}[keyof SubscriptionEvents];

/** One channel, over all connections. Iterate it for its publications, `events()` for all. */
export class Subscription extends EventTarget implements AsyncIterable<Publication> {
  private constructor();
  readonly channel: string;
  readonly state: 'pending' | 'subscribed' | 'ended';
  /** Up to where everything was told; `null` before the first time. */
  readonly position: Position | null;
  /** The user's read marker. */
  readonly read: number;
  /** Who is there, where presence was asked for. */
  readonly users: Present[];
  publish(data: unknown, options?: PublishOptions): Promise<Published>;
  history(options?: HistoryOptions): Promise<History>;
  presence(): Promise<Member[]>;
  /** Moves the read marker; up to the position if no offset is given. */
  ack(offset?: number): void;
  unsubscribe(): void;
  [Symbol.asyncIterator](): AsyncIterableIterator<Publication>;
  events(): AsyncIterableIterator<SubscriptionEvent>;
  addEventListener<K extends keyof SubscriptionEvents>(
    type: K,
    listener: (event: CustomEvent<SubscriptionEvents[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

export interface SwitchboardEvents {
  state: State;
  /** Another transport is in use now; `from` is null the first time. */
  transport: { from: string | null; to: string };
  /** Something went wrong that no promise tells. */
  error: SwitchboardError;
  /** The server subscribed us without being asked, for example to `user:<you>`. */
  subscription: Subscription;
}

/** A client of `superchat`. It connects when it is made, and again until it is closed. */
export class Switchboard extends EventTarget {
  /**
   * @param url of the endpoint, for example `/chat` or `wss://host/switchboard/chat`; or what gives
   *   it before each connection, for example with a new `?ticket=`
   */
  constructor(url: string | URL | (() => Awaitable<string | URL>), options?: SwitchboardOptions);
  readonly state: State;
  /** Listens; by the same subscription if that is so already. */
  subscribe(channel: string, options?: SubscribeOptions): Subscription;
  /** Waits for the connection if there is none, and is not doubled by it. */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<Published>;
  history(channel: string, options?: HistoryOptions): Promise<History>;
  presence(channel: string): Promise<Member[]>;
  /** Moves the read marker of a subscribed channel. */
  ack(channel: string, offset?: number): void;
  /** Comes back now, also where the state is `ended`. */
  connect(): void;
  /** Says goodbye. What waits is rejected, subscriptions end. */
  close(): void;
  addEventListener<K extends keyof SwitchboardEvents>(
    type: K,
    listener: (event: CustomEvent<SwitchboardEvents[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
