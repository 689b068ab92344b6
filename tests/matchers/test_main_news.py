from __future__ import annotations

from datetime import UTC, datetime

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.records import Document, content_id

AT = datetime(2026, 5, 5, 8, tzinfo=UTC)


def _types(language: str, title: str, text: str) -> list[str]:
    document = Document(content_id("doc", "t", title), "t", title, "", title, text, AT, language, AT)
    return [event.type for event in detect(document, (), load_lexicon(), language)[0]]


def test_what_comes_up_only_below_the_news_is_background() -> None:
    """The target's turnover is no news beside the takeover."""
    text = "Tyske Steinhaus har kjøpt Fliseland. Fliseland omsatte for 62 millioner kroner."
    assert _types("nb", "Steinhaus kjøper Fliseland", text) == ["acquisition"]
    assert _types("nb", "Slik gikk det", "Fliseland omsatte for 62 millioner kroner.") == ["financial_results"]


def test_what_belongs_to_the_news_stays() -> None:
    """Lay-offs below the closure that causes them are news."""
    text = "Kartonnagefabriek Vouw sluit de fabriek in Meppel. Vouw schrapt 60 banen."
    assert _types("nl", "Vouw sluit fabriek in Meppel", text) == ["site_closure", "layoffs"]


def test_a_type_that_headline_and_lead_tell_is_one_event() -> None:
    """A name that the headline writes otherwise makes no second event."""
    text = "Saha Kuusikon kuivaamossa syttyi tulipalo keskiviikkona."
    assert _types("fi", "Tulipalo pysäytti Saha Kuusikon tuotannon", text) == ["incident"]


def test_a_phrase_is_not_negated_by_its_own_words() -> None:
    """Who cannot pay wages is in distress: that "not" denies nothing."""
    assert _types("sv", "Tågmakarna kan inte betala löner", "") == ["financial_distress"]


def test_a_currency_may_end_a_sentence() -> None:
    """The approval that the next sentence speaks of is not the buyer's."""
    text = "Invita frasælger sin division til Halca Surgical for 800 mio. kr. Aftalen kræver godkendelse."
    assert _types("da", "Invita sælger division", text) == ["divestiture"]


def test_a_deal_below_a_headline_that_tells_nothing_is_news() -> None:
    """Where the headline tells of the market, the deal below the first event is no background."""
    text = "Pennine Pies reported sales of 20 mln pounds. Brackwater Foods acquired Pennine Pies."
    assert "acquisition" in _types("en", "Pies are in demand", text)
    assert "acquisition" not in _types("en", "Pennine Pies reports sales of 20 mln pounds", text)


def test_without_a_headline_nothing_is_background() -> None:
    """A message of some sentences has no head above the rest."""
    text = "Tyske Steinhaus har kjøpt Fliseland. Fliseland omsatte for 62 millioner kroner."
    assert _types("nb", "", text) == ["acquisition", "financial_results"]
