"""Stores of many shapes are read without a setting."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatkit_tui.sources.base import Capability, ListQuery
from chatkit_tui.sources.database.source import DatabaseSource
from chatkit_tui.sources.paging import list_pages
from tests.sources.database.stores import STORES, Store, item, make_file, thread

THREADS = [(thread(number), f"user {number % 2}") for number in range(5)]
ITEMS = [item(f"thr_{number}", place) for number in range(5) for place in range(7)]


@asynccontextmanager
async def opened(path: Path | str, **settings: object) -> AsyncIterator[DatabaseSource]:
    source = DatabaseSource(path, **settings)  # type: ignore[arg-type]
    yield source
    await source.aclose()


@pytest.mark.parametrize("name", STORES)
async def test_a_store_is_found_by_what_it_holds(name: str, tmp_path: Path) -> None:
    store = STORES[name]
    path = make_file(tmp_path / "store.db", store, THREADS, ITEMS)
    async with opened(path) as source:
        await check(source, store)


async def check(source: DatabaseSource, store: Store) -> None:
    """Check threads, owners and items of a source, from both ends."""
    assert (Capability.FILTER_BY_USER in source.capabilities) == store.has_owner
    page = await source.list_threads(ListQuery())
    assert [row.name for row in page.rows] == [row["id"] for row, _ in reversed(THREADS)]
    for row, (expected, owner) in zip(page.rows, reversed(THREADS), strict=True):
        value = json.loads(row.raw)
        assert value["title"] == expected["title"]
        assert value["status"] == expected["status"]
        assert value["metadata"] == expected["metadata"]
        assert value.get("user") == (owner if store.has_owner else None)
        assert row.created_at is not None
    if store.has_owner:
        mine = await source.list_threads(ListQuery(user="user 1"))
        assert [row.name for row in mine.rows] == ["thr_3", "thr_1"]
    for order in ("asc", "desc"):
        steps = list_pages(
            lambda query: source.list_items("thr_3", query),
            ListQuery(2, order),
        )
        rows = [row async for step in steps for row in step.page.rows]
        expected_items = [row for row in ITEMS if row["thread_id"] == "thr_3"]
        found = [json.loads(row.raw) for row in rows]
        assert found == (expected_items if order == "asc" else expected_items[::-1])
