// What a Socket.IO server does by itself: every event goes to everybody.
'use strict';
const http = require('node:http');
const { Server } = require('socket.io');

const server = http.createServer();
const io = new Server(server, { perMessageDeflate: false, pingTimeout: 60000 });
io.on('connection', (socket) => socket.on('m', (data) => io.emit('m', data)));
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('socket.io is ready'));
