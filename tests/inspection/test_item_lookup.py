"""The thread of an item is found although some threads cannot be listed."""

from __future__ import annotations

import pytest

from chatkit_tui.errors import (
    APIError,
    APIResponseError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    RateLimitError,
    UnprocessableEntityError,
)
from chatkit_tui.inspection.item_lookup import MOST_FAILURES, Lookup, thread_of_item
from tests.sync.memory_source import MemorySource

ITEM = "first.0"
"""The newest item of the oldest thread, which is the last to be requested."""
LAST = MOST_FAILURES + 2


@pytest.fixture
def source() -> MemorySource:
    source = MemorySource()
    for number, name in enumerate(["first", *map(str, range(1, LAST))]):
        source.add_thread(name, created_at=number, items=1)
    return source


@pytest.mark.parametrize(
    "error",
    [
        BadRequestError("refused", status=400),
        UnprocessableEntityError("refused", status=422),
        InternalServerError("failed", status=500),
        APIResponseError("not JSON"),
    ],
)
@pytest.mark.parametrize("request_of_thread", [1, 2])
async def test_a_thread_that_cannot_be_listed_is_skipped_and_reported(
    source: MemorySource, error: APIError, request_of_thread: int
) -> None:
    source.ignores_cursors = True
    source.failures = {1 + request_of_thread: error}
    reports: list[Lookup] = []
    found = await thread_of_item(source, ITEM, reports.append)
    assert found.thread
    assert found.thread.id == "first"
    assert found.skipped == {str(LAST - 1): str(error)}
    assert [report.asked for report in reports] == [*range(1, LAST + 1)]


@pytest.mark.parametrize(
    "error", [AuthenticationError("no", status=401), RateLimitError("no", status=429)]
)
async def test_an_error_that_every_thread_would_have_ends_the_lookup(
    source: MemorySource, error: APIError
) -> None:
    source.failures = {2: error}
    with pytest.raises(type(error)):
        await thread_of_item(source, ITEM, lambda _: None)


async def test_threads_that_fail_in_a_row_end_the_lookup(source: MemorySource) -> None:
    source.failures = {
        number: InternalServerError("failed", status=500) for number in range(2, 2 + MOST_FAILURES)
    }
    with pytest.raises(InternalServerError):
        await thread_of_item(source, ITEM, lambda _: None)
