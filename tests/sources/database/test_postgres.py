"""The same stores in PostgreSQL."""

from __future__ import annotations

import pytest

from tests.sources.database.postgres_server import PostgresServer
from tests.sources.database.stores import STORES, make_database
from tests.sources.database.test_layouts import ITEMS, THREADS, check, opened

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", [name for name in STORES if name != "without rowid"])
async def test_a_store_is_found_by_what_it_holds(name: str, postgres: PostgresServer) -> None:
    address = postgres.new_database()
    make_database(address, STORES[name], THREADS, ITEMS)
    async with opened(address) as source:
        await check(source, STORES[name])
