"""Each fault of a deletion does what its summary says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chatkit_tui.emulator import Emulator


async def test_empty_delete_body(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("empty-delete-body",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    answer = await wire.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await wire.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("fault", "status", "matches", "gone"),
    [
        ("odd-delete-body", 202, lambda content: content["object"] == "thread.removal", True),
        ("delete-renamed-object", 200, lambda content: content["object"] == "thread.removed", True),
        ("delete-empty-object", 200, lambda content: content == {}, True),
        ("delete-denied", 200, lambda content: content["deleted"] is False, False),
        ("delete-another-id", 200, lambda content: content["deleted"] is True, False),
        ("delete-error-object", 200, lambda content: content["error"]["message"], False),
        ("delete-accepted", 202, lambda content: content["deleted"] is True, False),
        ("gateway-json-404@DELETE", 404, lambda content: "error" not in content, False),
    ],
)
async def test_the_responses_to_a_deletion(
    emulator: Emulator,
    wire: httpx.AsyncClient,
    fault: str,
    status: int,
    matches: Callable[[Any], bool],
    gone: bool,
) -> None:
    emulator.faults = (fault,)
    thread_id = emulator.thread_id()
    answer = await wire.delete(f"chatkit/threads/{thread_id}")
    assert answer.status_code == status
    assert matches(answer.json())
    assert (answer.json().get("id") == thread_id) == (
        fault in ("delete-denied", "delete-accepted", "delete-renamed-object")
    )
    emulator.faults = ()
    left = await wire.get(f"chatkit/threads/{thread_id}")
    assert left.status_code == (404 if gone else 200)


async def test_a_gateway_sends_its_own_page(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("gateway-404",)
    answer = await wire.delete(f"chatkit/threads/{emulator.thread_id()}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("stall-after-proof", httpx.ReadTimeout),
        ("stall-in-spaces", httpx.ReadTimeout),
        ("dropped-after-proof", httpx.ReadError),
    ],
)
async def test_a_deletion_is_done_although_its_response_never_ends(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, error: type[Exception]
) -> None:
    emulator.faults = (fault,)
    path = f"chatkit/threads/{emulator.thread_id()}"
    with pytest.raises(error):
        await wire.delete(path, timeout=0.1 if error is httpx.ReadTimeout else 60)
    assert (await wire.get(path)).status_code == 404
