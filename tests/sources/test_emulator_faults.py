"""The client with every fault of the emulator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
from chatkit_tui.emulator.faults import FAULTS
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.errors import (
    APIResponseError,
    APIStatusError,
    BrokenListError,
    ChatKitError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseTooLargeError,
)
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.scripted import Waits, client_of

THREADS = 12
STALLS = (
    *("stall", "stalled-answer", "stall-midway", "slow-drip"),
    *("stall-after-proof", "stall-in-spaces"),
)
PATIENCE = 0.2
"""Seconds until an answer that stalls counts as lost."""
BRIEFLY = 0.05
"""The same where every end is right, also that of an answer which is only late."""

TOO_LARGE = ("too-large", "gzip-bomb")
"""Faults whose answers take long to make."""
READER = "threads.delete"
"""The call that does not need its answer whole; what the others make of these has its own test."""


def patience(fault: str, *, stalled: float = PATIENCE) -> float:
    """Seconds to wait under a fault: few where waiting is all there is."""
    return stalled if fault in STALLS else 30.0


@pytest.fixture
def emulator() -> Emulator:
    """A small API, so that reading whole lists is quick."""
    return Emulator(threads=THREADS)


def client_for(emulator: Emulator, waits: Waits | None = None, **settings: Any) -> ChatKitClient:
    """A client of the emulator that never really waits."""
    return client_of(
        EmulatorTransport(emulator),
        waits,
        **{"api_key": DEMO_KEY, "base_url": DEMO_URL, **settings},
    )


async def all_threads(client: ChatKitClient) -> list[str]:
    return [thread.id async for thread in client.threads.list(limit=5)]


CALLS: dict[str, Callable[[ChatKitClient, str], Awaitable[Any]]] = {
    "threads.list": lambda client, _: all_threads(client),
    "threads.retrieve": lambda client, thread_id: client.threads.retrieve(thread_id),
    "threads.delete": lambda client, thread_id: client.threads.delete(thread_id),
    "threads.list_items": lambda client, thread_id: client.threads.list_items(thread_id),
    "sessions.create": lambda client, _: client.sessions.create(
        user="ada", workflow={"id": "wf_support"}
    ),
    "sessions.cancel": lambda client, _: client.sessions.cancel("cksess_" + "0" * 48),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_ends_in_a_result_or_an_error_of_one_line(
    fault: str, emulator: Emulator
) -> None:
    async with client_for(
        emulator, timeout=patience(fault, stalled=BRIEFLY), max_retries=1
    ) as client:
        thread_id = emulator.library.identifier(0)
        for name in (READER,) if fault in TOO_LARGE else FAULTS[fault].operations:
            emulator.faults = (f"{fault}@{name}",)
            try:
                await CALLS[name](client, thread_id)
            except ChatKitError as error:
                assert str(error).isprintable()  # noqa: PT017 - either end is right
                assert DEMO_KEY not in str(error)  # noqa: PT017


@pytest.mark.parametrize("fault", ["no-last-id", "no-has-more", "repeated-ids", "redirect"])
async def test_a_list_with_this_fault_is_read_completely_and_once(
    fault: str, emulator: Emulator
) -> None:
    async with client_for(emulator) as client:
        whole = await all_threads(client)
        emulator.faults = (fault,)
        assert await all_threads(client) == whole
    assert len(whole) == THREADS


@pytest.mark.parametrize("fault", ["empty-page-with-more", "repeated-cursor", "endless-list"])
async def test_a_list_with_this_fault_is_reported_as_broken(fault: str, emulator: Emulator) -> None:
    emulator.faults = (fault,)
    async with client_for(emulator) as client:
        with pytest.raises(BrokenListError):
            await all_threads(client)
    assert len(emulator.requests) <= 3


async def test_ids_with_spaces_slashes_and_other_scripts_find_their_thread(
    emulator: Emulator,
) -> None:
    emulator.faults = ("odd-ids",)
    async with client_for(emulator) as client:
        for thread_id in await all_threads(client):
            assert (await client.threads.retrieve(thread_id)).id == thread_id


async def test_embedded_items_do_not_affect_the_thread(emulator: Emulator) -> None:
    async with client_for(emulator) as client:
        thread_id = (await all_threads(client))[0]
        emulator.faults = ("embedded-items",)
        thread = await client.threads.retrieve(thread_id)
    assert (thread.id, thread.problems) == (thread_id, ())


@pytest.mark.parametrize("fault", ["lost-answer", "stalled-answer", "delete-then-404"])
async def test_a_deletion_whose_response_was_lost_is_proved(fault: str, emulator: Emulator) -> None:
    async with client_for(emulator) as client:
        thread_id = (await all_threads(client))[0]
        emulator.faults = (f"{fault}@DELETE",)
        deleted = await client.threads.delete(thread_id, timeout=patience(fault))
    assert deleted.id == thread_id


@pytest.mark.parametrize("retries", [0, 2])
async def test_a_deletion_that_never_arrives_is_not_reported_as_done(
    retries: int, emulator: Emulator
) -> None:
    async with client_for(emulator, max_retries=retries) as client:
        thread_id = (await all_threads(client))[0]
        emulator.faults = ("reset@DELETE",)
        with pytest.raises(OutcomeUnknownError, match="still there"):
            await client.threads.delete(thread_id)
        assert (await client.threads.retrieve(thread_id)).id == thread_id


@pytest.mark.parametrize("fault", ["empty-delete-body", "odd-delete-body"])
async def test_a_deletion_with_another_body_is_a_deletion(fault: str, emulator: Emulator) -> None:
    async with client_for(emulator) as client:
        thread_id = (await all_threads(client))[0]
        emulator.faults = (f"{fault}@DELETE",)
        assert (await client.threads.delete(thread_id)).deleted
    assert [request.method for request in emulator.requests].count("DELETE") == 1


@pytest.mark.parametrize("fault", ["lost-answer", "stalled-answer", "reset", "server-error"])
async def test_a_new_session_arrives_once_at_most(fault: str, emulator: Emulator) -> None:
    emulator.faults = (fault,)
    async with client_for(emulator, timeout=patience(fault)) as client:
        with pytest.raises(ChatKitError):
            await client.sessions.create(user="ada", workflow={"id": "wf_support"})
    assert len(emulator.requests) == 1


async def test_a_long_wait_is_reported_instead_of_waited(emulator: Emulator) -> None:
    emulator.faults, waits = ("rate-limit-long",), Waits()
    async with client_for(emulator, waits) as client:
        with pytest.raises(RateLimitError) as caught:
            await client.threads.list()
    assert (caught.value.retry_after, waits.slept) == (300, [])


@pytest.mark.parametrize("fault", ["rate-limit", "rate-limit-seconds", "overloaded", "reset"])
async def test_a_temporary_fault_is_retried(fault: str, emulator: Emulator) -> None:
    async with client_for(emulator) as client:
        emulator.faults = (f"{fault}:2",)
        assert len(await client.threads.list()) == THREADS


@pytest.mark.parametrize("fault", ["too-large", "gzip-bomb"])
async def test_an_answer_over_the_limit_is_refused(fault: str, emulator: Emulator) -> None:
    emulator.faults = (fault,)
    async with client_for(emulator) as client:
        with pytest.raises(ResponseTooLargeError):
            await client.threads.list()


@pytest.mark.parametrize(
    "fault", ["not-json", "empty-body", "another-shape", "cut-short", "not-utf8"]
)
async def test_a_2xx_status_with_an_invalid_body_is_reported(
    fault: str, emulator: Emulator
) -> None:
    emulator.faults = (fault,)
    async with client_for(emulator) as client:
        with pytest.raises(APIResponseError):
            await client.threads.list()


async def test_the_key_is_not_carried_to_another_origin(emulator: Emulator) -> None:
    emulator.faults = ("redirect-elsewhere",)
    async with client_for(emulator) as client:
        with pytest.raises(APIStatusError, match="redirect"):
            await client.threads.list()
    assert len(emulator.requests) == 1
