"""What tests of sources share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.database.postgres_server import PostgresServer, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for all tests of a process."""
    with running() as server:
        yield server
