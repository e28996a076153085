"""Texts with too many parts are rejected early, in little memory; reading can be stopped."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable

import pytest

from chatkit_tui.models.items import UnknownItem, parse_item, read_outline
from chatkit_tui.models.json import (
    MOST_ROWS,
    MOST_VALUES,
    Effort,
    StoppedError,
    TooMuchError,
    check_rows,
    load_json,
    stoppable,
)
from chatkit_tui.models.page import LARGE_LIST
from chatkit_tui.models.raw_json import skip_value
from chatkit_tui.sources.http.response import parse_list_answer

MANY = MOST_ROWS + 1


def listed(row: bytes, count: int) -> bytes:
    return b'{"data":[' + b",".join([row] * count) + b'],"has_more":false}'


def test_a_page_at_the_limit_is_read() -> None:
    check_rows(MOST_ROWS)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "rows": (listed(b'{"id":"a"}', MANY), "more than 100,000 rows"),
    "members of a row": (
        b'{"data":[{"id":"a",' + b'"a":1,' * 200_000 + b'"b":2}]}',
        "more than 100,000 members",
    ),
    "members of the answer": (
        b"{" + b'"a":1,' * 200_000 + b'"data":[]}',
        "more than 100,000 members",
    ),
    "values beside the rows": (
        b'{"data":[],"x":[' + b"1," * MOST_VALUES + b"1]}",
        "too many values",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_responses_are_rejected(what: str) -> None:
    raw, reason = HOSTILE[what]
    with pytest.raises(TooMuchError, match=reason):
        parse_list_answer(raw)


def test_steps_are_counted_in_all_that_is_nested() -> None:
    raw = b'{"data":[' + b"[" * 3000 + b"]" * 3000 + b"]}"
    assert skip_value(raw, 9, Effort(6001)) == len(raw) - 2
    with pytest.raises(TooMuchError):
        skip_value(raw, 9, Effort(3000))


@pytest.mark.parametrize(
    "text",
    [
        "[" + "1," * MOST_VALUES + "1]",
        "[" + "{}," * MOST_VALUES + "1]",
        "[" * (MOST_VALUES + 1),
        '"' + "," * (MOST_VALUES + 1) + '"',
    ],
)
def test_a_text_of_too_many_values_is_not_parsed(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(TooMuchError):
        load_json(text)
    assert time.process_time() - begun < 1


def test_a_long_text_of_few_values_is_parsed() -> None:
    text = "word " * 1_000_000
    assert load_json(json.dumps([text])) == [text]


@pytest.mark.slow
def test_a_row_with_too_many_values_is_an_item_with_a_problem() -> None:
    raw = b'{"id":"a","x":[' + b"1," * MOST_VALUES + b"1]}"
    item = parse_item(raw)
    assert isinstance(item, UnknownItem)
    assert item.problems[0].reason == "too many values to be read"
    assert item.raw == raw
    many = b"{" + b'"a":1,' * 300_000 + b'"b":2}'
    assert isinstance(read_outline(many), UnknownItem)


READINGS: dict[str, Callable[[], object]] = {
    "rows": lambda: parse_list_answer(listed(b'{"id":"a"}', 50_000) + b" " * LARGE_LIST),
    "brackets": lambda: parse_list_answer(b'{"data":[' + b"[" * 500_000 + b"]" * 500_000 + b"]}"),
}


@pytest.mark.parametrize("what", READINGS)
async def test_reading_in_a_thread_ends_soon_after_it_is_stopped(what: str) -> None:
    ended = threading.Event()

    def read() -> object:
        try:
            return READINGS[what]()
        except StoppedError:
            ended.set()
            raise

    with stoppable() as stop:
        reading = asyncio.create_task(asyncio.to_thread(read))
        await asyncio.sleep(0.02)
        stop.set()
        with pytest.raises(StoppedError):
            await reading
    assert ended.is_set()
