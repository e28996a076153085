"""The proof of an archive of a million items: kills, memory, search in eight languages, reading.

Run it with `make bench-archive`, or with another number of threads of 100 items:
`python -m tests.benchmarks.large_archive 500`.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.api import read_request
from chatkit_tui.emulator.library import Conversation, Library
from chatkit_tui.emulator.server import LOOPBACK, listen
from chatkit_tui.search.query import Query
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.base import ListQuery, SearchQuery
from chatkit_tui.storage.sqlite import connect_reader
from tests.benchmarks.archiving import sizes, synchronize, timed
from tests.benchmarks.report import Figure, table

THREADS: Final = 10_000
ITEMS: Final = 100
SMALL: Final = 500
"""Threads of the account that memory is compared with: 50,000 items."""
KILLS: Final = 10
SEARCHES: Final = 600
_WORDS: Final = 3_000
"""Words of a language."""

# -- an account in eight languages -----------------------------------------------------------------

_SYLLABLES: Final = {
    "English": (list("bcdfghlmnprstvw"), [*"aeiou", "ea", "oo"]),
    "German": ([*"bdfgklmnrstwz", "sch"], [*"aeiouäöü", "ei"]),
    "Arabic": (list("بتجحدرسشصعفقكلمنهي"), ["", "ا", "و", "ي"]),
    "Korean": ([chr(0xAC00 + number * 97) for number in range(90)], [""]),
    "Hindi": (list("कखगचजतदनपबमरलवसह"), ["", "\u093e", "\u093f", "\u0947", "\u094b"]),
    "Chinese": ([chr(0x4E00 + number * 7) for number in range(900)], [""]),
    "Japanese": ([chr(0x3042 + number) for number in range(70)] + list("注文配送返金確認"), [""]),
    "Thai": (list("กขคงจชดตนบปพมยรลวส"), ["า", "\u0e34", "\u0e38", "\u0e31", "\u0e49า"]),
}
"""Beginnings and ends of the syllables that the words of a language are made of."""
UNSPACED: Final = frozenset({"Chinese", "Japanese", "Thai"})
_LANGUAGES: Final = tuple(_SYLLABLES)


def _vocabulary(language: str) -> list[str]:
    """Return words that differ also without marks, the commonest first."""
    pick = random.Random(language)  # noqa: S311 - no secret
    starts, ends = _SYLLABLES[language]
    words: dict[str, str] = {}
    while len(words) < _WORDS:
        parts = pick.choice((2, 2, 3))
        word = "".join(pick.choice(starts) + pick.choice(ends) for _ in range(parts))
        words.setdefault(_folded(word), word)
    return list(words.values())


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(it for it in decomposed if not unicodedata.combining(it))


class _Texts:
    """Texts in which a few words are common and most are rare, as in any language."""

    def __init__(self) -> None:
        self.words = {language: _vocabulary(language) for language in _LANGUAGES}

    def text(self, seed: str) -> tuple[str, str]:
        """Return a language and a text in it."""
        pick = random.Random(seed)  # noqa: S311 - no secret
        language = _LANGUAGES[pick.randrange(len(_LANGUAGES))]
        words = self.words[language]
        chosen = [words[int(_WORDS ** pick.random()) - 1] for _ in range(24)]
        return language, ("" if language in UNSPACED else " ").join(chosen)


class _Multilingual(Conversation):
    texts: _Texts

    def row(self, index: int) -> dict[str, Any]:
        row = dict(super().row(index))
        if row["type"] == "chatkit.user_message":
            _, text = self.texts.text(row["id"])
            row["content"] = [{"type": "input_text", "text": text}]
        elif row["type"] == "chatkit.assistant_message":
            _, text = self.texts.text(row["id"])
            row["content"] = [{"type": "output_text", "text": text, "annotations": []}]
        return row


class _Library(Library):
    texts = _Texts()

    def conversation(self, index: int) -> Conversation:
        found = super().conversation(index)
        found.__class__ = _Multilingual
        found.texts = self.texts  # type: ignore[attr-defined]
        return found


def _dumped(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


# -- its server ------------------------------------------------------------------------------------


@contextmanager
def _served(threads: int, items: int = ITEMS) -> Iterator[tuple[str, Any]]:
    """Serve an account from a process of its own; yield its address and its count of requests."""
    listening = listen(0)
    fork = multiprocessing.get_context("fork")
    count = fork.Value("q", 0)
    process = fork.Process(target=_serve, args=(listening, threads, items, count), daemon=True)
    process.start()
    try:
        yield f"http://{LOOPBACK}:{listening.getsockname()[1]}", count
    finally:
        process.terminate()
        process.join()
        listening.close()


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _serve(listening: socket.socket, threads: int, items: int, count: Any) -> None:
    emulator = Emulator(threads=threads, items=items)
    emulator.library = _Library(threads, items)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _read_head(reader):
            first, *lines = head.split(b"\r\n")
            method, target, _ = first.decode().split(" ")
            path, _, query = target.partition("?")
            headers = [
                (name, text.strip()) for name, _, text in (it.partition(b":") for it in lines)
            ]
            response = await emulator.respond(
                read_request(method, path.encode(), query.encode(), headers, b"")
            )
            count.value += 1
            body = response.payload()
            start = f"HTTP/1.1 {response.status} -\r\ncontent-type: application/json\r\n"
            writer.write(f"{start}content-length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()

    async def serve() -> None:
        await (await asyncio.start_server(handle, sock=listening)).serve_forever()

    asyncio.run(serve())


# -- the proof -------------------------------------------------------------------------------------


def small_archive() -> list[Figure]:
    """Prove an archive of 10,000 items, for `make bench`."""
    return measure(100, kills=3)


def measure(threads: int, *, kills: int = KILLS) -> list[Figure]:
    """Prove an archive of an account with `threads` threads of 100 items each."""
    with TemporaryDirectory() as folder:
        file, small, *tiny = (Path(folder) / name for name in ("file", "small", "short", "few"))
        with _served(threads) as (address, count):
            begun = time.perf_counter()
            _kill(address, count, file, threads, kills)
            peak = _synchronize(address, file)
            seconds = time.perf_counter() - begun
        _say(f"synchronized with {kills} kills in {seconds:.0f} s")
        damage = list(verify(file))
        _say(f"verified: {len(damage)} damages")
        differences = _differences(file, threads)
        _say(f"compared byte for byte: {differences} differences")
        peaks = []
        for path, *size in ((small, SMALL, ITEMS), (tiny[0], 100, 1), (tiny[1], 1, ITEMS)):
            with _served(*size) as (address, _):
                peaks.append(_synchronize(address, path))
        items = threads * ITEMS
        with closing(ArchiveReader(file)) as reader:
            ratios = [
                _beside_tiny(
                    "archive proof: first screen of threads", _first_screen, reader, tiny[0]
                ),
                _beside_tiny(
                    "archive proof: first page of any thread", _first_page, reader, tiny[1]
                ),
            ]
            return [
                Figure("archive proof: damage after kills", len(damage), "", 0),
                Figure(
                    "archive proof: rows that differ from the server's", differences, "", 0,
                    beside=f"{items:,} items, {kills} kills, {seconds:.0f} s",
                ),
                Figure(
                    "archive proof: peak memory of a sync", peak / peaks[0], "×", 1.3,
                    beside=f"{peak:.0f} MB; with {SMALL * ITEMS:,} items {peaks[0]:.0f} MB",
                ),
                *_searched(reader),
                *ratios,
                *_sized(reader, file),
            ]  # fmt: skip


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _start(address: str, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.benchmarks.large_archive", "sync", address, str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603


def _synchronize(address: str, file: Path) -> float:
    """Synchronize in a process of its own; return its peak memory in MB."""
    output, _ = (process := _start(address, file)).communicate()
    if process.returncode:
        raise SystemExit(f"the synchronization failed ({process.returncode})")
    return float(output)


def _kill(address: str, count: Any, file: Path, threads: int, kills: int) -> None:
    """Kill synchronizations at random moments, and check what is left after each."""
    pick = random.Random(1)  # noqa: S311 - no secret
    for number in range(1, kills + 1):
        wanted = count.value + pick.randint(1, 2 * threads // (kills + 3))
        process = _start(address, file)
        while count.value < wanted and process.poll() is None:
            time.sleep(0.001)
        time.sleep(pick.random() / 50)
        if process.poll() is not None:
            raise SystemExit("the synchronization ended before it was killed")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        items, sound = _state(file)
        _say(f"kill {number}: {items:,} items, {'sound' if sound else 'DAMAGED'}")
        if not sound:
            raise SystemExit("a kill damaged the archive")


def _state(file: Path) -> tuple[int, bool]:
    """Return how many items an archive has, and whether nothing is damaged."""
    with closing(connect_reader(file)) as connection:
        (items,) = connection.execute("SELECT sum(item_count) FROM thread").fetchone()
    return items or 0, next(verify(file), None) is None


def _differences(file: Path, threads: int) -> int:
    """Return how many rows of the archive are not those of the account, byte for byte."""
    library = _Library(threads, ITEMS)
    different = 0
    with closing(ArchiveReader(file)) as reader:
        ids = set(reader.thread_ids())
        for index in range(threads):
            name = library.identifier(index)
            ids.discard(name)
            conversation = library.conversation(index)
            kept = list(reader.present_items(name))
            served = [_dumped(conversation.row(place)) for place in range(len(conversation))]
            different += reader.thread(name) != _dumped(library.row(index))
            different += sum(one != other for one, other in zip(kept, served, strict=False))
            different += abs(len(kept) - len(served))
    return different + len(ids)


def _beside_tiny(
    what: str, measured: Callable[[ArchiveReader], float], reader: ArchiveReader, tiny: Path
) -> Figure:
    with closing(ArchiveReader(tiny)) as least:
        few, many = measured(least), measured(reader)
    beside = f"{many * 1e6:.0f} µs; with 100 items {few * 1e6:.0f} µs"
    return Figure(what, many / few, "×", 1.5, beside=beside)


def _first_screen(reader: ArchiveReader) -> float:
    return median(timed(lambda: reader.threads(ListQuery(100))) for _ in range(100))


def _first_page(reader: ArchiveReader) -> float:
    """Return the median for random threads, which were looked at once before."""
    ids = reader.thread_ids()
    pick = random.Random(2)  # noqa: S311 - no secret
    names = [pick.choice(ids) for _ in range(200)] * 2
    times = [timed(lambda name=name: reader.items(name, ListQuery(100))) for name in names]
    return median(times[200:])


def _sized(reader: ArchiveReader, file: Path) -> list[Figure]:
    json_bytes, index_bytes = sizes(reader)
    size = file.stat().st_size
    beside = f"{size / 1e6:,.0f} MB; JSON {json_bytes / 1e6:,.0f} MB"
    return [
        Figure("archive proof: file, × the JSON", size / json_bytes, "×", 2.2, beside=beside),
        Figure("archive proof: index, × the JSON", index_bytes / json_bytes, "×", 0.6),
    ]


# -- search ----------------------------------------------------------------------------------------


def _searched(reader: ArchiveReader) -> list[Figure]:
    queries = _queries()
    times = sorted(_search_time(reader, query) for query in queries)
    expected = _scanned(reader, queries)
    found = {query: _count(reader, query) for query in expected}
    missed = {query: number for query, number in expected.items() if found[query] < number}
    for query in islice(missed, 10):
        _say(f"{query!r}: {found[query]:,} found, {expected[query]:,} expected")
    wanted = sum(expected.values())
    recall = sum(min(found[query], number) for query, number in expected.items()) / wanted
    common = max(found, key=lambda query: found[query])
    # A page of hits is as much work for both: most of the time goes to the passages.
    full = (query for query in found if found[query] >= SearchQuery("").limit)
    rare = min(full, key=lambda query: found[query], default=common)
    slow, fast = (
        median(_search_time(reader, word) for _ in range(20)) * 1_000 for word in (common, rare)
    )
    return [
        Figure(
            "archive proof: first hits, p95", times[int(len(times) * 0.95)] * 1_000, "ms", 100,
            beside=f"{len(times)} searches, median {median(times) * 1_000:.1f} ms,"
            f" worst {times[-1] * 1_000:.0f} ms",
        ),
        Figure(
            "archive proof: a common word", slow, "ms", 5 * fast + 1,
            beside=f"{found[common]:,} hits; a rare one {fast:.2f} ms, {found[rare]} hits",
        ),
        Figure(
            "archive proof: recall", recall, "", 1, least=True,
            beside=f"{len(expected)} queries in {len(_LANGUAGES)} languages, {wanted:,} hits",
        ),
    ]  # fmt: skip


def _search_time(reader: ArchiveReader, query: str) -> float:
    return timed(lambda: reader.searcher.search(SearchQuery(query)))


def _queries() -> list[str]:
    """Return queries of one and of two words, common and rare, from each language in turn."""
    pick = random.Random(3)  # noqa: S311 - no secret
    queries: dict[str, None] = {}
    while len(queries) < SEARCHES:
        words = _Library.texts.words[_LANGUAGES[len(queries) % len(_LANGUAGES)]]
        number = 1 if len(queries) % 4 else 2
        chosen = [words[int(_WORDS ** pick.random()) - 1] for _ in range(number)]
        queries[" ".join(chosen)] = None
    return list(queries)


def _scanned(reader: ArchiveReader, queries: Sequence[str]) -> dict[str, int]:
    """Return how many texts of the account have all words of each query, by looking at them all."""
    words = {word for query in queries for word in query.split()}
    pairs = [query for query in queries if " " in query]
    unspaced = {word for name in UNSPACED for word in _Library.texts.words[name]} & words
    pattern = re.compile("|".join(map(re.escape, sorted(unspaced, key=len, reverse=True))))
    longest = max(map(len, unspaced), default=0)
    counts = dict.fromkeys(queries, 0)
    for (raw,) in reader._connection.execute("SELECT raw FROM item"):
        content = json.loads(raw).get("content")
        if not content or content[0]["type"] not in ("input_text", "output_text"):
            continue
        text = content[0]["text"]
        present = words.intersection(text.split())
        if len(present) == 0 and not text.isascii() and pattern.search(text):
            parts = {
                text[at : at + size] for size in range(1, longest + 1) for at in range(len(text))
            }
            present = unspaced & parts
        for word in present:
            if word in counts:
                counts[word] += 1
        if len(present) > 1:
            for query in pairs:
                first, second = query.split()
                if first in present and second in present:
                    counts[query] += 1
    return counts


def _count(reader: ArchiveReader, query: str) -> int:
    """Return the number of all hits."""
    expression = f"{{text}} : ({Query(query).expression()})"
    (number,) = reader._connection.execute(
        "SELECT count(*) FROM fts WHERE fts MATCH ?", (expression,)
    ).fetchone()
    return int(number)


def main() -> None:
    """Measure an account of as many threads as the command line says, or be the process that
    synchronizes it."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["sync"]:
        address, file = arguments[1:]
        asyncio.run(synchronize(address, Path(file), index=True))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    threads = int(arguments[0]) if arguments else THREADS
    print(table(measure(threads)))


if __name__ == "__main__":
    main()
