"""Read a TOML file that a person wrote into a strict model, or say which key is wrong and what is allowed."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from salestrigger.sources.errors import DeclarationError

ModelT = TypeVar("ModelT", bound=BaseModel)


class Declaration(BaseModel):
    """Base of everything a person declares: frozen, and an unknown key is an error, not a no-op."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Reading ``path`` inside says what is wrong with the file.

    Raises:
        DeclarationError: it is absent, unreadable or not UTF-8.
    """
    try:
        yield
    except FileNotFoundError:
        raise DeclarationError(path, "no such file") from None
    except UnicodeDecodeError as error:
        raise DeclarationError(path, f"not UTF-8 text: byte {error.start}") from None
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The file as a dict.

    Raises:
        DeclarationError: the file is absent, unreadable, not UTF-8 or not TOML (with the line).
    """
    try:
        with readable(path):
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(path, f"not valid TOML: {str(error)[0].lower()}{str(error)[1:]}") from None


def load_toml(path: Path, model: type[ModelT], **extra: Any) -> ModelT:
    """The file as a ``model``; ``extra`` are values that come from elsewhere (the id from the file name).

    Raises:
        DeclarationError: see :func:`read_toml`, or a key is unknown, missing or has a value that is not allowed.
    """
    return validate(path, model, read_toml(path) | extra)


def validate(path: Path, model: type[ModelT], data: dict[str, Any]) -> ModelT:
    """``data`` as a ``model``; errors speak of ``path``.

    Raises:
        DeclarationError: the first thing that is wrong, and how many more there are.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # a key with a typo is both unknown and missing: the unknown one says more
        errors = sorted(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        key = ".".join(str(part) for part in errors[0]["loc"])
        raise DeclarationError(path, _problem(errors[0], model) + more, key=key) from None


def _problem(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """One pydantic error in our words: the value, and what is allowed."""
    value = repr(detail["input"])
    value = value if len(value) <= 80 else value[:77] + "..."
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key{_suggestion(str(detail['loc'][-1]), model, detail['loc'])}"
        case "missing":
            return "missing"
        case "literal_error" | "enum":
            return f"{value} is not allowed; allowed: {detail['ctx']['expected']}"
        case "value_error":
            return f"{detail['ctx']['error']}"
        case _:
            message = detail["msg"]
            return f"{value}: {message[0].lower()}{message[1:]}"


def _suggestion(key: str, model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    """The known keys at this level, the nearest first, when the level is the model's own."""
    if len(loc) != 1:
        return ""
    known = sorted(model.model_fields)
    near = difflib.get_close_matches(key, known, n=1)
    return (f"; did you mean {near[0]!r}?" if near else "") + f" known: {', '.join(known)}"
