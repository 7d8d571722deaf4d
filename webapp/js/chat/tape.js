// @ts-check

/**
 * @typedef {import('../switchboard/index.js').Transport} Transport
 *
 * @typedef {{kind: 'in' | 'out' | 'note', at: number, text: string, bytes?: number}} WireEvent
 *   A frame as it went by, or something worth noting that is not a frame. `bytes` is given where
 *   the text is not the frame itself.
 */

/** A binary frame tells so much of itself in the list. */
const HEADER_SHOWN = 4096;

/**
 * Listens on the wire: it stands between the client and its transports, shows each frame that
 * passes, and changes none.
 */
export class Tape {
  #now;
  #onWire;
  #onConnected;
  /** @type {Set<(code: number, reason: string) => void>} one for each open connection */
  #cuts = new Set();

  /**
   * @param {{now: () => number, onWire: (event: WireEvent) => void,
   *   onConnected?: (connected: any) => void}} around
   */
  constructor({ now, onWire, onConnected = () => {} }) {
    this.#now = now;
    this.#onWire = onWire;
    this.#onConnected = onConnected;
  }

  /** @param {Transport} transport @returns {Transport} the same, overheard */
  around(transport) {
    const { name, binary } = transport;
    return {
      ...transport,
      name,
      binary,
      open: (url, listener) => {
        let over = false;
        const end = (/** @type {number} */ code, /** @type {string} */ reason) => {
          if (over) return false;
          over = true;
          this.#cuts.delete(cut);
          const missing = code === 1006 ? ' (no close frame came)' : '';
          this.#write('note', `Closed with ${code}${reason && ` ${reason}`}${missing}.`);
          return true;
        };
        const cut = (/** @type {number} */ code, /** @type {string} */ reason) => {
          if (!end(code, reason)) return;
          listener.closed(code, reason);
          // To the server it is a goodbye: nobody comes back to that session.
          link.close(1000, '');
        };
        const link = transport.open(url, {
          ...listener,
          opened: () => {
            if (over) return;
            this.#cuts.add(cut);
            this.#write('note', `Open, by ${name}.`);
            listener.opened();
          },
          message: (frame) => {
            if (over) return;
            this.#frame('in', frame);
            this.#greeting(frame);
            listener.message(frame);
          },
          closed: (code, reason, ...more) => {
            if (end(code, reason)) listener.closed(code, reason, ...more);
          },
        });
        return {
          ...link,
          send: (frame) => {
            this.#frame('out', frame);
            link.send(frame);
          },
          close: (code, reason) => {
            end(code, reason);
            link.close(code, reason);
          },
        };
      },
    };
  }

  /**
   * Ends what is open, if there is anything, as if the server had: the client comes back as the code
   * says.
   *
   * @param {number} code @param {string} reason
   */
  cut(code, reason) {
    for (const cut of [...this.#cuts]) cut(code, reason);
  }

  /** The server's greeting tells its limits. @param {string | ArrayBuffer | Uint8Array} frame */
  #greeting(frame) {
    if (typeof frame !== 'string' || !frame.includes('"connected"')) return;
    try {
      const message = JSON.parse(frame);
      if (message.type === 'connected') this.#onConnected(message);
    } catch {
      // The client says what it thinks of a frame that cannot be read.
    }
  }

  /** @param {'in' | 'out'} kind @param {string | ArrayBuffer | Uint8Array} frame */
  #frame(kind, frame) {
    if (typeof frame === 'string') this.#write(kind, frame);
    else {
      const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(frame);
      this.#onWire({ kind, at: this.#now(), text: described(bytes), bytes: bytes.length });
    }
  }

  /** @param {WireEvent['kind']} kind @param {string} text */
  #write(kind, text) {
    this.#onWire({ kind, at: this.#now(), text });
  }
}

/** A frame of bytes: its JSON header, and how much follows. @param {Uint8Array} frame */
function described(frame) {
  if (frame.length < 4) return `${frame.length} bytes`;
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  if (length > frame.length - 4 || length > HEADER_SHOWN) return `${frame.length} bytes`;
  const header = new TextDecoder().decode(frame.subarray(4, 4 + length));
  return `${header} + ${frame.length - 4 - length} bytes`;
}
