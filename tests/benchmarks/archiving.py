"""Archives: how fast rows are stored and searched, and how large the file is."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import resource
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import uvicorn

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.server import listen
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.schema import Origin
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import ListQuery, SearchQuery, SourceInfo
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.sync.gate import RequestGate
from chatkit_tui.sync.synchronize import Synchronization, SyncOptions
from tests.benchmarks.report import Figure

CONCURRENCY: Final = 4
ROUNDS: Final = 3
Send = Callable[[dict[str, Any]], Awaitable[None]]

_PATH: Final = "/v1/chatkit/threads"
_LAST_ID: Final = '"last_id":"'
_THREAD_ID: Final = re.compile('"id":"(cthr_[^"]+)"')


def archiving() -> list[Figure]:
    """Compare storing with receiving, and measure the archive that comes of it."""
    full, short, slow = (20, 1_000), (800, 17), (150, 17)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        return [
            _stored("archive: rows stored, full pages", full, 0, file, 0.6, index=False),
            _stored("archive: rows stored, 17 a thread", short, 0, file, 0.8, index=False),
            _stored("archive: with index, 50 ms", slow, 0.05, file, 0.85, index=True),
            *_searched(short, file),
        ]


# -- storing ---------------------------------------------------------------------------------------


def _stored(
    what: str, size: tuple[int, int], latency: float, file: Path, target: float, *, index: bool
) -> Figure:
    """Compare a synchronization with a loop that only receives the same responses."""
    with _served(size, latency) as address:
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(asyncio.run(_receive(address)))
            file.unlink(missing_ok=True)
            ours.append(asyncio.run(synchronize(address, file, index=index)))
    share = median(bare) / median(ours)
    items = size[0] * size[1]
    beside = f"{items / median(ours):,.0f} items/s; bare {items / median(bare):,.0f}"
    return Figure(what, share, "× bare", target, least=True, beside=beside)


async def _receive(address: str) -> float:
    """Read all threads in a loop that parses nothing: it looks for ids and cursors in the text."""
    waiting: asyncio.Queue[str] = asyncio.Queue()
    async with httpx.AsyncClient(base_url=address) as client:

        async def pages(path: str, order: str) -> AsyncIterator[str]:
            query = {"limit": "100", "order": order}
            more = True
            while more:
                response = await client.get(path, params=query)
                yield (text := response.raise_for_status().text)
                more = text.endswith("true}")
                query["after"] = text[text.rindex(_LAST_ID) + len(_LAST_ID) :].split('"', 1)[0]

        async def take_items() -> None:
            while thread_id := await waiting.get():
                async for _ in pages(f"{_PATH}/{thread_id}/items", "asc"):
                    pass

        begun = time.perf_counter()
        taking = [asyncio.create_task(take_items()) for _ in range(CONCURRENCY)]
        async for text in pages(_PATH, "desc"):
            for thread_id in _THREAD_ID.findall(text):
                waiting.put_nowait(thread_id)
        for _ in taking:
            waiting.put_nowait("")
        await asyncio.gather(*taking)
        return time.perf_counter() - begun


async def synchronize(address: str, file: Path, *, index: bool) -> float:
    client = ChatKitClient(api_key="sk-bench-0123456789", base_url=f"{address}/v1")
    source = OpenAISource(client, SourceInfo("bench"))
    writer = ArchiveWriter.open(file, Origin("hosted", "bench"))
    writer._indexer.is_on = writer._problems.is_on = index
    gate = RequestGate(CONCURRENCY)
    begun = time.perf_counter()
    await Synchronization(source, writer, gate, SyncOptions(concurrency=CONCURRENCY)).run()
    seconds = time.perf_counter() - begun
    await source.aclose()
    return seconds


@contextmanager
def _served(size: tuple[int, int], latency: float) -> Iterator[str]:
    """Serve the answers of the built-in API, computed beforehand, from a process of its own."""
    answers = asyncio.run(_computed(*size))
    listening = listen(0)
    process = multiprocessing.get_context("fork").Process(
        target=_serve, args=(listening, answers, latency), daemon=True
    )
    process.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        process.terminate()
        process.join()
        listening.close()


async def _computed(threads: int, items: int) -> dict[str, bytes]:
    """Return the answer of each request that a synchronization makes, by its path."""
    emulator = Emulator(threads=threads, items=items)
    answers: dict[str, bytes] = {}
    transport = EmulatorTransport(emulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        headers = {"authorization": "Bearer sk-bench", "openai-beta": "chatkit_beta=v1"}

        async def walk(path: str, order: str) -> list[dict[str, Any]]:
            rows: list[dict[str, Any]] = []
            after = ""
            while True:
                query = f"{path}?limit=100&order={order}{after}"
                answer = (await client.get(query, headers=headers)).content
                answers[query] = answer
                page = json.loads(answer)
                rows += page["data"]
                if not page["has_more"]:
                    return rows
                after = f"&after={page['last_id']}"

        for thread in await walk(_PATH, "desc"):
            await walk(f"{_PATH}/{thread['id']}/items", "asc")
    return answers


def _serve(listening: socket.socket, answers: dict[str, bytes], latency: float) -> None:
    """Answer each request with what was computed for its path, whatever its parameters' order.

    The server is an ordinary one. The first measurement, which set the targets, had the same: what
    a client does while the server works costs no time.
    """
    by_query = {_key(path): answer for path, answer in answers.items()}

    async def app(scope: dict[str, Any], receive: object, send: Send) -> None:
        del receive
        await asyncio.sleep(latency)
        body = by_query[_key(f"{scope['path']}?{scope['query_string'].decode()}")]
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(app, http="h11", log_config=None, lifespan="off", ws="none")
    uvicorn.Server(config).run(sockets=[listening])


def _key(path: str) -> tuple[str, frozenset[str]]:
    name, _, query = path.partition("?")
    return name, frozenset(query.split("&"))


# -- searching and reading -------------------------------------------------------------------------


def _searched(size: tuple[int, int], file: Path) -> list[Figure]:
    """Measure an archive that a synchronization made: search, first screen, size, memory."""
    file.unlink(missing_ok=True)
    with _served(size, 0) as address:
        asyncio.run(synchronize(address, file, index=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader = ArchiveReader(file)
    try:
        words = _words(reader)
        times = sorted(timed(lambda word=word: _find(reader, word)) for word in words)
        common = median(timed(lambda: _find(reader, "the")) for _ in range(20))
        rare = median(timed(lambda: _find(reader, words[0])) for _ in range(20))
        first = median(timed(lambda: reader.threads(ListQuery(100))) for _ in range(20))
        json_bytes, index_bytes = sizes(reader)
        items = reader.info().items
    finally:
        reader.close()
    ms = 1_000
    return [
        Figure(
            "archive: first hits, p95", times[int(len(times) * 0.95)] * ms, "ms", 100,
            beside=f"{len(times)} searches in {items:,} items",
        ),
        Figure(
            "archive: a common word", common * ms, "ms", 5 * rare * ms + 1,
            beside=f"a rare one {rare * ms:.2f} ms",
        ),
        Figure("archive: first screen of threads", first * ms, "ms"),
        Figure("archive: file, × the JSON", file.stat().st_size / json_bytes, "×", 2.2),
        Figure("archive: index, × the JSON", index_bytes / json_bytes, "×", 0.6),
        Figure("archive: peak memory of this process", peak, "MB"),
    ]  # fmt: skip


def _find(reader: ArchiveReader, word: str) -> object:
    return reader.searcher.search(SearchQuery(word))


def _words(reader: ArchiveReader) -> list[str]:
    """Return words drawn from the texts, rare and common ones."""
    pick = random.Random(3)  # noqa: S311 - no secret
    words: list[str] = []
    for name in pick.sample(reader.thread_ids(), 50):
        for raw in reader.present_items(name):
            words += [word for word in str(raw).split() if len(word) > 3 and word.isalpha()][:5]
    return pick.sample(words, min(600, len(words)))


def sizes(reader: ArchiveReader) -> tuple[int, int]:
    """Return the bytes of all JSON, and of the index."""
    connection = reader._connection
    (json_bytes,) = connection.execute(
        "SELECT (SELECT sum(length(CAST(raw AS BLOB))) FROM item)"
        " + (SELECT sum(length(CAST(raw AS BLOB))) FROM thread)"
    ).fetchone()
    (index_bytes,) = connection.execute("SELECT sum(length(block)) FROM fts_data").fetchone()
    return json_bytes, index_bytes


def timed(call: Callable[[], object] | Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
