"""What is sent to the terminal beside frames, and what is never sent."""

from __future__ import annotations

import re

import pytest

from chatkit_tui.terminal.renderer import Renderer
from tests.terminal.two_screens import Terminal, TwoScreens


def renderer() -> tuple[Renderer, list[str]]:
    sent: list[str] = []
    return Renderer(sent.append, size=(20, 4), erases_in_color=True), sent


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b]52;c;aGVsbG8=\x07",
        "\x1b]22;pointer\x1b\\",
        "\x1b[?1049h",
        "\x1b[?1003h",
        "\x1b[>11u",
        "\x1b[?2026$p",
        "\x1b[?25l",
        "\x07",
        "\x1bPtmux;\x1b\\",
    ],
)
def test_sequences_that_do_not_draw_are_passed_on_at_once_and_unchanged(sequence: str) -> None:
    way, sent = renderer()
    way.write(f"\x1b[1;1Hsome words{sequence}")
    assert sent == [sequence]


def test_control_characters_outside_sequences_are_dropped() -> None:
    way, sent = renderer()
    way.write("\x1b[1;1Ha\x9b31mb\x08\x0e\x00\x7f\x1b")
    way.draw(0)
    assert sent == ["\x1b[r\x1b[m\x1b[H\x1b[Ja31mb"]


def test_long_frames_are_marked_if_the_terminal_supports_it() -> None:
    way, sent = renderer()
    way.write("\x1b[?2026h\x1b[1;1Hshort\x1b[?2026l")
    way.draw(0)
    assert "2026" not in sent[0]
    long = "".join(
        f"\x1b[{line};1H" + "".join(f"\x1b[3{n % 8}mx" for n in range(20)) for line in (1, 2, 3, 4)
    )
    way.write(f"\x1b[?2026h{long}\x1b[m\x1b[?2026l")
    way.draw(0)
    assert sent[1].startswith("\x1b[?2026h")
    assert sent[1].endswith("\x1b[?2026l")


def test_the_end_of_a_frame_alone_does_not_prove_support() -> None:
    way, sent = renderer()
    way.write("\x1b[?2026l")
    long = "".join(
        f"\x1b[{line};1H" + "".join(f"\x1b[3{n % 8}mx" for n in range(20)) for line in (1, 2, 3, 4)
    )
    way.write(long)
    way.draw(0)
    assert "2026" not in sent[0]


def test_a_link_over_two_rows_is_one_link() -> None:
    way, sent = renderer()
    for line, identifier in ((1, "81"), (2, "92")):
        way.write(
            f"\x1b[{line};1H\x1b]8;id={identifier};https://a.example/\x1b\\words\x1b]8;;\x1b\\"
        )
    way.draw(0)
    identifiers = set(re.findall("id=([^;]*);https", sent[0]))
    assert len(identifiers) == 1


@pytest.mark.parametrize("cluster", ["👩‍👩‍👧", "☂️", "🇫🇷", "e\u0301", "🫨", "❤️"])
def test_text_after_a_character_of_doubtful_width_is_placed_explicitly(cluster: str) -> None:
    """The rest of the row is right whatever width the terminal gives the character."""
    way, sent = renderer()
    way.write(f"\x1b[1;1Hab{cluster}cd\x1b[1;1H")
    way.draw(0)
    for width in (1, 2, 4):
        terminal = Terminal(20, 4)
        terminal.write("".join(sent).replace(cluster, "#" * width))
        place = sum(1 for cell in terminal.seen()[0] if cell.text == "#")
        shown = "".join(cell.text for cell in terminal.seen()[0])
        assert shown.index("cd") in (3, 4), shown
        assert place


def test_a_cell_that_a_terminal_drew_too_wide_is_erased_with_its_character() -> None:
    way, sent = renderer()
    way.write("\x1b[1;1Hab☂️cd\x1b[1;1H")
    way.draw(0)
    way.write("\x1b[1;1Hab  cd\x1b[1;1H")
    way.draw(0)
    terminal = Terminal(20, 4)
    terminal.write("".join(sent).replace("☂️", "####"))
    assert "#" not in "".join(cell.text for cell in terminal.seen()[0])


def test_the_cursor_is_left_where_textual_puts_it() -> None:
    screens = TwoScreens(20, 4)
    screens.frame("\x1b[2;1Hname: x\x1b[2;8H")
    assert screens.rendered.cursor == screens.direct.cursor
    screens.frame("\x1b[2;1Hname: x\x1b[2;7H")
    assert screens.rendered.cursor == screens.direct.cursor


_MARKS = dict.fromkeys(map(ord, "ीि"), "#")
"""Marks of no width in Textual; xterm and tmux give each a cell."""


def test_marks_that_a_terminal_draws_in_their_own_cell_are_not_overwritten() -> None:
    way, sent = renderer()
    way.write("\x1b[1;1Hटीम लिए न   \x1b[2mend\x1b[m\x1b[1;1H")
    way.draw(0)
    terminal = Terminal(20, 4)
    terminal.write("".join(sent).translate(_MARKS))
    assert terminal.line(0) == "ट#म ल#ए न end"
    # The text after them moves with them.
    way.write("\x1b[1;1Hटीम लिए अ   \x1b[2mend\x1b[m\x1b[1;1H")
    way.draw(0)
    terminal.write(sent[-1].translate(_MARKS))
    assert terminal.line(0) == "ट#म ल#ए अ end"
