"""A summary of a thread has the values of its model, or there is none."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatkit_tui.models.thread_summary import ThreadSummary, read_thread_summary
from chatkit_tui.models.threads import parse_thread
from tests.models.test_any_json import texts, values, written

ID = "cthr_6905f3a0" + "0" * 40
TOKYO = ZoneInfo("Asia/Tokyo")
seconds = st.integers(-1, 2**40) | st.sampled_from([True, 253_402_300_799, 253_402_300_800])
fields = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just(ID) | texts | values,
        "created_at": seconds | values,
        "title": texts | values,
        "user": texts | values,
        "status": st.fixed_dictionaries({}, optional={"type": texts | values, "reason": texts})
        | values,
        "more": values,
    },
)


def modelled(raw: bytes, zone: tzinfo = UTC) -> ThreadSummary:
    """The same by way of the model."""
    thread = parse_thread(raw, zone=zone)
    status = thread.status
    return ThreadSummary(
        thread.id, thread.title, thread.user, status.type, status.reason, thread.time
    )


@pytest.mark.slow
@given(fields)
@example({"id": ID, "title": "half an emoji \ud83d", "status": {"type": "locked", "reason": "x"}})
@example({"id": ID, "created_at": None, "status": None})
def test_a_summary_has_the_values_of_the_model(thread: dict[str, Any]) -> None:
    raw = written(thread)
    seen = read_thread_summary(raw)
    assert seen is None or seen == modelled(raw)


def test_a_documented_thread_has_a_summary() -> None:
    raw = written(
        {
            "id": ID,
            "object": "chatkit.thread",
            "created_at": 1_762_000_000,
            "title": None,
            "status": {"type": "closed", "reason": "spam"},
            "user": "ada",
        }
    )
    assert read_thread_summary(raw) == modelled(raw)


@pytest.mark.parametrize("written_as", ["2026-11-20T09:01:01.250000", "2026-11-20T09:01:01+02:00"])
def test_a_time_in_words_needs_no_model(written_as: str) -> None:
    raw = written({"id": "thr_1", "created_at": written_as, "status": {"type": "active"}})
    assert read_thread_summary(raw, TOKYO) == modelled(raw, TOKYO)


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"{",
        b"\xff{}",
        b'{"id": 7}',
        b'{"id": "a", "created_at": true}',
        b'{"id": "a", "created_at": "some day"}',
        b'{"id": "a", "status": {"type": 1}}',
        b'{"id": "a", "title": {"text": "b"}}',
    ],
)
def test_an_unusual_thread_has_no_summary(raw: bytes) -> None:
    assert read_thread_summary(raw) is None
