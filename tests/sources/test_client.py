"""The client as a whole, with the emulator behind it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from chatkit_tui.errors import ConfigError, NotFoundError
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.scripted import KEY, THREAD, ScriptedServer, answer, client_of


def test_a_client_without_a_key_names_the_variable_to_set() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        ChatKitClient()


async def test_the_environment_is_that_of_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8123/v1")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_1")
    server = ScriptedServer(answer(THREAD))
    async with ChatKitClient(transport=server) as client:
        await client.threads.retrieve("cthr_1")
        assert (client.organization, client.project) == ("org-1", "proj_1")
    [request] = server.requests
    assert str(request.url) == "http://localhost:8123/v1/chatkit/threads/cthr_1"
    assert request.headers["openai-organization"] == "org-1"


def test_a_client_shows_its_address_and_the_end_of_its_key() -> None:
    client = client_of(ScriptedServer(answer()), base_url="https://gateway.test/v1/")
    assert (client.base_url, client.key_hint) == ("https://gateway.test/v1", "WXYZ")
    assert KEY not in repr(client)
    assert "WXYZ" in repr(client)


def test_a_negative_number_of_retries_is_rejected() -> None:
    with pytest.raises(ConfigError, match="max_retries"):
        client_of(ScriptedServer(answer()), max_retries=-1)


# -- the emulator behind it ------------------------------------------------------------------------


async def test_every_thread_of_the_emulator_is_listed_once(client: ChatKitClient) -> None:
    forward = [thread.id async for thread in client.threads.list(limit=7, order="asc")]
    backward = [thread.id async for thread in client.threads.list(limit=100)]
    assert forward == backward[::-1]
    assert len(forward) == len(set(forward)) == 60


async def test_a_thread_is_found_read_and_deleted(client: ChatKitClient) -> None:
    newest = (await client.threads.list(limit=1)).data[0]
    assert (await client.threads.retrieve(newest.id)).raw == newest.raw
    items = [item async for item in client.threads.list_items(newest.id, limit=3)]
    assert {item.thread_id for item in items} <= {newest.id}
    assert (await client.threads.delete(newest.id)).deleted
    with pytest.raises(NotFoundError, match=newest.id):
        await client.threads.retrieve(newest.id)


async def test_a_session_is_made_and_cancelled(client: ChatKitClient) -> None:
    made = await client.sessions.create(user="ada", workflow={"id": "wf_support"})
    assert (made.status, made.user) == ("active", "ada")
    assert (await client.sessions.cancel(made.id)).status == "cancelled"


async def test_no_row_of_the_emulator_has_a_problem(
    make_client: Callable[..., ChatKitClient],
) -> None:
    client = make_client()
    async for thread in client.threads.list(limit=100):
        assert not thread.problems


OLD_IMPORT = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    from chatkit_tui.api import ChatKitClient
from chatkit_tui.sources.openai import ChatKitClient as moved
assert ChatKitClient is moved
[warning] = [w for w in caught if "chatkit_tui" in str(w.message)]
assert warning.category is DeprecationWarning
assert warning.filename == "<string>"
print(warning.message)
"""


def test_the_former_import_works_with_a_warning() -> None:
    command = [sys.executable, "-c", OLD_IMPORT]
    ran = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - our own
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "chatkit_tui.api has moved to chatkit_tui.sources.openai\n"
