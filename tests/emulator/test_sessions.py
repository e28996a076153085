"""The fields of a session are checked; sessions expire and are cancelled."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from chatkit_tui.emulator import DEMO_NOW, WORKFLOWS, Emulator
from tests.emulator.conftest import MakeWire

LEAST: dict[str, Any] = {"user": "ada", "workflow": {"id": WORKFLOWS[0]}}


def with_field(path: str, value: object) -> dict[str, Any]:
    """Return the smallest body with another field; a dotted path creates objects."""
    body: dict[str, Any] = {"user": "ada", "workflow": {"id": WORKFLOWS[0]}}
    *parents, last = path.split(".")
    place = body
    for parent in parents:
        place = place.setdefault(parent, {})
    if last == "seconds":
        place["anchor"] = "created_at"
    elif last == "anchor":
        place["seconds"] = 60
    place[last] = value
    return body


async def test_a_session_has_every_documented_default(wire: httpx.AsyncClient) -> None:
    response = await wire.post("chatkit/sessions", json=LEAST)
    assert response.status_code == 200
    session = response.json()
    assert session.pop("id").startswith("cksess_")
    assert session.pop("client_secret").startswith("ek_")
    assert session == {
        "object": "chatkit.session",
        "status": "active",
        "user": "ada",
        "workflow": {
            "id": WORKFLOWS[0],
            "version": None,
            "state_variables": None,
            "tracing": {"enabled": True},
        },
        "expires_at": DEMO_NOW + 600,
        "rate_limits": {"max_requests_per_1_minute": 10},
        "max_requests_per_1_minute": 10,
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": True},
            "file_upload": {"enabled": False, "max_file_size": 512, "max_files": 10},
            "history": {"enabled": True, "recent_threads": None},
        },
    }


async def test_a_session_has_the_requested_values(wire: httpx.AsyncClient) -> None:
    body = {
        "user": "ada",
        "workflow": {
            "id": WORKFLOWS[1],
            "version": "7",
            "state_variables": {"text": "x", "whole": 1, "part": 0.5, "yes": True},
            "tracing": {"enabled": False},
        },
        "expires_after": {"anchor": "created_at", "seconds": 60},
        "rate_limits": {"max_requests_per_1_minute": 3},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 1, "max_files": 2},
            "history": {"enabled": False, "recent_threads": 4},
        },
    }
    session = (await wire.post("chatkit/sessions", json=body)).json()
    assert session["workflow"] == body["workflow"]
    assert session["expires_at"] == DEMO_NOW + 60
    assert session["rate_limits"] == body["rate_limits"]
    assert session["max_requests_per_1_minute"] == 3
    assert session["chatkit_configuration"] == body["chatkit_configuration"]


@pytest.mark.parametrize("missing", ["user", "workflow"])
async def test_user_and_workflow_are_required(wire: httpx.AsyncClient, missing: str) -> None:
    body = {name: value for name, value in LEAST.items() if name != missing}
    response = await wire.post("chatkit/sessions", json=body)
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["param"], error["code"]) == (missing, "missing_required_parameter")


async def test_an_unknown_workflow_is_not_found(wire: httpx.AsyncClient) -> None:
    body = {"user": "ada", "workflow": {"id": "wf_unheard_of"}}
    response = await wire.post("chatkit/sessions", json=body)
    assert response.status_code == 404
    assert "wf_unheard_of" in response.json()["error"]["message"]


UPLOAD, HISTORY = "chatkit_configuration.file_upload", "chatkit_configuration.history"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("user", ""),
        ("user", 7),
        ("workflow", "wf_support"),
        ("workflow.id", ""),
        ("workflow.version", 3),
        ("workflow.tracing", True),
        ("workflow.tracing.enabled", "yes"),
        ("workflow.state_variables", ["a"]),
        ("workflow.state_variables", {str(number): 1 for number in range(65)}),
        ("workflow.state_variables", {"k" * 65: 1}),
        ("expires_after", 60),
        ("expires_after.seconds", 0),
        ("expires_after.seconds", 601),
        ("expires_after.seconds", 1.5),
        ("expires_after.anchor", "last_used"),
        ("rate_limits", 10),
        ("rate_limits.max_requests_per_1_minute", 0),
        ("chatkit_configuration.automatic_thread_titling.enabled", 1),
        (f"{UPLOAD}.max_file_size", 0),
        (f"{UPLOAD}.max_file_size", 513),
        (f"{UPLOAD}.max_files", 0),
        (f"{UPLOAD}.enabled", "on"),
        (f"{HISTORY}.recent_threads", 0),
        (f"{HISTORY}.enabled", "off"),
    ],
)
async def test_the_rejection_of_a_value_names_its_parameter(
    wire: httpx.AsyncClient, path: str, value: object
) -> None:
    response = await wire.post("chatkit/sessions", json=with_field(path, value))
    assert response.status_code == 400
    assert response.json()["error"]["param"] == path


@pytest.mark.parametrize("value", [None, ["a"], {"b": 1}])
async def test_a_state_variable_is_a_string_number_or_boolean(
    wire: httpx.AsyncClient, value: object
) -> None:
    body = with_field("workflow.state_variables", {"state": value})
    response = await wire.post("chatkit/sessions", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == "workflow.state_variables.state"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("expires_after.seconds", 1),
        ("expires_after.seconds", 600),
        ("rate_limits.max_requests_per_1_minute", 1),
        (f"{UPLOAD}.max_file_size", 1),
        (f"{UPLOAD}.max_file_size", 512),
        (f"{UPLOAD}.max_files", 1),
        (f"{HISTORY}.recent_threads", 1),
        ("workflow.state_variables", {str(number): 1 for number in range(64)}),
        ("workflow.state_variables", {"k" * 64: ""}),
    ],
)
async def test_the_limits_themselves_are_allowed(
    wire: httpx.AsyncClient, path: str, value: object
) -> None:
    response = await wire.post("chatkit/sessions", json=with_field(path, value))
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path", ["scope", "rate_limits.per_minute", "workflow.name", f"{UPLOAD}.types"]
)
async def test_an_unknown_parameter_is_rejected(wire: httpx.AsyncClient, path: str) -> None:
    response = await wire.post("chatkit/sessions", json=with_field(path, 1))
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["param"], error["code"]) == (path, "unknown_parameter")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"user"', b"\xff"])
async def test_a_body_that_is_no_object_is_rejected(wire: httpx.AsyncClient, body: bytes) -> None:
    assert (await wire.post("chatkit/sessions", content=body)).status_code == 400


async def test_a_cancelled_session_has_no_secret_any_more(wire: httpx.AsyncClient) -> None:
    session = (await wire.post("chatkit/sessions", json=LEAST)).json()
    response = await wire.post(f"chatkit/sessions/{session['id']}/cancel")
    assert response.status_code == 200
    assert response.json() == {**session, "status": "cancelled", "client_secret": ""}


async def test_a_session_can_be_cancelled_twice(wire: httpx.AsyncClient) -> None:
    session = (await wire.post("chatkit/sessions", json=LEAST)).json()
    first = await wire.post(f"chatkit/sessions/{session['id']}/cancel")
    second = await wire.post(f"chatkit/sessions/{session['id']}/cancel")
    assert second.json() == first.json()


async def test_a_session_expires_by_the_clock(make_wire: MakeWire) -> None:
    now = [1_800_000_000.0]
    wire = make_wire(Emulator(clock=lambda: now[0]))
    body = with_field("expires_after.seconds", 30)
    session = (await wire.post("chatkit/sessions", json=body)).json()
    assert session["expires_at"] == 1_800_000_030
    now[0] += 30
    answer = (await wire.post(f"chatkit/sessions/{session['id']}/cancel")).json()
    assert answer["status"] == "expired"


async def test_a_session_id_begins_with_its_prefix(wire: httpx.AsyncClient) -> None:
    response = await wire.post("chatkit/sessions/id/cancel")
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["param"], error["code"]) == ("session_id", "invalid_value")


async def test_an_unknown_session_is_not_found(wire: httpx.AsyncClient) -> None:
    assert (await wire.post("chatkit/sessions/cksess_1/cancel")).status_code == 404
