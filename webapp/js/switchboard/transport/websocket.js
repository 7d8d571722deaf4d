// @ts-check

/** @import {Listener, Transport} from '../types.js' */

/**
 * The transport over WebSocket.
 *
 * @param {new (url: string, protocols: string[]) => any} [Socket] in place of the global one
 * @returns {Transport}
 */
export function websocket(Socket) {
  return {
    name: 'websocket',
    binary: true,
    open(url, listener) {
      const Class = Socket ?? globalThis.WebSocket;
      if (!Class) throw new TypeError('there is no WebSocket here: give options.WebSocket');
      const socket = new Class(url.replace(/^http/, 'ws'), ['superchat']);
      socket.binaryType = 'arraybuffer';
      let opened = false;
      socket.onopen = () => {
        opened = true;
        listener.opened();
      };
      socket.onmessage = (/** @type {any} */ event) => listener.message(event.data);
      socket.onclose = (/** @type {any} */ event) => listener.closed(event.code, event.reason);
      // Node's own class says nothing more where it cannot connect; others say `close` as well.
      socket.onerror = () => {
        if (!opened) listener.closed(1006, '');
      };
      return {
        send: (frame) => {
          if (socket.readyState === 1) socket.send(frame);
        },
        close: (code, reason) => socket.close(code, reason),
      };
    },
  };
}
