"""Commands that wait for a server report it, and Ctrl+C ends them at any time."""

from __future__ import annotations

import asyncio
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import perf_counter

import pytest

from tests.fork_server import Program
from tests.pty_terminal import Terminal

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@cache
def many_brackets() -> bytes:
    """A few kilobytes that take a long time to parse."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    text = [packer.compress(b'{"data":[')]
    text += [packer.compress(b"[" * 1_000_000) for _ in range(8)]
    return b"".join((*text, packer.flush()))


@contextmanager
def serving(start: bytes, piece: bytes) -> Iterator[str]:
    """A server that sends the start of a response, and then a piece every tenth of a second."""
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(start)
            while True:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.1)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()

    async def stop() -> None:
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b""),
        (b"", CONTINUE),
        (HEAD + b"X: ", b"a"),
        (HEAD + b"Content-Length: 100000\r\n\r\n{", b" "),
    ],
    ids=["silence", "100 Continue", "a header", "a body"],
)
def test_a_late_response_is_reported_on_a_terminal_and_ctrl_c_ends_it(
    start: bytes, piece: bytes
) -> None:
    with serving(start, piece) as url:
        limits = {"chatkit_tui.sources.http.deadlines.LATE_AFTER": 0.1}
        command = Program(["threads", "list", "--base-url", url], limits=limits)
        key = {"OPENAI_API_KEY": "sk-demo-not-a-real-key"}
        with Terminal(command, environment=key) as terminal:
            terminal.wait_for("still waiting for 127.0.0.1")
            terminal.send("\x03")
            assert terminal.exit_code() == 130


def test_ctrl_c_ends_a_response_that_takes_long_to_parse() -> None:
    body = many_brackets()
    start = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with serving(start, b"") as url:
        command = Program(["threads", "list", "--base-url", url])
        key = {"OPENAI_API_KEY": "sk-demo-not-a-real-key"}
        with Terminal(command, environment=key) as terminal:
            terminal.listen(1.2)
            begun = perf_counter()
            terminal.send("\x03")
            assert terminal.exit_code() in (1, 130)  # 1 if it was read already
            assert perf_counter() - begun < 30  # on a machine that does other things as well
