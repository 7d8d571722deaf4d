// @ts-check
import { createServer } from 'node:net';

// Refuses every upgrade and goes on reading requests from the same connection.
let published = 0;

/** @param {string} path @returns {string} */
function answer(path) {
  if (path === '/api/publish') published += 1;
  const status = path === '/chat' ? '426 Upgrade Required' : '200 OK';
  const body = path === '/published' ? String(published) : 'no';
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

createServer((socket) => {
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    text += data.toString('latin1');
    for (;;) {
      const end = text.indexOf('\r\n\r\n') + 4;
      const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
      if (end < 4 || text.length < end + length) return;
      const path = text.split(' ', 2)[1];
      text = text.slice(end + length);
      socket.write(answer(path));
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
