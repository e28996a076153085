"""Sessions: arguments that are checked, and responses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_tui.errors import InvalidArgumentError, ReadOnlyError
from chatkit_tui.models.sessions import ExpiresAfter, WorkflowRequest
from tests.sources.scripted import SESSION, ScriptedServer, answer, client_of

WORKFLOW = {"id": "wf_1"}


def files(**fields: Any) -> dict[str, Any]:
    return {"chatkit_configuration": {"file_upload": fields}}


NO_STATE: tuple[Any, ...] = (None, [], {}, float("nan"), float("inf"))

WRONG: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("user", {"user": ""}, "user", "at least 1 character"),
    ("user text", {"user": 7}, "user", "text"),
    ("workflow", {"workflow": {}}, "workflow.id", "required"),
    ("workflow id", {"workflow": {"id": ""}}, "workflow.id", "at least 1 character"),
    ("seconds low", {"expires_after": {"seconds": 0}}, "expires_after.seconds", "at least 1"),
    ("seconds high", {"expires_after": {"seconds": 601}}, "expires_after.seconds", "at most 600"),
    ("seconds part", {"expires_after": {"seconds": 1.5}}, "expires_after.seconds", "whole number"),
    ("seconds truth", {"expires_after": {"seconds": True}}, "expires_after.seconds", "whole"),
    ("bare number", {"expires_after": 600}, "expires_after", "object"),
    (
        "anchor",
        {"expires_after": {"anchor": "now", "seconds": 1}},
        "expires_after.anchor",
        "created_at",
    ),
    (
        "rate",
        {"rate_limits": {"max_requests_per_1_minute": 0}},
        "rate_limits.max_requests_per_1_minute",
        "at least 1",
    ),
    ("old rate", {"rate_limits": {"per_minute": 3}}, "rate_limits.per_minute", "not a field"),
    (
        "size low",
        files(max_file_size=0),
        "chatkit_configuration.file_upload.max_file_size",
        "at least 1",
    ),
    (
        "size high",
        files(max_file_size=513),
        "chatkit_configuration.file_upload.max_file_size",
        "at most 512",
    ),
    ("files", files(max_files=0), "chatkit_configuration.file_upload.max_files", "at least 1"),
    ("enabled", files(enabled="yes"), "chatkit_configuration.file_upload.enabled", "true or false"),
    (
        "history",
        {"chatkit_configuration": {"history": {"recent_threads": 0}}},
        "chatkit_configuration.history.recent_threads",
        "at least 1",
    ),
    (
        "many variables",
        {"workflow": {**WORKFLOW, "state_variables": {str(n): n for n in range(65)}}},
        "workflow.state_variables",
        "at most 64",
    ),
    (
        "long name",
        {"workflow": {**WORKFLOW, "state_variables": {"n" * 65: 1}}},
        "workflow.state_variables." + "n" * 65,
        "at most 64 characters",
    ),
    *(
        (
            f"variable {value!r}",
            {"workflow": {**WORKFLOW, "state_variables": {"plan": value}}},
            "workflow.state_variables.plan",
            "text, a number, true or false",
        )
        for value in NO_STATE
    ),
)


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [row[1:] for row in WRONG],
    ids=[row[0] for row in WRONG],
)
async def test_an_argument_over_a_limit_is_rejected_with_the_limit(
    fields: dict[str, Any], param: str, words: str
) -> None:
    server = ScriptedServer(answer(SESSION))
    async with client_of(server) as client:
        with pytest.raises(InvalidArgumentError) as caught:
            await client.sessions.create(**{"user": "ada", "workflow": WORKFLOW, **fields})
    assert caught.value.param == param
    assert str(caught.value).startswith(param)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_after": {"seconds": 1}},
        {"expires_after": {"seconds": 600}},
        {"rate_limits": {"max_requests_per_1_minute": 1}},
        files(max_file_size=1, max_files=1),
        files(max_file_size=512),
        {"workflow": {**WORKFLOW, "state_variables": {str(n): n for n in range(64)}}},
        {"workflow": {**WORKFLOW, "state_variables": {"n" * 64: 1.5}}},
    ],
)
async def test_arguments_at_the_limits_are_sent(fields: dict[str, Any]) -> None:
    server = ScriptedServer(answer(SESSION))
    async with client_of(server) as client:
        await client.sessions.create(**{"user": "ada", "workflow": WORKFLOW, **fields})
    assert len(server.requests) == 1


async def test_unset_arguments_are_not_sent() -> None:
    server = ScriptedServer(answer(SESSION))
    async with client_of(server) as client:
        await client.sessions.create(
            user="ada",
            workflow=WorkflowRequest(id="wf_1"),
            expires_after=ExpiresAfter(seconds=60),
            chatkit_configuration={"history": {"enabled": None}},
        )
    assert json.loads(server.requests[0].content) == {
        "user": "ada",
        "workflow": {"id": "wf_1"},
        "expires_after": {"anchor": "created_at", "seconds": 60},
        "chatkit_configuration": {"history": {}},
    }


async def test_an_extra_body_that_is_not_json_is_rejected() -> None:
    async with client_of(ScriptedServer(answer(SESSION))) as client:
        with pytest.raises(InvalidArgumentError) as caught:
            await client.sessions.create(user="ada", workflow=WORKFLOW, extra_body={"a": {1, 2}})
    assert caught.value.param == "extra_body"


async def test_a_new_session_has_its_secret_without_showing_it() -> None:
    async with client_of(ScriptedServer(answer(SESSION))) as client:
        session = await client.sessions.create(user="ada", workflow=WORKFLOW)
    assert session.client_secret is not None
    assert session.client_secret.reveal() == "ek_verysecret"
    assert "ek_verysecret" not in repr(session)


async def test_a_session_without_an_id_is_accepted() -> None:
    server = ScriptedServer(answer({"client_secret": "ek_1", "scope": {"project": "alpha"}}))
    async with client_of(server) as client:
        session = await client.sessions.create(user="ada", workflow=WORKFLOW)
    assert (session.id, session.scope) == ("", {"project": "alpha"})


async def test_an_empty_client_secret_on_cancel_is_no_error() -> None:
    server = ScriptedServer(answer({**SESSION, "status": "cancelled", "client_secret": ""}))
    async with client_of(server) as client:
        session = await client.sessions.cancel("cksess_1")
    assert session.status == "cancelled"


async def test_read_only_mode_creates_no_session() -> None:
    server = ScriptedServer(answer(SESSION))
    async with client_of(server, read_only=True) as client:
        with pytest.raises(ReadOnlyError):
            await client.sessions.create(user="ada", workflow=WORKFLOW)
    assert server.requests == []


async def test_read_only_mode_cancels_no_session() -> None:
    server = ScriptedServer(answer(SESSION))
    async with client_of(server, read_only=True) as client:
        with pytest.raises(ReadOnlyError):
            await client.sessions.cancel("cksess_1")
    assert server.requests == []
