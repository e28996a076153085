"""How a value is read from the wire: JSON in, a model out, and nothing that came is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr, ValidationError

from chatkit_tui.models.json import JSON, dump_json, load_json
from chatkit_tui.models.scan import TOO_DEEP_REASON, load_fields
from chatkit_tui.models.timestamps import unix_seconds

__all__ = [
    "JSON",
    "FieldError",
    "LenientModel",
    "Seconds",
    "dump_json",
    "lenient",
    "load_json",
]


class FieldError(NamedTuple):
    """A field that did not fit: its dotted path, why, and the value as it came."""

    path: str
    reason: str
    value: JSON


class LenientModel(BaseModel):
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
    _problems: tuple[FieldError, ...] = PrivateAttr(default=())

    @property
    def raw(self) -> bytes:
        """The JSON text that this came from, byte for byte; empty for a nested value."""
        return self._raw

    @property
    def problems(self) -> tuple[FieldError, ...]:
        """The fields that were set aside because they did not fit, here and in nested values."""
        nested = tuple(
            problem._replace(path=f"{path}.{problem.path}" if problem.path else path)
            for path, value in self._nested()
            for problem in value.problems
        )
        return self._problems + nested

    def _nested(self) -> Iterator[tuple[str, LenientModel]]:
        for name, value in self.__dict__.items():
            if isinstance(value, LenientModel):
                yield name, value
            elif isinstance(value, tuple):
                for index, entry in enumerate(value):
                    if isinstance(entry, LenientModel):
                        yield f"{name}.{index}", entry

    @classmethod
    def read(
        cls, value: Mapping[str, JSON], *, raw: bytes = b"", problems: tuple[FieldError, ...] = ()
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
                FieldError(
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
        fields, too_deep = load_fields(raw)
        problems = tuple(FieldError(name, TOO_DEEP_REASON, None) for name in too_deep)
        return cls.read(fields, raw=raw, problems=problems)

    def with_raw(self, raw: bytes) -> Self:
        """Return the same model with another text that it came from."""
        other = self.model_copy()
        other._raw = raw
        return other


def lenient(model: type[LenientModel]) -> BeforeValidator:
    """Reads a nested object as tolerantly as the one around it: what does not fit in it costs
    that field alone."""
    return BeforeValidator(lambda value: model.read(value) if isinstance(value, dict) else value)


Seconds: TypeAlias = Annotated[int, BeforeValidator(unix_seconds)]
"""Unix seconds; ISO 8601 text is taken too, as other ChatKit servers write it."""
