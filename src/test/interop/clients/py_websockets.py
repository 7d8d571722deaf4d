"""Python's websockets."""
import asyncio

import websockets
from lines import obey, tell


class Client:
    async def open(self, url, subprotocol):
        self.socket = await websockets.connect(url, subprotocols=[subprotocol], open_timeout=60)
        tell(f"open {self.socket.subprotocol}")
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        try:
            async for message in self.socket:
                tell("text " + message if isinstance(message, str) else "binary " + message.hex())
        except websockets.ConnectionClosed:
            pass
        tell(f"closed {self.socket.close_code} {self.socket.close_reason}")

    async def text(self, message):
        await self.socket.send(message)

    async def binary(self, message):
        await self.socket.send(message)

    async def close(self, code, reason):
        await self.socket.close(code, reason)


tell("version " + websockets.version.version)
asyncio.run(obey(Client()))
