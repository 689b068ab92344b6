from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from salestrigger.matchers import lexicon as lexicon_module
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.patterns import PatternError, anchors_phrase, check_pattern, compile_pattern
from salestrigger.sources.errors import DeclarationError
from tests.matchers.event_texts import events_in

SHIPPED = Path(lexicon_module.__file__).parent


def _examples(kind: str) -> Iterator[tuple[str, str, str]]:
    for name, event_type in load_lexicon().types.items():
        for language, examples in event_type.examples.items():
            for text in getattr(examples, kind):
                yield name, language, text


@pytest.mark.parametrize(("name", "language", "text"), _examples("match"))
def test_every_example_yields_its_type(name: str, language: str, text: str) -> None:
    """What a type file shows as a match is one; of a derived type, a match of the type that it comes of."""
    shown = load_lexicon().types[name]
    found = events_in(text, language=language, kind=shown.kinds[0])
    assert (shown.derived_from or name) in {event.type for event in found}


@pytest.mark.parametrize(("name", "language", "text"), _examples("no_match"))
def test_no_counter_example_yields_its_type(name: str, language: str, text: str) -> None:
    """What a type file shows as no match is none."""
    shown = load_lexicon().types[name]
    found = events_in(text, language=language, kind=shown.kinds[0])
    assert (shown.derived_from or name) not in {event.type for event in found}


def test_every_type_is_read_and_shown_in_every_language() -> None:
    """Forty-five types are known, each with examples, and with phrases unless it comes of another type."""
    types = load_lexicon().types
    languages = {"nl", "nb", "en", "sv", "da", "de", "fi"}
    assert len(types) == 45
    assert {name for name, shown in types.items() if shown.derived_from} == {"champion_move", "renewal_due"}
    assert [name for name, shown in types.items() if not (shown.derived_from or languages <= set(shown.phrases))] == []
    assert [name for name, shown in types.items() if not {"nl", "nb", "en", "fi"} <= set(shown.examples)] == []


def test_a_key_vacancy_is_told_by_the_headline_of_a_job_advertisement_only() -> None:
    """The same words in the news, or further down in an advertisement, are no vacancy."""
    (event,) = events_in("Voltwerk zoekt een financieel directeur", language="nl", kind="job_ad")
    assert (event.type, [role.surface for role in event.roles]) == ("key_vacancy", ["Voltwerk"])
    assert {a.key: a.value for a in event.attributes}["title"] == "financieel directeur"
    assert "key_vacancy" not in {e.type for e in events_in("Voltwerk zoekt een financieel directeur", language="nl")}
    below = events_in("Monteur bij Voltwerk", "U rapporteert aan de directeur van Voltwerk.", "nl", kind="job_ad")
    assert below == ()


def test_a_fund_that_buys_is_a_new_owner() -> None:
    """An acquisition by a fund is told as a change of owner, with its roles."""
    (event,) = events_in("Parkstede Capital koopt meubelketen Bolder Wonen", language="nl")
    assert event.type == "ownership_change"
    assert {role.name: role.surface for role in event.roles} == {
        "organization": "Bolder Wonen",
        "new_owner": "Parkstede Capital",
    }


@pytest.mark.parametrize(
    ("giver", "kind", "roles"),
    [
        ("Brattvik Energi", "contract", {"vendor": "Kystbor", "customer": "Brattvik Energi"}),
        ("Brattvik kommune", "contract_award", {"winner": "Kystbor", "authority": "Brattvik"}),
    ],
)
def test_only_a_public_body_awards(giver: str, kind: str, roles: dict[str, str]) -> None:
    """The same words tell of a contract where the customer is a company."""
    (event,) = events_in(f"{giver} tildeler Kystbor kontrakten", language="nb")
    assert (event.type, {role.name: role.surface for role in event.roles}) == (kind, roles)


def test_who_was_there_already_is_promoted() -> None:
    """A sentence about years in the company makes a hire a promotion."""
    (event,) = events_in(
        "Frå lærling til fabrikksjef", "Silje Bø tek over som fabrikksjef på Fjordmetall. Ho har vore der lenge.", "nn"
    )
    assert event.type == "executive_promotion"


@pytest.mark.parametrize("language", ["nl", "nb", "en"])
def test_a_type_without_examples_in_a_language_of_the_reports_is_refused_by_name(tmp_path: Path, language: str) -> None:
    """The message names the file, the key and the language."""
    text = (SHIPPED / "triggers" / "tender.toml").read_text(encoding="utf-8")
    cut = re.sub(rf"\[examples\.{language}\]\n(?:[a-z_]+ = .*\n)+", "", text)
    assert cut != text
    target = tmp_path / "triggers" / "tender.toml"
    target.parent.mkdir(parents=True)
    target.write_text(cut, encoding="utf-8")
    with pytest.raises(DeclarationError, match=f"no examples in '{language}'") as raised:
        load_lexicon(tmp_path)
    assert (raised.value.path.endswith("tender.toml"), raised.value.key) == (True, "examples")


