"""``second_reader.toml`` in the home: whether, how and within which budget a second reader reads. No I/O but the file.

Without the file there is no second reader. The key is never in it: ``key_env`` names the variable that holds it.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.declare import Declaration, load_toml, validate
from salestrigger.sources.reasons import Refusal
from salestrigger.sources.urls import Url, is_address, parse_url

FILE = "second_reader.toml"
KEY_VARIABLE = "SALESTRIGGER_READER_KEY"
#: names of one's own network; a key is sent to them without TLS too
_OWN_NAMES = ("localhost", ".localhost", ".local", ".lan", ".internal", ".home.arpa")
_OURS = {"model", "messages", "response_format", "stream", "n"}

Structure = Literal["json_schema", "json_object", "none"]


class ReaderFile(Declaration):
    """Whom to ask, about what, and how much it may cost."""

    mode: Literal["rules", "doubtful", "wide"] = Field(description="rules: nobody is asked")
    url: str = Field(description="base address of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1")
    model: str = Field(min_length=1, max_length=200, description="as the server calls it")
    key_env: str = Field(default=KEY_VARIABLE, pattern=r"^[A-Z][A-Z0-9_]*$", description="the variable with the key")
    parallel: int = Field(default=4, ge=1, le=32, description="requests at once")
    timeout_s: float = Field(default=60.0, ge=1, le=600, description="for one answer")
    max_requests: int = Field(default=500, ge=0, description="a run")
    max_tokens: int = Field(default=2_000_000, ge=0, description="a run, read and written")
    max_seconds: float = Field(default=1_800.0, ge=1, description="a run; what is not asked by then is not asked")
    max_cost: float | None = Field(default=None, ge=0, description="a run, in currency; needs the prices")
    price_input: float = Field(default=0.0, ge=0, description="of a million tokens that the model reads")
    price_output: float = Field(default=0.0, ge=0, description="of a million tokens that it writes")
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$", description="of the prices")
    structured: Structure = Field(default="json_schema", description="how the server is asked to keep to the form")
    parameters: dict[str, Any] = Field(
        default_factory=lambda: {"temperature": 0, "max_tokens": 2_000}, description="sent with every request"
    )
    keep_days: int = Field(default=30, ge=0, le=365, description="how long answers are kept, 0: not at all")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        try:
            parse_url(value)
        except Refusal as refusal:
            raise ValueError(f"{value!r} is no address: {refusal}; allowed: http:// or https://") from None
        return value.rstrip("/")

    @field_validator("parameters")
    @classmethod
    def _are_free(cls, value: dict[str, Any]) -> dict[str, Any]:
        if own := sorted(_OURS & value.keys()):
            raise ValueError(f"{own[0]!r} is set by us; allowed: temperature, max_tokens, seed …")
        return value

    @model_validator(mode="after")
    def _can_be_counted(self) -> ReaderFile:
        if self.max_cost is not None and not (self.price_input or self.price_output):
            raise ValueError("max_cost needs price_input and price_output, or nothing can be counted")
        return self

    @property
    def origin(self) -> Url:
        """The address, read."""
        return parse_url(self.url)

    @property
    def may_carry_a_key(self) -> bool:
        """Whether a key is safe on the way: by TLS, or inside one's own network."""
        host = self.origin.host
        if self.origin.scheme == "https":
            return True
        if is_address(host):
            return ipaddress.ip_address(host).is_private
        return "." not in host or host.endswith(_OWN_NAMES)


def read_reader_file(home: Path) -> ReaderFile | None:
    """The home's second reader; None when there is none, or when it is switched off (mode rules).

    Raises:
        DeclarationError: the file is wrong: names file, key, value and what is allowed.
    """
    path = home / FILE
    if not path.exists():
        return None
    declared = load_toml(path, ReaderFile)
    return None if declared.mode == "rules" else declared


def reader_from_options(url: str, model: str, mode: str, **more: Any) -> ReaderFile | None:
    """The same from a command's options.

    Raises:
        DeclarationError: an option is not allowed.
    """
    declared = validate(Path("--reader"), ReaderFile, {"url": url, "model": model, "mode": mode, **more})
    return None if declared.mode == "rules" else declared
