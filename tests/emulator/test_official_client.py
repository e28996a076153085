"""The official SDK, asynchronous and synchronous, works with the emulator."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import pytest_asyncio

from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
from chatkit_tui.emulator.server import create_app
from tests.loopback import serving

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAI

WORKFLOW: Any = {"id": "wf_support"}


@pytest.fixture
def openai() -> Any:
    """The official SDK; to import it takes seconds."""
    import openai

    return openai


@pytest_asyncio.fixture
async def official(openai: Any, emulator: Emulator) -> AsyncIterator[AsyncOpenAI]:
    """The asynchronous SDK, in the process."""
    transport = httpx2.ASGITransport(create_app(emulator))
    async with openai.AsyncOpenAI(
        api_key=DEMO_KEY,
        base_url=DEMO_URL,
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=transport),
    ) as client:
        yield client


@pytest.fixture
def official_sync(openai: Any, served: tuple[Emulator, str]) -> Iterator[OpenAI]:
    """The synchronous SDK, over a real connection."""
    _, url = served
    with openai.OpenAI(api_key=DEMO_KEY, base_url=url, max_retries=0) as client:
        yield client


@pytest.fixture
def story(emulator: Emulator) -> str:
    """The id of a thread of eight items."""
    return emulator.thread_titled("Is the API down in Frankfurt?")


# -- asynchronous ----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [7, 20, 100])
async def test_all_threads_are_listed_in_both_orders(
    emulator: Emulator, official: AsyncOpenAI, order: Any, limit: int
) -> None:
    seen = [
        thread.id async for thread in official.beta.chatkit.threads.list(order=order, limit=limit)
    ]
    expected = [emulator.thread_id(index) for index in range(60)]
    assert seen == (expected if order == "asc" else expected[::-1])


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_all_items_are_listed_in_both_orders(
    emulator: Emulator, official: AsyncOpenAI, order: Any
) -> None:
    thread_id = emulator.thread_id(0)
    threads = official.beta.chatkit.threads
    seen = [item.id async for item in threads.list_items(thread_id, order=order, limit=100)]
    conversation = emulator.library.conversation(0)
    expected = [conversation.row(index)["id"] for index in range(2000)]
    assert seen == (expected if order == "asc" else expected[::-1])
    assert len(emulator.requests) == 20


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_all_items_are_listed_backwards_with_before(
    official: AsyncOpenAI, story: str, order: Any
) -> None:
    threads = official.beta.chatkit.threads
    whole = [item.id async for item in threads.list_items(story, order=order)]
    seen = whole[-1:]
    while True:
        page = await threads.list_items(story, order=order, limit=4, before=seen[0])
        seen = [item.id for item in page.data] + seen
        if not page.has_more:
            break
    assert seen == whole


async def test_the_user_filter_reaches_the_emulator(official: AsyncOpenAI) -> None:
    found = [thread async for thread in official.beta.chatkit.threads.list(user="user_48213")]
    assert {thread.user for thread in found} == {"user_48213"}


async def test_a_limit_of_zero_gives_an_empty_page(official: AsyncOpenAI) -> None:
    page = await official.beta.chatkit.threads.list(limit=0)
    assert (page.data, page.has_more, page.last_id) == ([], False, None)


async def test_a_thread_is_retrieved_with_every_field(
    emulator: Emulator, official: AsyncOpenAI, story: str
) -> None:
    thread = await official.beta.chatkit.threads.retrieve(story)
    index = emulator.library.index_of(story)
    assert index is not None
    assert thread.to_dict() == emulator.library.row(index)


async def test_items_have_every_field_that_was_sent(
    emulator: Emulator, official: AsyncOpenAI
) -> None:
    thread_id = emulator.thread_titled("Security training: spot the fake mail")
    index = emulator.library.index_of(thread_id)
    assert index is not None
    conversation = emulator.library.conversation(index)
    page = await official.beta.chatkit.threads.list_items(thread_id, order="asc")
    sent = [conversation.row(number) for number in range(len(conversation))]
    assert [item.to_dict() for item in page.data] == sent


async def test_a_thread_is_deleted(openai: Any, official: AsyncOpenAI, story: str) -> None:
    answer = await official.beta.chatkit.threads.delete(story)
    assert (answer.id, answer.deleted, answer.object) == (story, True, "chatkit.thread.deleted")
    with pytest.raises(openai.NotFoundError):
        await official.beta.chatkit.threads.retrieve(story)


async def test_a_session_is_created_and_cancelled(official: AsyncOpenAI) -> None:
    session = await official.beta.chatkit.sessions.create(
        user="ada",
        workflow={"id": "wf_support", "state_variables": {"plan": "pro", "seats": 3}},
        expires_after={"anchor": "created_at", "seconds": 120},
        rate_limits={"max_requests_per_1_minute": 5},
        chatkit_configuration={"history": {"enabled": True, "recent_threads": 3}},
    )
    assert session.status == "active"
    assert session.workflow.state_variables == {"plan": "pro", "seats": 3}
    assert session.max_requests_per_1_minute == 5
    assert session.chatkit_configuration.history.recent_threads == 3
    cancelled = await official.beta.chatkit.sessions.cancel(session.id)
    assert (cancelled.id, cancelled.status, cancelled.client_secret) == (
        session.id,
        "cancelled",
        "",
    )


ERRORS = [
    ("bad-request", "BadRequestError"),
    ("unauthorized", "AuthenticationError"),
    ("forbidden", "PermissionDeniedError"),
    ("not-found", "NotFoundError"),
    ("conflict", "ConflictError"),
    ("unprocessable", "UnprocessableEntityError"),
    ("rate-limit", "RateLimitError"),
    ("server-error", "InternalServerError"),
    ("overloaded", "InternalServerError"),
    ("proxy-error", "InternalServerError"),
]


@pytest.mark.parametrize(("fault", "error"), ERRORS)
async def test_every_error_class_is_raised(
    emulator: Emulator, openai: Any, official: AsyncOpenAI, fault: str, error: str
) -> None:
    emulator.faults = (fault,)
    with pytest.raises(getattr(openai, error)) as raised:
        await official.beta.chatkit.threads.list()
    assert raised.value.request_id is not None
    assert raised.value.request_id.startswith("req_")


async def test_a_rejection_has_its_code_and_parameter(openai: Any, official: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        await official.beta.chatkit.sessions.cancel("nothing")
    assert (raised.value.code, raised.value.param) == ("invalid_value", "session_id")


async def test_a_wrong_key_is_an_authentication_error(openai: Any, emulator: Emulator) -> None:
    async with openai.AsyncOpenAI(
        api_key="nonsense",
        base_url=DEMO_URL,
        http_client=httpx2.AsyncClient(transport=httpx2.ASGITransport(create_app(emulator))),
    ) as client:
        with pytest.raises(openai.AuthenticationError):
            await client.beta.chatkit.threads.list()


async def test_an_unknown_workflow_is_not_found(openai: Any, official: AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await official.beta.chatkit.sessions.create(user="ada", workflow={"id": "wf_unheard_of"})


async def test_the_sdk_retries_until_the_fault_ends(
    emulator: Emulator, official: AsyncOpenAI
) -> None:
    emulator.faults = ("rate-limit:2",)
    page = await official.with_options(max_retries=2).beta.chatkit.threads.list()
    assert len(page.data) == 20
    assert len(emulator.requests) == 3


# -- synchronous, over a real connection -----------------------------------------------------------


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_threads_and_items_are_listed_over_a_connection(
    served: tuple[Emulator, str], official_sync: OpenAI, order: Any
) -> None:
    emulator, _ = served
    threads = official_sync.beta.chatkit.threads
    seen = [thread.id for thread in threads.list(order=order, limit=25)]
    expected = [emulator.thread_id(index) for index in range(60)]
    assert seen == (expected if order == "asc" else expected[::-1])
    story = emulator.thread_titled("Is the API down in Frankfurt?")
    items = [item.id for item in threads.list_items(story, order=order, limit=3)]
    assert len(items) == len(set(items)) == 8


def test_a_thread_is_retrieved_over_a_connection(
    served: tuple[Emulator, str], official_sync: OpenAI
) -> None:
    emulator, _ = served
    thread = official_sync.beta.chatkit.threads.retrieve(emulator.thread_id(5))
    assert thread.id == emulator.thread_id(5)


def test_a_thread_is_deleted_over_a_connection(openai: Any) -> None:
    emulator = Emulator()
    with (
        serving(emulator) as url,
        openai.OpenAI(api_key=DEMO_KEY, base_url=url, max_retries=0) as client,
    ):
        assert client.beta.chatkit.threads.delete(emulator.thread_id()).deleted
        with pytest.raises(openai.NotFoundError):
            client.beta.chatkit.threads.delete(emulator.thread_id())


def test_a_session_is_created_and_cancelled_over_a_connection(official_sync: OpenAI) -> None:
    session = official_sync.beta.chatkit.sessions.create(user="ada", workflow=WORKFLOW)
    assert session.client_secret
    assert official_sync.beta.chatkit.sessions.cancel(session.id).status == "cancelled"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        *ERRORS,
        ("reset", "APIConnectionError"),
        ("dropped-midway", "APIConnectionError"),
        ("stall", "APITimeoutError"),
    ],
)
def test_every_error_class_is_raised_over_a_connection(openai: Any, fault: str, error: str) -> None:
    emulator = Emulator(faults=[fault])
    patience = 0.5 if fault == "stall" else 60
    with (
        serving(emulator) as url,
        openai.OpenAI(api_key=DEMO_KEY, base_url=url, max_retries=0, timeout=patience) as client,
        pytest.raises(getattr(openai, error)),
    ):
        client.beta.chatkit.threads.list()


def test_each_response_is_delayed_by_the_latency(openai: Any) -> None:
    emulator = Emulator(latency=30)
    with serving(emulator) as url, openai.OpenAI(api_key=DEMO_KEY, base_url=url) as client:
        begun = time.monotonic()
        client.beta.chatkit.threads.list(limit=1)
        assert time.monotonic() - begun >= 0.03
