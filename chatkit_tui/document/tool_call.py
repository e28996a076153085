"""Tool calls: one line with arguments and output, and the values below it."""

from __future__ import annotations

import re
from typing import Final

from chatkit_tui.document.blocks import Block, Indented, Paragraph, indented, text_block
from chatkit_tui.document.from_json import Number, inline_json
from chatkit_tui.document.spans import (
    BUSY,
    DIM,
    DONE,
    ELLIPSIS,
    FAILED,
    FIELD,
    LEADS_TO,
    PLAIN,
    STATUS_UNKNOWN,
    Inline,
    Span,
    Style,
    Symbol,
    data_as_words,
    raw_text,
    untrusted,
)
from chatkit_tui.document.values import (
    LONGEST,
    UnreadableError,
    condensed,
    is_members,
    opened,
    read_value,
    readable_blocks,
)
from chatkit_tui.models.items import ClientToolCall
from chatkit_tui.models.json import JSON, mend
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, take

LONGEST_WORDS: Final = 400
"""Characters of arguments and of output that one line is made of."""
LONGEST_STATUS: Final = 80
"""Cells of a status in front of the whole output."""

_LABEL: Final = 9
"""Cells of the label in front of a value."""
_LEAST_PART: Final = 8
"""Cells of the shortest beginning of a value that is shown."""
_CRAMPED: Final = 24
"""Cells below which the output comes first: its count says more than pieces of arguments."""
_UNREAD: Final = object()
_SPACES: Final = re.compile(r"\s+")
_FAILED_STATUS: Final = frozenset({"failed", "failure", "error", "errored"})
_ERROR_TEXT: Final = re.compile(r"(?:[A-Za-z]\w*)?(?:error|Error|Exception|ERROR)\b\s*:\s*(?=\S)")
_TRACEBACK: Final = "Traceback (most recent call last)"
_MESSAGES: Final = ("message", "msg", "detail", "description", "error_description", "reason")
"""Fields in which APIs usually put the message of an error."""


def tool_status(item: ClientToolCall) -> tuple[Symbol, str]:
    """Return the symbol and the word for a status, or the message of an error.

    An unknown status is shown unchanged.
    """
    error = call_error(item)
    if error is not None:
        return FAILED, error or _failure(item)
    known = {"completed": (DONE, "completed"), "in_progress": (BUSY, "in progress")}
    return known.get(item.status, (STATUS_UNKNOWN, item.status))


def _failure(item: ClientToolCall) -> str:
    """Return what is known of a failure without a message: what was wrong, or the output."""
    word = "failed" if item.status == "completed" else item.status
    if item.arguments.lstrip()[:1] in ("{", "[") and not is_json(item.arguments):
        return f"{word}: its arguments are not JSON"
    output = _read(item.output) if item.output else None
    return f"{word}: {_result(item.output or '')}" if output and isinstance(output, dict) else word


def _name(item: ClientToolCall, symbol: Symbol) -> Inline:
    style = Style("bad" if symbol is FAILED else "tool", bold=True)
    return untrusted(item.name, style) if item.name else Span("no name", DIM)


def tool_title(item: ClientToolCall) -> tuple[Inline, ...]:
    """Return the name of the tool and its status, or the message of its error."""
    symbol, words = tool_status(item)
    most = LONGEST_STATUS if call_error(item) == "" else LONGEST_WORDS
    shown = _shortened(words, most, Style(symbol.role))
    return (_name(item, symbol), Span("  "), *shown)


