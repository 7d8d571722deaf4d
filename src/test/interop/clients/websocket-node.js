// @ts-check
// The npm package that is called websocket.
import websocket from 'websocket';
import { obey, tell } from './lines.js';

/** @type {import('websocket').connection} */
let connection;
tell(`version ${websocket.version}`);
await obey({
  open(url, subprotocol) {
    const client = new websocket.client({ closeTimeout: 5000 });
    client.on('connectFailed', (e) => tell(`error ${String(e).replaceAll(/[\r\n]+/g, ' ')}`));
    client.on('connect', (opened) => {
      connection = opened;
      tell(`open ${opened.protocol}`);
      opened.on('message', (message) =>
        tell(
          message.type === 'utf8'
            ? `text ${message.utf8Data}`
            : `binary ${message.binaryData.toString('hex')}`,
        ),
      );
      opened.on('ping', () => tell('ping'));
      opened.on('close', (code, reason) => tell(`closed ${code} ${reason}`));
      opened.on('error', (e) => tell(`error ${e}`));
    });
    client.connect(url, subprotocol);
  },
  text: (message) => connection.sendUTF(message),
  binary: (message) => connection.sendBytes(message),
  close: (code, reason) => connection.close(code, reason),
});
