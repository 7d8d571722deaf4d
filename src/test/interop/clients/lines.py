"""What the clients in Python share: orders come in as lines, what they see goes out as lines."""
import asyncio
import sys


def tell(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def carry_out(client, line):
    """Calls the client's method for an order; returns what it returns."""
    order, _, rest = line.rstrip("\n").partition(" ")
    if order == "open":
        return client.open(*rest.split(" "))
    if order == "text":
        return client.text(rest)
    if order == "binary":
        return client.binary(bytes.fromhex(rest))
    if order == "close":
        code, _, reason = rest.partition(" ")
        return client.close(int(code), reason)
    raise ValueError("no order is called " + order)


async def obey(client):
    """For clients whose methods are coroutines."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            await carry_out(client, line)
        except Exception as e:
            tell(f"error {e!r}")
