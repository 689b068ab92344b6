"""The adapter for one company's job board: its open roles as documents, and a notice when they are many for it.

Which kind of board is told by ``board``; each has a reader in ``job_boards``. What is usual for the company is kept in
the cursor and judged in ``jobs_counts``. Public answers without a key; one request per board (or page) and day is
enough. Names of recruiters are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Self
from urllib.parse import quote

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import refuse_if_said
from salestrigger.sources.adapters.feed import IDENTIFIER
from salestrigger.sources.adapters.item_build import MAX_TEXT, MAX_TITLE, language_tag, plain
from salestrigger.sources.adapters.job_boards import Ad, Board, board_names, reader
from salestrigger.sources.adapters.jobs_counts import Look, look, still
from salestrigger.sources.adapters.jobs_notices import place_notice, surge_notice
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.records import Collected, Document, Identifier, content_id
from salestrigger.sources.text import canonical_url, clean_text


class Options(Declaration):
    """The ``[options]`` of a board."""

    board: str = Field(description="its kind, a module of adapters/job_boards")
    token: str = Field(
        default="", pattern=r"^[A-Za-z0-9_.\-]*(/[A-Za-z0-9_.\-]+)?$", description="the company's name on the board"
    )
    company: str = Field(default="", description="its name as you know it; empty: as the board states it")
    identifier: str = Field(default="", pattern=IDENTIFIER)
    new_places: bool = Field(default=True, description="tell the first role in a town that had none before")
    max_ads: int = Field(default=2_000, ge=1, le=20_000)

    @field_validator("board")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in board_names():
            raise ValueError(f"{value!r} is not a kind of board; known: {', '.join(board_names())}")
        return value

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if "{token}" in reader(self.board).PATH and not self.token:
            raise ValueError(f"board {self.board!r} needs a token, the company's name in the board's address")
        if not self.company and not self.identifier:
            raise ValueError("say whose board it is: company, identifier (as NO-BRC:999999999) or both")
        return self


async def collect(session: Session) -> Collected:
    """The open roles, and what they tell against the company's own past.

    Raises:
        FetchError: the board does not answer (an unknown token is a 404 on most boards).
        ShapeError: it answers with something else than its kind does.
    """
    options = options_of(session.spec, Options)
    today = session.now.date()
    board, last = await _read(session, options)
    if board is None or last is None:
        return Collected(cursor=still(session.cursor, today))
    complete = len(board.ads) <= options.max_ads
    ads = board.ads[: options.max_ads]
    seen, state = look(session.cursor, ads, today, complete=complete)
    company = clean_text(options.company or board.company or options.token)
    known = session.cursor.get("ads", {})
    documents = [_ad_document(session, ad, company, options) for ad in ads if ad.id not in known]
    base = _notice_base(session, options, company, last)
    if seen.is_surge:
        documents.append(surge_notice(base, company, seen, ads))
    if options.new_places:
        documents += [place_notice(base, company, place, ads) for place in seen.new_places]
    # a role that was posted again has a new number, so the old one is no end of it
    closed = max(0, len(known.keys() - {ad.id for ad in ads}) - seen.reposts) if complete else 0
    cut = () if complete else (f"read {len(ads)} of {len(board.ads)} roles (max_ads)",)
    return Collected(
        documents=tuple(documents), cursor=state, set_aside=board.set_aside, notes=(*_notes(seen, closed), *cut)
    )


async def _read(session: Session, options: Options) -> tuple[Board | None, Response | None]:
    """All pages of the board as one, and the last answer; None when nothing changed."""
    kind = reader(options.board)
    page: str = getattr(kind, "PAGE", "")
    base = session.spec.url.rstrip("/") if kind.PATH else session.spec.url
    address = base + kind.PATH.format(token=quote(options.token, safe="/"))
    ask: Callable[[int], bytes] | None = getattr(kind, "ask", None)
    pages: list[Board] = []
    start = 0
    while True:
        url = address + page.format(start=start)
        headers = {"accept": "*/*"} | ({"content-type": "application/json"} if ask else {})
        post = ask(start) if ask else None
        answer = await session.get(url, headers=headers, conditional=not page and not ask, post=post)
        if isinstance(answer, NotModified):
            return None, None
        if answer.status != 200:
            raise FetchError(answer.request_url, f"http_{answer.status}", "is the token right?")
        board = await _parsed(session, kind, answer)
        pages.append(board)
        count = len(board.ads) + len(board.set_aside)
        start += count
        more = start < board.total if board.total is not None else count >= getattr(kind, "SIZE", 0)
        if not (page or ask) or not more or not count or start > options.max_ads:
            return _together(pages), answer


async def _parsed(session: Session, kind: ModuleType, answer: Response) -> Board:
    """One answer, read in the sandbox."""
    context = {"now": session.now, "base_url": answer.url, "content_type": answer.headers.get("content-type", "")}
    board: Board = await session.parse(kind.read, answer.body, context)
    if board.problem:
        refuse_if_said(session, answer.body, answer.url)
        raise ShapeError(answer.url, board.problem, board.got)
    return board


def _together(pages: Sequence[Board]) -> Board:
    """The pages as one board; a role that moved from one page to the next while we read is one role."""
    ads = {ad.id: ad for page in pages for ad in page.ads}
    company = next((page.company for page in pages if page.company), "")
    return Board(tuple(ads.values()), pages[-1].total, company, tuple(row for page in pages for row in page.set_aside))


def _ad_document(session: Session, ad: Ad, company: str, options: Options) -> Document:
    """One role as a document; its first line states the fields."""
    fields = {"Company": company, "Location": ad.place, "Department": ad.department, "Salary": ad.salary}
    first = " ".join(f"{label}: {clean_text(value)}." for label, value in fields.items() if value)
    return Document(
        document_id=content_id("doc", session.spec.id, ad.id),
        source_id=session.spec.id,
        key=ad.id,
        url=canonical_url(ad.url),
        title=plain(ad.title, limit=MAX_TITLE),
        text=f"{first}\n{plain(ad.body, limit=MAX_TEXT - 2000, lines=True)}".strip(),
        fetched_at=session.now,
        language=language_tag(session.spec.language or ad.language),
        published_at=ad.published_at if ad.published_at and ad.published_at <= session.now else None,
        kind="job_ad",
        issuer=company or None,
        identifiers=_identifiers(options),
    )


def _notice_base(session: Session, options: Options, company: str, last: Response) -> Document:
    """A notice about the board as a whole, still without its statement."""
    return Document(
        document_id="",
        source_id=session.spec.id,
        key=f"{options.board}:{options.token or session.spec.id}",
        url=canonical_url(last.url),
        title="",
        text="",
        fetched_at=session.now,
        language="en",
        published_at=session.now,
        kind="notice",
        issuer=company,
        identifiers=_identifiers(options),
    )


def _identifiers(options: Options) -> tuple[Identifier, ...]:
    scheme, _, value = options.identifier.partition(":")
    return (Identifier(scheme, value),) if value else ()


def _notes(seen: Look, closed: int) -> tuple[str, ...]:
    usual = f", usually {seen.usual:g}" if seen.usual is not None else ""
    return (
        f"{seen.open} open roles{usual}; {len(seen.fresh)} new, {seen.reposts} posted again, {closed} closed",
        *seen.notes,
    )