@pytest.mark.parametrize("language", ["nl", "nb", "en"])
def test_a_type_without_counter_examples_is_refused_by_name(tmp_path: Path, language: str) -> None:
    """What is no match is shown too, in each of the three languages."""
    text = (SHIPPED / "triggers" / "tender.toml").read_text(encoding="utf-8")
    shown = re.search(rf"\[examples\.{language}\]\nmatch = .*\n(no_match = .*\n)", text)
    assert shown is not None
    with pytest.raises(DeclarationError, match=f"no counter-examples in '{language}'"):
        load_lexicon(_overlay(tmp_path, "tender", (shown[1], "")))


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (("executive_hire", "executive_hires"), "derived_from", "'executive_hires' is no event type"),
        (('derived_from = "executive_hire"', ""), "phrases", "has phrases, or is derived_from another type"),
    ],
)
def test_a_wrong_origin_of_a_type_is_refused(tmp_path: Path, change: tuple[str, str], key: str, says: str) -> None:
    """A type without phrases says which type it comes of."""
    with pytest.raises(DeclarationError, match=says) as raised:
        load_lexicon(_overlay(tmp_path, "champion_move", change))
    assert raised.value.key == key


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('to = "ownership_change"', 'to = "owner_change"'), "'owner_change' is no event type"),
        (('role = "acquirer"', 'role = "buyer"'), "'buyer' is no role of acquisition or ownership_change"),
        (('role = "acquirer"', ""), "role and words belong together"),
        (('role = "acquirer"', 'languages = ["tlh"]\nrole = "acquirer"'), "language 'tlh' is not declared"),
    ],
)
def test_a_wrong_recast_is_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """What a finding is recast to, and by which role, is checked when the files are loaded."""
    with pytest.raises(DeclarationError) as raised:
        load_lexicon(_overlay(tmp_path, "acquisition", change))
    assert says in str(raised.value)


def test_never_a_hook_for_distress() -> None:
    """Types of distress give no hook, so that nobody opens a call with a bankruptcy."""
    assert {t.hook for t in load_lexicon().types.values() if t.polarity == "distress"} == {"never"}


def _overlay(tmp_path: Path, name: str, change: tuple[str, str], folder: str = "triggers") -> Path:
    target = tmp_path / folder / f"{name}.toml"
    target.parent.mkdir(parents=True)
    text = (SHIPPED / folder / f"{name}.toml").read_text(encoding="utf-8")
    assert change[0] in text
    target.write_text(text.replace(*change, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (("impact = 95", "impact = 95\nimpakt = 95"), "impakt", "did you mean 'impact'"),
        (('roles = ["acquirer"', 'roles = ["raider"'), "roles.0", "'raider' is not allowed"),
        (('polarity = "growth"', 'polarity = "upwards"'), "polarity", "'growth'"),
        (("{acquirer} (neemt", "{buyer} (neemt"), "phrases.nl", "unknown slot '{buyer}'"),
        (("(neemt|nemen|nam|namen) {target} over", "(neemt {target} over"), "phrases.nl", "brackets must be closed"),
        (('yields_to = ["divestiture"', 'yields_to = ["divestment"'), "yields_to", "'divestment' is no event type"),
        (("buys control of another organisation or of part of it", "Combines with  another organisation as equals."),
         "definition", "is already the definition of"),
        (("window = {not_before = 0, best = 270", "window = {not_before = 300, best = 270"),
         "window", "must not go back in time: 300, 270, 365"),
        (('roles = ["acquirer"', 'roles = ["target", "acquirer"'), "roles", "'target' is there twice"),
        (('hook = "safe"', ""), "hook", "missing"),
        (('hook = "safe"', 'hook = "always"'), "hook", "'safe', 'careful' or 'never'"),
        (("[examples.nl]\nmatch = [", '[examples.nl]\nmatch = [" ", '), "examples.nl.match.0", "at least 1 character"),
    ],
)  # fmt: skip
def test_a_wrong_type_file_is_refused_by_file_key_and_value(
    tmp_path: Path, change: tuple[str, str], key: str, says: str
) -> None:
    """The message names the file, the key, the value and what is allowed."""
    with pytest.raises(DeclarationError) as raised:
        load_lexicon(_overlay(tmp_path, "acquisition", change))
    assert "triggers/" in raised.value.path
    assert raised.value.key == key
    assert says in str(raised.value)


def test_a_phrase_may_stand_only_once(tmp_path: Path) -> None:
    """The same phrase twice in a language is refused."""
    phrase = '"{party} merger", '
    with pytest.raises(DeclarationError, match="is there twice"):
        load_lexicon(_overlay(tmp_path, "merger", (phrase, phrase * 2)))


