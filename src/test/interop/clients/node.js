// @ts-check
// The WebSocket that Node has itself, from 22 on.
import { obey, tell } from './lines.js';

/** @type {WebSocket} */
let socket;
tell(`version ${process.versions.node}`);
await obey({
  open(url, subprotocol) {
    socket = new WebSocket(url, subprotocol);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => tell(`open ${socket.protocol}`);
    socket.onmessage = ({ data }) =>
      tell(typeof data === 'string' ? `text ${data}` : `binary ${Buffer.from(data).toString('hex')}`);
    socket.onclose = ({ code, reason }) => tell(`closed ${code} ${reason}`);
    socket.onerror = (e) => tell(`error ${/** @type {ErrorEvent} */ (e).message || 'a WebSocket error'}`);
  },
  text: (message) => socket.send(message),
  binary: (message) => socket.send(message),
  close: (code, reason) => socket.close(code, reason),
});
