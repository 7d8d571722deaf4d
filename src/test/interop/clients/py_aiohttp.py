"""Python's aiohttp."""
import asyncio

import aiohttp
from lines import obey, tell


class Client:
    async def open(self, url, subprotocol):
        self.closing = False
        self.session = aiohttp.ClientSession()
        self.socket = await self.session.ws_connect(url, protocols=[subprotocol])
        tell(f"open {self.socket.protocol}")
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        async for message in self.socket:
            if message.type == aiohttp.WSMsgType.TEXT:
                tell("text " + message.data)
            elif message.type == aiohttp.WSMsgType.BINARY:
                tell("binary " + message.data.hex())
            else:
                tell(f"error {message!r}")
        if not self.closing:
            await self.closed()

    async def closed(self):
        # None: its close() does not wait for the answer while something reads.
        tell(f"closed {self.socket.close_code or '?'} ")
        await self.session.close()

    async def text(self, message):
        await self.socket.send_str(message)

    async def binary(self, message):
        await self.socket.send_bytes(message)

    async def close(self, code, reason):
        self.closing = True
        await self.socket.close(code=code, message=reason.encode())
        await self.closed()


tell("version " + aiohttp.__version__)
asyncio.run(obey(Client()))
