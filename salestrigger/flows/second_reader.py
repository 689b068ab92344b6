"""The second reader of a run: opened from the home's file, asked after the rules, accounted for in one line.

Off unless the home has a ``second_reader.toml``. What it is asked and what is believed of it are in
``matchers.second_reader``; how it is asked in ``flows.chat``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from salestrigger.flows.answers import Answers
from salestrigger.flows.chat import Chat
from salestrigger.flows.progress import progress
from salestrigger.flows.reader_file import ReaderFile, read_reader_file
from salestrigger.flows.settings import Settings, secret
from salestrigger.matchers.analyse import Knowledge
from salestrigger.matchers.second_reader import SecondReader, SecondReading, read_again
from salestrigger.matchers.types import Detection
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.records import Document

ANSWERS = Path("reader")  #: in the data folder


def declared_reader(settings: Settings) -> ReaderFile | None:
    """The home's second reader, checked before anything is fetched; None: off.

    Raises:
        DeclarationError: the file is wrong, or its key would travel in clear to a stranger's host.
    """
    declared = read_reader_file(settings.home)
    if declared is not None:
        key_of(declared)
    return declared


def key_of(declared: ReaderFile) -> str:
    """The key from the environment; empty when there is none.

    Raises:
        DeclarationError: there is one, and the address would carry it over the internet without TLS.
    """
    key = secret(declared.key_env)
    if key and not declared.may_carry_a_key:
        raise DeclarationError(
            "second reader", f"{declared.url!r} would carry the key of {declared.key_env} unencrypted; allowed: https, "
            "or an address of your own network", key="url",
        )  # fmt: skip
    return key


def open_reader(
    declared: ReaderFile, *, folder: Path, today: date, user_agent: str = "salestrigger/0.1"
) -> SecondReader:
    """The reader that a run (or a command over files) asks; its budget begins now."""
    answers = Answers(folder / ANSWERS, today, declared.keep_days, progress().warn)
    answers.expire()
    chat = Chat(declared, key=key_of(declared), answers=answers, user_agent=user_agent)
    return SecondReader("wide" if declared.mode == "wide" else "doubtful", declared.model, chat)


def second_reading(
    declared: ReaderFile | None,
    documents: Sequence[Document],
    detections: list[Detection],
    *,
    knowledge: Knowledge,
    data: Path,
    settings: Settings,
) -> tuple[list[Detection], tuple[SecondReading, ...]]:
    """What the second reader, when there is one, has to say; the run does not depend on it."""
    if declared is None:
        return detections, ()
    reader = open_reader(declared, folder=data, today=knowledge.now.date(), user_agent=settings.user_agent)
    detections, readings = read_again(
        documents, detections,
        reader=reader, lexicon=knowledge.lexicon, index=knowledge.index, countries=knowledge.countries,
    )  # fmt: skip
    return detections, tuple(readings)


def expire_answers(data: Path, declared: ReaderFile | None, today: date) -> None:
    """Answers that were kept for as long as they may be; all of a reader that was switched off, after 30 days."""
    days = declared.keep_days if declared is not None else 30
    Answers(data / ANSWERS, today, days, progress().warn).expire()


def account(readings: Sequence[SecondReading], documents: int, declared: ReaderFile) -> str:
    """One line: how many it read and of how many, what came of it, what it cost."""
    outcomes = Counter(reading.outcome for reading in readings)
    read = outcomes.pop("agreed", 0) + (changed := outcomes.pop("changed", 0))
    kept = sum(reading.is_cached for reading in readings)
    tokens = sum(reading.input_tokens + reading.output_tokens for reading in readings)
    cost = sum(reading.cost for reading in readings)
    failed = ", ".join(f"{count} {reason}" for reason, count in sorted(outcomes.items()))
    share = f" ({100 * len(readings) / documents:.0f} %)" if documents else ""
    return (
        f"second reader {declared.model} ({declared.mode}): given {len(readings)} of {documents} documents{share}, "
        f"read {read} ({kept} of them from kept answers), differs from the rules in {changed}"
        f"{'; rules stand in ' + failed if failed else ''}; {tokens} tokens, {cost:.2f} {declared.currency}"
    )
