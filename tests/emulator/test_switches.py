"""Faults are activated by name, for all requests or some, at any time."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.faults import FAULTS
from chatkit_tui.emulator.requests import OPERATIONS


async def statuses(wire: httpx.AsyncClient, *requests: tuple[str, str]) -> list[int]:
    return [(await wire.request(method, path)).status_code for method, path in requests]


LIST, NONE = ("GET", "chatkit/threads"), ("GET", "chatkit/threads/cthr_none")
DELETE = ("DELETE", "chatkit/threads/cthr_none")


async def test_a_bare_name_affects_every_request(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("conflict",)
    assert await statuses(wire, LIST, NONE, LIST, DELETE) == [409, 409, 409, 409]


async def test_a_number_affects_only_the_first_requests(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("conflict:2",)
    assert await statuses(wire, LIST, LIST, LIST) == [409, 409, 200]


async def test_a_call_limits_a_fault_to_it(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("conflict@threads.list",)
    assert await statuses(wire, NONE, LIST) == [404, 409]


async def test_a_method_limits_a_fault_to_it(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("conflict@DELETE",)
    assert await statuses(wire, LIST, DELETE) == [200, 409]


async def test_only_requests_of_the_call_are_counted(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("conflict:1@threads.list",)
    assert await statuses(wire, NONE, LIST, LIST) == [404, 409, 200]


async def test_faults_follow_each_other(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("overloaded:1", "conflict:2")
    assert await statuses(wire, LIST, LIST, LIST) == [503, 409, 200]


async def test_faults_of_content_add_up(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("no-status", "no-title", "no-has-more")
    page = (await wire.get("chatkit/threads")).json()
    assert "has_more" not in page
    assert not {"status", "title"} & set(page["data"][0])


async def test_faults_can_be_switched_off(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("conflict",)
    emulator.faults = ()
    assert await statuses(wire, LIST) == [200]


@pytest.mark.parametrize(
    "name",
    ["", "no-such-fault", "conflict:", "conflict:x", "conflict@", "conflict@threads", "Conflict"],
)
def test_an_unknown_name_is_rejected_with_the_reason(name: str) -> None:
    with pytest.raises(ValueError, match=r"no fault|after the (colon|@)"):
        Emulator(faults=[name])


def test_every_fault_has_a_name_a_summary_and_known_operations() -> None:
    for name, fault in FAULTS.items():
        assert name == fault.name
        assert name.replace("-", "").isalnum()
        assert name == name.lower()
        assert fault.summary
        assert "\n" not in fault.summary
        assert set(fault.operations) <= set(OPERATIONS)
        assert fault.operations


def test_every_fault_has_its_own_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*fault*.py"))
    assert [name for name in FAULTS if f'"{name}' not in tests] == []
