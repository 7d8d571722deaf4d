"""Python's websocket-client, which has no loop but threads."""
import sys
import threading

import websocket
from lines import carry_out, tell


class Client:
    def open(self, url, subprotocol):
        self.app = websocket.WebSocketApp(
            url,
            subprotocols=[subprotocol],
            on_open=lambda app: tell(f"open {app.sock.subprotocol}"),
            on_message=self.on_message,
            on_ping=lambda app, data: tell("ping"),
            on_close=lambda app, code, reason: tell(f"closed {code} {reason}"),
            on_error=lambda app, e: tell(f"error {e!r}"),
        )
        threading.Thread(target=self.app.run_forever, daemon=True).start()

    def on_message(self, app, message):
        tell("text " + message if isinstance(message, str) else "binary " + message.hex())

    def text(self, message):
        self.app.send(message)

    def binary(self, message):
        self.app.send(message, websocket.ABNF.OPCODE_BINARY)

    def close(self, code, reason):
        # Its own close() shuts the socket without waiting for the answer.
        self.app.sock.send_close(code, reason.encode())


tell("version " + websocket.__version__)
client = Client()
for line in sys.stdin:
    try:
        carry_out(client, line)
    except Exception as e:
        tell(f"error {e!r}")
