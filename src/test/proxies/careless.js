// @ts-check
import { createServer } from 'node:http';

// Refuses every upgrade and goes on reading requests from the same connection.
let published = 0;
const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/api/publish') published += 1;
  const answer = request.url === '/published' ? String(published) : 'no';
  response.writeHead(request.url === '/chat' ? 426 : 200, { 'Content-Length': answer.length });
  response.end(answer);
});
server.on('upgrade', () => {});
server.shouldUpgradeCallback = () => false;
server.listen(Number(process.argv[2]), '127.0.0.1');