def test_an_overlay_replaces_a_type_by_file_name_and_adds_new_ones(tmp_path: Path) -> None:
    """A folder of one's own wins by file name and leaves the rest as shipped."""
    folder = _overlay(tmp_path, "acquisition", ("impact = 95", "impact = 12"))
    text = (SHIPPED / "triggers" / "merger.toml").read_text(encoding="utf-8")
    renamed = text.replace("combines with another organisation as equals", "joins a cooperative of organisations")
    (folder / "triggers" / "joins_cooperative.toml").write_text(renamed, encoding="utf-8")
    lexicon = load_lexicon(folder)
    assert lexicon.types["acquisition"].impact == 12
    assert lexicon.types["joins_cooperative"].id == "joins_cooperative"
    assert len(lexicon.types) == len(load_lexicon().types) + 1


@pytest.mark.parametrize(
    ("name", "change", "key", "says"),
    [
        ("nn", ('falls_back_on = "nb"', 'falls_back_on = "fr"'), "falls_back_on", "'fr' is not allowed"),
        ("nn", ('falls_back_on = "nb"', 'falls_back_on = "nn"'), "falls_back_on", "leads back to itself: nn → nn"),
        ("nb", ('name = "Norsk bokmål"', 'name = "Norsk bokmål"\nfalls_back_on = "nn"'), "falls_back_on",
         "leads back to itself: nb → nn → nb"),
        ("nl", ('name = "Nederlands"', 'name = "norsk Bokmål"'), "name", "is already the name of 'nb'"),
        ("nl", ('name = "Nederlands"', 'name = "Nederlands"\nnoun = ["huis"]'), "noun", "did you mean 'nouns'"),
        ("nl", ("[markers]", '[markers]\nnegated = ["niet"]'), "markers.negated", "unknown key"),
        ("nl", ('negation = ["', 'negation = ["(niet", "'), "markers.negation", "brackets must be closed"),
        ("nl", ("[currencies]", '[currencies]\nduiten = "florin"'), "currencies.duiten", "'florin'"),
        ("nl", ("[scales]", '[scales]\nveel = "heel veel"'), "scales.veel", "'heel veel'"),
    ],
)  # fmt: skip
def test_a_wrong_language_file_is_refused_by_file_key_and_value(
    tmp_path: Path, name: str, change: tuple[str, str], key: str, says: str
) -> None:
    """The message names the file, the key and the value; a language never falls back on itself."""
    with pytest.raises(DeclarationError) as raised:
        load_lexicon(_overlay(tmp_path, name, change, folder="languages"))
    assert "languages/" in raised.value.path
    assert raised.value.key == key
    assert says in str(raised.value)


def test_a_lexicon_can_be_pickled() -> None:
    """Workers get the lexicon by pickle; what it finds is the same there."""
    lexicon = load_lexicon()
    copy = pickle.loads(pickle.dumps(lexicon))  # noqa: S301 - our own bytes
    assert copy.types == lexicon.types
    assert [p.regex for _, _, p in copy.phrases] == [p.regex for _, _, p in lexicon.phrases]


def _roles(name: str) -> bool:
    return name in ("acquirer", "target")


@pytest.mark.parametrize(
    "source", ["{acquirer}", "a|b", "(a|)", "Koopt {target}", "@soon koopt", "$nothing koopt", "(a .. b) c", "(ab|c)",
               "(koopt|Neemt)", "(koopt||neemt)", "(koopt|ne$em)", "koopt? x", "{acquirer} (koopt|neemt)?"]
)  # fmt: skip
def test_a_pattern_that_cannot_work_is_refused(source: str) -> None:
    """Nothing to look for, empty or nested alternatives, capitals, unknown tags and sets: when a file is checked as
    when a phrase is compiled, in the same words."""
    with pytest.raises(PatternError) as compiled:
        compile_pattern(source, {}, _roles)
    with pytest.raises(PatternError) as checked:
        check_pattern(source, lambda piece: anchors_phrase(piece, {}, _roles))
    assert str(checked.value) == str(compiled.value)


def test_a_check_takes_every_phrase_that_compiles() -> None:
    """Of the shipped phrases and of forms that are seldom, none is refused by the check alone."""
    seldom = ("(a b|*cd)", "*ab", "ab* {target}", "(x|yz) ab", "b.v. koopt", "a+b", "{target's} (koopt)? ~ neemt @weak")
    sets = load_lexicon().sets("nl")
    for source in (*seldom, *(pattern.source for _, pattern in load_lexicon().phrases_of("nl"))):
        compile_pattern(source, sets, lambda _: True)
        check_pattern(source, lambda piece: anchors_phrase(piece, sets, lambda _: True))


def test_shipped_files_are_all_read() -> None:
    """Every file of the folders is a type or a language."""
    lexicon = load_lexicon()
    assert {p.stem for p in (SHIPPED / "triggers").glob("*.toml")} == set(lexicon.types)
    assert {p.stem for p in (SHIPPED / "languages").glob("*.toml")} == set(lexicon.languages)
