"""Answers to a deletion that prove it, deny it, or say nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from chatkit_tui.emulator.calls import Answer, Call, LineDroppedError, Next
from chatkit_tui.emulator.faults.fault import ANY, DELETIONS, Act, Fault, Row, changed_answer
from chatkit_tui.emulator.refusals import error_answer

TRICKLE_PAUSE = 0.02
"""Seconds between two bytes of a body that never ends."""

_NOT_FOUND_PAGE = (
    b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
    b"<center><h1>404 Not Found</h1></center>\r\n<hr><center>edge-07</center>\r\n"
    b"</body>\r\n</html>\r\n"
)


def _undone(answer: Callable[[str], Answer]) -> Act:
    """Give an answer made from the thread's id, and delete nothing."""

    async def act(call: Call, _go: Next) -> Answer:
        return answer(call.target)

    return act


def _done_then(rest: Callable[[], AsyncIterator[bytes]]) -> Act:
    """Delete, send the answer, declare that more follows, and go on with `rest`."""

    async def act(call: Call, go: Next) -> Answer:
        answer = await go(call)
        payload = answer.payload()

        async def pieces() -> AsyncIterator[bytes]:
            yield payload
            async for piece in rest():
                yield piece

        longer = answer.with_headers(content_length=str(len(payload) + (1 << 20)))
        return replace(longer, pieces=pieces)

    return act


async def _silence() -> AsyncIterator[bytes]:
    await asyncio.get_running_loop().create_future()
    yield b""  # a future that is never done


async def _drop() -> AsyncIterator[bytes]:
    raise LineDroppedError
    yield b""


async def _trickle() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(TRICKLE_PAUSE)
        yield b" "


def _object(thread_id: str, *, deleted: bool) -> Row:
    return {"id": thread_id, "object": "chatkit.thread.deleted", "deleted": deleted}


async def empty_delete_body(call: Call, go: Next) -> Answer:
    """Answer a deletion with 204 and nothing else."""
    answer = await go(call)
    return Answer(204, body=b"") if answer.succeeded else answer


async def odd_delete_body(call: Call, go: Next) -> Answer:
    """Answer a deletion with 202 and an object of another name."""
    answer = await go(call)
    if not answer.succeeded:
        return answer
    return replace(answer, status=202, content={"object": "thread.removal", "state": "queued"})


async def delete_then_404(call: Call, go: Next) -> Answer:
    """Delete, and say that it failed; the next try finds nothing."""
    answer = await go(call)
    if not answer.succeeded:
        return answer
    return error_answer(500, "The server failed while it handled the request.", kind="server_error")


DELETION_FAULTS = (
    Fault("empty-delete-body", "a deletion is answered with 204", DELETIONS, empty_delete_body),
    Fault(
        "odd-delete-body",
        "a deletion is answered with 202 and another object",
        DELETIONS,
        odd_delete_body,
    ),
    Fault(
        "delete-then-404",
        "the thread is deleted and the answer is 500, so that a second try gets 404",
        DELETIONS,
        delete_then_404,
    ),
    Fault(
        "delete-renamed-object",
        "a deletion is answered with an `object` that no document has",
        DELETIONS,
        changed_answer(lambda answer: {**answer, "object": "thread.removed"}),
    ),
    Fault(
        "delete-empty-object",
        "the thread is deleted and the answer is {}, as self-hosted servers send it",
        DELETIONS,
        changed_answer(lambda _answer: {}),
    ),
    Fault(
        "delete-denied",
        "200 with deleted: false, and nothing is deleted",
        DELETIONS,
        _undone(lambda thread_id: Answer(content=_object(thread_id, deleted=False))),
    ),
    Fault(
        "delete-another-id",
        "200 that names another thread, and nothing is deleted",
        DELETIONS,
        _undone(lambda thread_id: Answer(content=_object(f"{thread_id}0", deleted=True))),
    ),
    Fault(
        "delete-error-object",
        "200 with an error object, and nothing is deleted",
        DELETIONS,
        _undone(lambda _id: replace(error_answer(500, "The thread is in use."), status=200)),
    ),
    Fault(
        "delete-accepted",
        "202 with deleted: true, and nothing is deleted",
        DELETIONS,
        _undone(lambda thread_id: Answer(202, _object(thread_id, deleted=True))),
    ),
    Fault(
        "stall-after-proof",
        "the thread is deleted, the answer comes, and its declared rest never does",
        DELETIONS,
        _done_then(_silence),
    ),
    Fault(
        "stall-in-spaces",
        "the thread is deleted, the answer comes, then one space after the other for ever",
        DELETIONS,
        _done_then(_trickle),
    ),
    Fault(
        "dropped-after-proof",
        "the thread is deleted, the answer comes, then the connection drops",
        DELETIONS,
        _done_then(_drop),
    ),
    Fault(
        "gateway-404",
        "404 with the HTML of a gateway",
        ANY,
        _undone(
            lambda _id: Answer(404, body=_NOT_FOUND_PAGE, headers={"content-type": "text/html"})
        ),
    ),
    Fault(
        "gateway-json-404",
        "404 with the JSON of a gateway",
        ANY,
        _undone(lambda _id: Answer(404, {"message": "no Route matched with those values"})),
    ),
)
