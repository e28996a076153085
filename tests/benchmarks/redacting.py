"""Redaction: the time of the processor for one item, mixed as in the sample data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from time import process_time

from chatkit_tui.emulator.library import Library
from chatkit_tui.export.redaction.redactor import redactor
from tests.benchmarks.report import Figure, typical

ITEMS = 2_000
ROUNDS = 5


def redacting() -> list[Figure]:
    """Measure items of many threads."""
    items = sample_items(ITEMS)
    size = sum(map(len, items)) // len(items)
    mask = redactor()
    times = []
    for _ in range(ROUNDS):
        begun = process_time()
        for item in items:
            mask.raw(item)
        times.append((process_time() - begun) / len(items))
    found = sum(mask.counts.values()) // ROUNDS
    beside = f"{size:,} bytes on average, {found:,} values in {len(items):,} items"
    return [Figure("redaction of an item", typical(times) * 1000, "µs", 200, beside=beside)]


def sample_items(count: int) -> list[bytes]:
    """Return items of many threads, mixed as in the sample data."""
    return list(islice(_items(), count))


def _items() -> Iterator[bytes]:
    library = Library(2 * ITEMS)
    for index in reversed(range(len(library))):
        conversation = library.conversation(index)
        for number in range(len(conversation)):
            yield json.dumps(dict(conversation.row(number)), ensure_ascii=False).encode()
