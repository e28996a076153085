"""The dataset is what the README says, as DuckDB reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from chatkit_tui.export.parquet.batches import ParquetExport
from chatkit_tui.export.parquet.dataset import FOLDER
from chatkit_tui.export.parquet.rows import COLUMNS
from tests.export.html.pages import exported
from tests.export.parquet.test_batches import open_manifest
from tests.export.parquet.test_rows import item

README = (Path(__file__).parents[3] / "README.md").read_text()
NOVEMBER = 1_762_000_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    call = item("client_tool_call", name="track", status="completed", created_at=NOVEMBER)
    items = [item("client_tool_call", name="track"), item("user_message"), call, call]
    with open_manifest(tmp_path) as manifest:
        export = ParquetExport.open(tmp_path, manifest, start_over=False)
        with exported([*items, b'{"type": "chatkit.task"}'], {"created_at": None}) as thread:
            export.add(thread)
        export.end()
    with duckdb.connect() as connection:
        files = str(tmp_path / FOLDER / "**" / "*.parquet")
        connection.read_parquet(files, hive_partitioning=True).create_view("items")
        yield connection


def test_the_query_of_the_readme_counts_calls(
    tmp_path: Path, database: duckdb.DuckDBPyConnection
) -> None:
    example = re.search(r"<!-- duckdb:.*?-->\n\n```sh\nduckdb -c \"(.*?)\"\n```", README, re.DOTALL)
    assert example is not None
    query = example[1].replace("DIR", str(tmp_path))
    assert database.execute(query).fetchall() == [
        ("2025-10", "track", 1, 1),
        ("2025-11", "track", 2, 1),
    ]


def test_a_month_is_null_without_a_time(database: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT count(*), min(kind) FROM items WHERE month IS NULL"
    assert database.execute(query).fetchall() == [(1, "task")]


def test_columns_are_plain_and_documented(database: duckdb.DuckDBPyConnection) -> None:
    types = {"string": "VARCHAR", "int64": "BIGINT", "bool": "BOOLEAN"}
    types["timestamp"] = "TIMESTAMP WITH TIME ZONE"
    described = database.execute("DESCRIBE items").fetchall()
    found = {name: kind for name, kind, *_ in described}
    assert found == {**{name: types[kind] for name, kind in COLUMNS.items()}, "month": "VARCHAR"}
    section = README.partition("### Parquet for analysis")[2].partition("\n### ")[0]
    assert set(found) <= set(re.findall(r"`(\w+)`", section))


def test_times_are_those_of_the_items(database: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT max(epoch(created_at)) FROM items"
    assert database.execute(query).fetchall() == [(NOVEMBER,)]
