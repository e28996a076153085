"""API keys that are typed or pasted as an id or a name are not sent."""

from __future__ import annotations

import pytest

from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.requests import Request, Response
from tests.ui.conftest import Start

TYPED = (
    DEMO_KEY,  # which the client uses
    "sk-proj-abcd1234efgh",
    "https://platform.openai.com/logs/sk-proj-abcd1234efgh",
    "ek_68e59d0a1b2c3d4e",
)


@pytest.mark.parametrize("command", ["go_to", "user"])
async def test_a_key_entered_for_an_id_or_a_user_is_rejected_in_one_line(
    command: str, start: Start, emulator: Emulator
) -> None:
    async with start(110, 24) as driver:
        for text in TYPED:
            await driver.browse.act(BY_ID[command])
            await driver.settle()
            before = len(emulator.requests)
            await (driver.type(text) if text == DEMO_KEY else driver.paste(text))
            await driver.press("enter")
            assert "that holds a key or a client secret: nothing was sent" in driver.frame()
            assert len(emulator.requests) == before
            await driver.press("backspace")
            assert "that holds a key" not in driver.frame()
            await driver.press("escape")
        assert driver.browse.threads.user is None


async def test_a_key_typed_for_a_session_is_rejected_in_one_line(
    start: Start, emulator: Emulator
) -> None:
    async with start(110, 40) as driver:
        await driver.press("s", "x")
        before = len(emulator.requests)
        await driver.type(TYPED[0])
        await driver.press("enter")
        assert "That holds a key or a client secret: nothing was sent." in driver.frame()
        await driver.press("escape", "n")
        await driver.paste(f"ada {TYPED[1]}")
        await driver.press("tab")
        await driver.paste("wf_support")
        await driver.press("ctrl+s")
        assert "User must not hold a key or a client secret" in driver.frame()
        assert len(emulator.requests) == before


async def test_a_key_in_a_conversation_is_marked_where_it_stood(start: Start) -> None:
    class Echo(Emulator):
        """An API whose messages repeat the key of the request."""

        async def respond(self, request: Request) -> Response:
            answer = await super().respond(request)
            escaped = "".join(f"\\u{ord(letter):04x}" for letter in DEMO_KEY)
            body = answer.payload().replace(b'"text":"', f'"text":"{escaped} '.encode())
            return answer._replace(body=body)

    async with start(110, 40, emulator=Echo()) as driver:
        await driver.press("enter")
        assert "[API key redacted]" in driver.frame()
        assert DEMO_KEY not in driver.frame()
        await driver.press("i")
        assert '"text"' in driver.frame()
        assert "[API key redacted]" in driver.frame()
        assert DEMO_KEY not in driver.frame()