def tool_line(item: ClientToolCall, room: int) -> tuple[Inline, ...]:
    """Return a call as words that fit into `room` cells if the name does.

    The output takes at least what it needs up to half of what the name leaves, and all of it where
    that is little.
    """
    symbol, words = tool_status(item)
    name = _name(item, symbol)
    room -= cells(sanitize(raw_text((name,))))
    if symbol is FAILED:
        return (name, Span("  "), *_shortened(words, room - 2, Style("bad")))
    end: tuple[Inline, ...] = ()
    if symbol is not DONE:
        end = (Span("  "), untrusted(words, Style(symbol.role)))
    elif item.output is None:
        end = (Span("  no output", DIM),)
    room -= 2 + cells(sanitize(raw_text(end)))
    given = _arguments(item.arguments)
    output = "" if item.output is None or end else _result(item.output)
    if output:
        room -= 3
    most = room - 1 if room < _CRAMPED else max(room // 2, room - _width(given))
    wanted = min(cells(sanitize(output)), most)
    arguments = _fitted(given, room - wanted)
    result: tuple[Inline, ...] = ()
    if output:
        room -= cells(sanitize(raw_text(arguments)))
        result = (LEADS_TO.span(" "), *_shortened(output, max(1, room)))
    return (name, Span("("), *arguments, Span(")"), *result, *end)


def tool_blocks(item: ClientToolCall) -> tuple[Block, ...]:
    """Return the id, the arguments and the output of a call."""
    blocks: list[Block] = []
    if item.call_id:
        blocks.append(Paragraph((_label("call"), untrusted(item.call_id, DIM))))
    blocks += _value("arguments", item.arguments)
    if item.output is not None:
        return (*blocks, *_value("output", item.output))
    word = "none yet" if item.status == "in_progress" else "none"
    return (*blocks, Paragraph((_label("output"), Span(word, DIM))))


def _label(name: str) -> Span:
    return Span(name.ljust(_LABEL) if len(name) < _LABEL else f"{name}  ", FIELD)


def _value(name: str, text: str) -> tuple[Block, ...]:
    """Return JSON text next to its name or below it; text that is not JSON unchanged."""
    label = _label(name)
    if not text:
        return (Paragraph((label, Span("empty", DIM))),)
    value = _read(text)
    if value is _UNREAD:
        style = Style("bad") if text.lstrip()[:1] in ("{", "[") else DIM
        head = Paragraph((Span(f"{name} ", FIELD), Span("(not JSON)", style)))
        return (head, indented(text_block(condensed(text) or text)))
    blocks = readable_blocks(text)
    if value is None or is_members(value):
        return (Paragraph((Span(name, FIELD),)), indented(*blocks))
    return (Indented(blocks, label, Span(" " * len(label.text), DIM)),)


def is_json(text: str) -> bool:
    """Return whether a text is JSON; also for one that is too long to be read."""
    return _read(text) is not _UNREAD


def _read(text: str) -> JSON:
    """Return the value of JSON text; None if it is not readable, `_UNREAD` if it is not JSON."""
    if len(text) > LONGEST:
        return None
    try:
        value = read_value(text)
    except UnreadableError:
        return None
    except ValueError:
        return _UNREAD
    return opened(value)


# -- errors ----------------------------------------------------------------------------------------


def call_error(item: ClientToolCall) -> str | None:
    """Return the message of a failed call; "" if its output has none.

    Return None if neither the status nor the output shows that the call failed.
    """
    failed = item.status.lower() in _FAILED_STATUS
    text = item.output or ""
    if not text or item.status == "in_progress":
        return "" if failed else None
    value = _read(text)
    if value is _UNREAD or isinstance(value, str):
        message = text if value is _UNREAD else str(value)
        return _text_error(message) or (_first_words(message) if failed else None)
    if not isinstance(value, dict):
        return "" if failed else None
    for found in (value.get("error"), value.get("errors")):
        if _is_words(found):
            return _message(found) or _message(value) or ""
    if failed or _says_failed(value):
        return _message(value) or ""
    return None


def _says_failed(value: dict[str, JSON]) -> bool:
    """Return whether an output is that of a failure: a flag, or a status code from 400 on."""
    flags = [value.get(name) for name in ("ok", "success")]
    if any(flag is False for flag in flags) or value.get("error") is True:
        return True
    if value.get("is_error") is True or value.get("isError") is True:
        return True
    for name in ("status", "status_code", "statusCode"):
        code = value.get(name)
        if isinstance(code, Number) and len(code) == 3 and code[:1] in "45":
            return True
    return str(value.get("status")).lower() in _FAILED_STATUS


def _message(value: JSON) -> str | None:
    """Return the message of an error if it is at a usual place."""
    for _ in range(3):
        value = opened(value)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str):
            return _first_words(value) or None
        if not isinstance(value, dict):
            return None
        names = (*_MESSAGES, "error", "errors", "title", "code", "type")
        value = next((value[name] for name in names if _is_words(value.get(name))), None)
    return _first_words(value) if isinstance(value, str) else None


def _is_words(value: JSON) -> bool:
    return bool(value) and isinstance(value, str | dict | list) and not isinstance(value, Number)


