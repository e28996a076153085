"""What is opened in a thread reaches its caller, or is closed."""

from __future__ import annotations

import asyncio
import threading

import pytest

from chatkit_tui.storage.opening import open_in_thread


async def test_what_is_opened_is_returned_open() -> None:
    closed: list[str] = []
    assert await open_in_thread(lambda: "a file", closed.append) == "a file"
    assert closed == []


async def test_what_opens_after_its_caller_has_left_is_closed() -> None:
    may_open = threading.Event()
    closed = asyncio.Event()

    def open_it() -> str:
        may_open.wait(60)
        return "a file"

    def close(opened: str) -> None:
        assert opened == "a file"
        closed.set()

    task = asyncio.create_task(open_in_thread(open_it, close))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not closed.is_set()
    may_open.set()
    await asyncio.wait_for(closed.wait(), 60)


async def test_an_error_is_raised_and_nothing_is_closed() -> None:
    def fail() -> str:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        await open_in_thread(fail, lambda opened: pytest.fail(opened))
