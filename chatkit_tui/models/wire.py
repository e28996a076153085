"""How a value is read from the wire: JSON in, a model out, and nothing that came is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple, Self, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr, ValidationError

JSON: TypeAlias = Any
"""A JSON value as `json.loads` makes it: dict, list, str, int, float, bool or None."""

LAST_SECOND = 253_402_300_799
"""31 December 9999, 23:59:59 UTC: the last second that a calendar can show."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Problem(NamedTuple):
    """A field that did not fit: its dotted path, why, and the value as it came."""

    path: str
    reason: str
    value: JSON


def load_json(raw: bytes | str) -> JSON:
    """Parse JSON text as ChatKit servers write it.

    Control characters inside strings are data. A lone surrogate, which no encoding of Unicode
    can carry on, becomes the visible text `⟨U+D800⟩`. Raises `ValueError` when it is not JSON
    and `RecursionError` when it is nested deeper than the interpreter can follow.
    """
    text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    value = json.loads(text, strict=False)
    if "\\ud" in text or "\\uD" in text:
        value = _mend(value)
    return value


def _mend(value: JSON) -> JSON:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", value)
    if isinstance(value, list):
        return [_mend(entry) for entry in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(entry) for key, entry in value.items()}
    return value


def dump_json(value: JSON) -> str:
    """The compact text of a JSON value, other scripts readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class WireModel(BaseModel):
    """The base of every model: frozen, tolerant, and aware of where it came from.

    Unknown fields are kept (`model_extra`). Every field of a model read from the wire has a
    default, because a missing field is never a reason to hide the rest.
    """

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        defer_build=True,
        coerce_numbers_to_str=True,
        protected_namespaces=(),
    )

    _raw: bytes = PrivateAttr(default=b"")
    _problems: tuple[Problem, ...] = PrivateAttr(default=())

    @property
    def raw(self) -> bytes:
        """The JSON text that this came from, byte for byte; empty for a nested value."""
        return self._raw

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The fields that were set aside because they did not fit."""
        return self._problems

    @classmethod
    def read(
        cls, value: Mapping[str, JSON], *, raw: bytes = b"", problems: tuple[Problem, ...] = ()
    ) -> Self:
        """Make a model of a JSON object, setting aside the fields that do not fit.

        `raw` is the text it was parsed from, `problems` what is known to be wrong with it already.
        Raises `ValueError` when a required field is missing, as content parts have them.
        """
        try:
            made = cls.model_validate(value)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            misfits = {str(fault["loc"][0]) for fault in faults if fault["loc"]}
            problems += tuple(
                Problem(
                    ".".join(str(step) for step in fault["loc"]),
                    fault["msg"],
                    value.get(str(fault["loc"][0])) if fault["loc"] else None,
                )
                for fault in faults
            )
            made = cls.model_validate({k: v for k, v in value.items() if k not in misfits})
        made._raw = raw
        made._problems = problems
        return made

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """Make a model of JSON text. Raises `ValueError` when it is not a JSON object."""
        value = load_json(raw)
        if not isinstance(value, dict):
            raise ValueError("not a JSON object")
        return cls.read(value, raw=raw)


ModelT = TypeVar("ModelT", bound=WireModel)


def _seconds(value: JSON) -> JSON:
    """Unix seconds from a number, a numeric string or an ISO 8601 text."""
    if isinstance(value, bool) or value is None:
        return value if value is None else "a truth value"
    if isinstance(value, str):
        text = value.strip()
        try:
            value = float(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            value = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, (int, float)):
        if not 0 <= value <= LAST_SECOND:  # also refuses NaN
            raise ValueError("not a time between 1970 and 9999")
        return int(value)
    return value


Seconds: TypeAlias = Annotated[int, BeforeValidator(_seconds)]
"""Unix seconds; ISO 8601 text is taken too, as other ChatKit servers write it."""


class Timestamp(NamedTuple):
    """A moment in Unix seconds; `approximate` when it was decoded from an id."""

    seconds: int
    approximate: bool = False


_DATED_ID = re.compile(r"(?:cthr|cthi|cti|cfile|cksess)_([0-9a-f]{8})[0-9a-f]{40}")


def time_of_id(identifier: str) -> Timestamp | None:
    """The time of creation that the API writes into its ids, or None for any other id.

    Ids are a prefix and 48 hexadecimal digits, the first 8 of which are Unix seconds.
    """
    match = _DATED_ID.fullmatch(identifier)
    return Timestamp(int(match[1], 16), approximate=True) if match else None


def time_of(created_at: int | None, identifier: str) -> Timestamp | None:
    """`created_at` if there is one, else what the id says, else None."""
    return time_of_id(identifier) if created_at is None else Timestamp(created_at)
