/** What the modules of the client say to each other. Applications use `index.d.ts`. */
import type { Clock, Fault, Link, Position, State, Transport } from './index.js';
import type { SwitchboardError } from './codec.js';
import type { Backoff } from './connection.js';
import type { Subscription } from './subscription.js';

export type { Clock, Fault, Link, Listener, Position, State, Transport } from './index.js';

/** What the end of a connection asks of us. */
export type Action = 'stop' | 'credentials' | 'now' | 'slowly' | 'retry';

/** The last word of the server. */
export interface Bye {
  code?: number;
  reason?: string;
  reconnect?: boolean;
  after?: number;
}

/** One try of one transport, from the first question for an address to its end. */
export interface Line {
  /** Which of the transports. */
  at: number;
  link: Link | null;
  /** The last id that was given to a command. */
  id: number;
  /** What came after `connected` on a line that is not in use yet. */
  held: any[];
}

/** What a connection needs, and whom it tells. */
export interface Surroundings {
  /** Asked before each try. */
  url(): Promise<string>;
  token?: (why: 'connect' | 'expired' | 'refused') => any;
  /** Whether `url` brings credentials of its own, a ticket. */
  tickets: boolean;
  /** Best first. */
  transports: Transport[];
  /** The name of the transport that worked for this address; `remember` is about the same one. */
  recall(url: string): string | null;
  /** `null` for the best. */
  remember(name: string | null): void;
  clock: Clock;
  random(): number;
  /** From the first question to `connected`, in ms like the others. */
  connectTimeout: number;
  /** How long a lesser transport is used before the better ones are tried again. */
  climbAfter: number;
  /** The ceilings of the backoff. */
  minDelay: number;
  maxDelay: number;
  /** Whether the device says that it has no network. */
  offline(): boolean;
  /** Makes the `connect`. */
  hello(id: number, token?: string): Record<string, any>;
  /** Resolved when nothing is under way; nothing new is until `onUp` or `resume`. */
  quiet(): Promise<void>;
  resume(): void;
  /** `moved` where the line before was whole until now. */
  onUp(connected: any, moved: boolean): void;
  /** `forget`: positions are not worth anything. */
  onDown(forget: boolean): void;
  /** What is not about the connection itself. */
  onMessage(message: any): void;
  onState(state: State): void;
}

/**
 * What a cut between sending and answer means: send it again by its key; nobody knows; it is gone;
 * ask again.
 */
export type Kind = 'keyed' | 'once' | 'passing' | 'question';

/** A command that waits, or is under way. */
export interface Entry {
  /** Without id. */
  command: Record<string, any>;
  kind: Kind;
  resolve(answer: any): void;
  reject(error: Error): void;
  /** Under which it is under way; 0 while it waits. */
  id: number;
  /** When it was sent first; 0 if never, or if it did not happen. */
  since: number;
  /** The user as whom it was sent without hearing the outcome. */
  doubt: string | null;
  tries: number;
}

/** What a subscription asks of its Switchboard. */
export interface Doors {
  publish(data: any, options?: any): Promise<any>;
  history(options?: any): Promise<any>;
  presence(): Promise<any>;
  ack(offset: number): any;
  unsubscribe(): void;
}

/** What Switchboard may do to a subscription and its holder may not. */
export interface Inner {
  started(s: Subscription, message: any, moved: boolean): void;
  heard(s: Subscription, message: any): void;
  down(s: Subscription, forget: boolean): void;
  ended(s: Subscription, error: SwitchboardError | null): void;
}

/** What we know of a channel. */
export interface Place {
  subscription: Subscription;
  presence: boolean;
  /** Of the channel, or what makes one. */
  token: any;
  /** The server subscribed us, nobody asked. */
  given: boolean;
  backoff: Backoff;
  /** To ask again. */
  timer: any;
}

/** What the transports over HTTP need. */
export interface Http {
  fetch: typeof fetch;
  clock: Clock;
  random(): number;
  /** How often plain polling asks, in ms. */
  pollInterval: number;
}

/** What came of a request. */
export interface Answer {
  status: number;
  text?: string;
  /** What `Retry-After` asks for, in ms. */
  wait?: number;
}

/** Reads a response, and may ask for more time. */
export type Read = (response: Response, more: (ms: number) => void) => Promise<Answer | null>;