def _text_error(text: str) -> str | None:
    """Return the message of a text that begins as errors do; the last line of a traceback."""
    start = text[: 4 * LONGEST_WORDS].lstrip()
    if start.startswith(_TRACEBACK):
        return _first_words(text.rstrip()[-LONGEST_WORDS:].rpartition("\n")[2])
    return _first_words(start) if _ERROR_TEXT.match(start) else None


# -- words for one line ----------------------------------------------------------------------------


def _first_words(text: str) -> str:
    start = text[:LONGEST_WORDS]
    if "data:" in start:
        start = data_as_words(text)[:LONGEST_WORDS]
    return _SPACES.sub(" ", mend(start)).strip()


def _arguments(text: str) -> list[tuple[str, str]]:
    """Return names and values of the arguments; one value without a name if they are not an
    object."""
    value = _read(text) if text else {}
    if isinstance(value, dict):
        return [(_first_words(name), _word(entry)) for name, entry in value.items()]
    return [("", _first_words(text) if value in (_UNREAD, None) else _word(value))]


def _word(value: JSON) -> str:
    """Return a value on one line, cut after `LONGEST_WORDS` characters."""
    if isinstance(value, str) and (short := condensed(value)):
        return short
    value = opened(value)
    if isinstance(value, str) and not isinstance(value, Number):
        return f'"{_first_words(value)}"'
    words: list[str] = []
    size = 0
    for span in inline_json(value):
        words.append(raw_text((span,)))
        size += len(words[-1])
        if size > LONGEST_WORDS:
            break
    return "".join(words)


def _result(text: str) -> str:
    """Return the number of entries of a list that the output is, else its first words."""
    value = _read(text) if text else _UNREAD
    if value is _UNREAD or value is None:
        return condensed(text) or _first_words(text)
    if isinstance(value, list):
        return _counted(len(value), "entries")
    if isinstance(value, dict):
        lists = [name for name, entry in value.items() if isinstance(entry, list)]
        if len(lists) == 1:
            return _counted(len(value[lists[0]]), _first_words(lists[0]).replace("_", " "))
        return ", ".join(f"{_first_words(name)}: {_word(entry)}" for name, entry in value.items())
    return _first_words(value) if isinstance(value, str) else _word(value)


def _counted(count: int, noun: str) -> str:
    if count == 1 and noun.endswith("ies"):
        noun = noun.removesuffix("ies") + "y"
    elif count == 1 and noun.endswith("s") and not noun.endswith("ss"):
        noun = noun.removesuffix("s")
    return f"{count:,} {noun}"


def _shortened(text: str, room: int, style: Style = PLAIN) -> tuple[Inline, ...]:
    """Return text in at most `room` cells, at least an ellipsis."""
    shown = sanitize(text)
    if cells(shown) <= room:
        return (untrusted(text, style),)
    return (untrusted(take(shown, max(0, room - 1)).rstrip(), style), ELLIPSIS.span(after=""))


def _width(given: list[tuple[str, str]]) -> int:
    return sum(2 + cells(sanitize(_argument(*pair))) for pair in given) - 2 if given else 0


def _argument(name: str, value: str) -> str:
    return f"{name}: {value}" if name else value


def _fitted(given: list[tuple[str, str]], room: int) -> tuple[Inline, ...]:
    """Return as many arguments as fit: a value that does not is cut, or an ellipsis."""
    spans: list[Inline] = []
    for number, (name, value) in enumerate(given):
        following = _width(given[number + 1 :])
        rest = 0 if number == len(given) - 1 else 2 + min(following, 1 if following > 24 else 24)
        if spans:
            spans.append(Span(", "))
            room -= 2
        whole, head = _argument(name, value), f"{name}: " if name else ""
        shown, least = cells(sanitize(whole)), cells(sanitize(head))
        cut = _LEAST_PART if value[:1] not in ("{", "[") else shown
        if shown + rest <= room or least + cut + rest <= room:
            spans += _shortened(whole, room - rest)
            room -= min(shown, room - rest)
        elif least + 1 + rest <= room:
            spans += (untrusted(head), ELLIPSIS.span(after=""))
            room -= least + 1
        else:
            spans.append(ELLIPSIS.span(after=""))
            break
    return tuple(spans)
