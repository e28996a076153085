"""The memory of a loaded row."""

from __future__ import annotations

import gc
import json
import random
import tracemalloc

import pytest

from chatkit_tui.feed import Feed, Order, Side
from chatkit_tui.models.page import Page
from chatkit_tui.sources.http.response import parse_list_answer

ROWS = 1_000
LIMIT_BYTES = 600
"""0.6 MB for 1,000 rows."""


def item(number: int, chance: random.Random) -> dict[str, object]:
    """An item of some 490 bytes of JSON; its words and ids compress as badly as real ones."""
    words = " ".join(f"{chance.getrandbits(20):x}" for _ in range(35))
    return {
        "id": f"cti_{chance.getrandbits(192):048x}",
        "object": "chatkit.thread_item",
        "created_at": 1_700_000_000 + number,
        "thread_id": "cthr_" + "6" * 48,
        "type": "chatkit.assistant_message",
        "content": [{"type": "output_text", "text": words, "annotations": []}],
    }


@pytest.mark.slow
async def test_a_loaded_item_takes_less_than_six_hundred_bytes() -> None:
    chance = random.Random(7)  # noqa: S311  # sample data, no secret

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        rows = [item(number, chance) for number in range(limit)]
        return parse_list_answer(json.dumps({"data": rows, "has_more": True}).encode())

    feed = Feed(fetch, first_limit=100)
    await feed.load(Side.OLD)  # what is imported and compiled once
    gc.collect()
    tracemalloc.start()
    try:
        while len(feed) < ROWS:
            await feed.load(Side.OLD)
        gc.collect()
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used / ROWS < LIMIT_BYTES
