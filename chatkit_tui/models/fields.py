"""Lenient models of JSON: no field of a response is lost, valid or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Annotated, Any, NamedTuple, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr, ValidationError

from chatkit_tui.models.json import JSON, TOO_DEEP_REASON
from chatkit_tui.models.raw_json import load_fields
from chatkit_tui.models.timestamps import Timestamp, read_time, time_of, unix_seconds


class FieldError(NamedTuple):
    """An invalid field: its dotted path, the reason, and its value."""

    path: str
    reason: str
    value: JSON


class LenientModel(BaseModel):
    """The base of every model of a response: frozen, with its JSON text.

    Unknown fields are in `model_extra`. Fields have defaults: a missing field must not hide the
    others.
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
        """The JSON text of the model, unchanged; empty for a nested model."""
        raw: bytes = self._private("_raw")
        return raw

    @property
    def problems(self) -> tuple[FieldError, ...]:
        """The invalid fields of this and of nested models, which have their defaults."""
        problems: tuple[FieldError, ...] = self._private("_problems")
        for path, value in self._nested():
            problems += tuple(
                problem._replace(path=f"{path}.{problem.path}" if problem.path else path)
                for problem in value.problems
            )
        return problems

    def _private(self, name: str) -> Any:
        """Return a private attribute, several times faster than by its name."""
        values = self.__pydantic_private__
        return values[name] if values else type(self).__private_attributes__[name].default

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
        """Return the model of a JSON object, without its invalid fields.

        `raw` is its text, `problems` are known errors. Raise `ValueError` if a required field is
        missing.
        """
        try:
            read = cls.model_validate(value)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            invalid = {str(fault["loc"][0]) for fault in faults if fault["loc"]}
            problems += tuple(
                FieldError(
                    ".".join(str(step) for step in fault["loc"]),
                    fault["msg"],
                    value.get(str(fault["loc"][0])) if fault["loc"] else None,
                )
                for fault in faults
            )
            read = cls.model_validate({k: v for k, v in value.items() if k not in invalid})
        if raw:  # setting a private attribute takes longer than this comparison
            read._raw = raw
        if problems:
            read._problems = problems
        return read

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """Return the model of JSON text. Raise `ValueError` if it is not a JSON object."""
        fields, problems = read_fields(raw)
        return cls.read(fields, raw=raw, problems=problems)


def read_fields(raw: bytes) -> tuple[dict[str, JSON], tuple[FieldError, ...]]:
    """Return the fields of a JSON object, and an error for each that is nested too deeply.

    Raise `ValueError` if it is not a JSON object.
    """
    fields, too_deep = load_fields(raw)
    return fields, tuple(FieldError(name, TOO_DEEP_REASON, None) for name in too_deep)


def lenient(model: type[LenientModel]) -> BeforeValidator:
    """Return a validator that reads a nested object leniently."""
    return BeforeValidator(lambda value: model.read(value) if isinstance(value, dict) else value)


Seconds: TypeAlias = Annotated[int, BeforeValidator(unix_seconds)]
"""Unix seconds; also parsed from ISO 8601, which other ChatKit servers send."""


class DatedModel(LenientModel):
    """The base of models with an id and a time of creation."""

    id: str = ""
    created_at: Seconds | None = None
    """Unix seconds."""

    _naive: bool = PrivateAttr(default=False)

    @property
    def time(self) -> Timestamp | None:
        """The time of creation, from the id if need be."""
        return time_of(self.created_at, self.id, naive=self._naive)

    @classmethod
    def read(
        cls,
        value: Mapping[str, JSON],
        *,
        raw: bytes = b"",
        problems: tuple[FieldError, ...] = (),
        zone: tzinfo = UTC,
    ) -> Self:
        """Return the model of a JSON object as `LenientModel.read`; a naive time is in `zone`."""
        text = value.get("created_at")
        created = read_time(text, zone) if isinstance(text, str) else None
        if created:
            value = {**value, "created_at": created.seconds}
        read = super().read(value, raw=raw, problems=problems)
        read._naive = created is not None and created.naive
        return read

    @classmethod
    def from_json(cls, raw: bytes, *, zone: tzinfo = UTC) -> Self:
        """Return the model of JSON text. Raise `ValueError` if it is not a JSON object."""
        fields, problems = read_fields(raw)
        return cls.read(fields, raw=raw, problems=problems, zone=zone)
