// @ts-check
// ws, the library most servers in Node use.
import { createRequire } from 'node:module';
import WebSocket from 'ws';
import { obey, tell } from './lines.js';

/** @type {WebSocket} */
let socket;
tell(`version ${createRequire(import.meta.url)('ws/package.json').version}`);
await obey({
  open(url, subprotocol) {
    socket = new WebSocket(url, subprotocol);
    socket.on('open', () => tell(`open ${socket.protocol}`));
    socket.on('message', (data, isBinary) =>
      tell(isBinary ? `binary ${/** @type {Buffer} */ (data).toString('hex')}` : `text ${data}`),
    );
    socket.on('ping', () => tell('ping'));
    socket.on('close', (code, reason) => tell(`closed ${code} ${reason}`));
    socket.on('error', (e) => tell(`error ${e}`));
  },
  text: (message) => socket.send(message),
  binary: (message) => socket.send(message),
  close: (code, reason) => socket.close(code, reason),
});
