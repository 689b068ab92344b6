"""spaCy: a blank pipeline's tokens and one Matcher per language with the words of every phrase. Prints documents a
second of CPU. Runs in its own environment."""

import itertools
import json
import sys
import time
from pathlib import Path

import spacy
from spacy.matcher import Matcher

GAP = {"OP": "{0,8}"}  # any token, as far as our own gaps reach
ALTERNATIVES = 12  # of pieces with alternatives of several words: as many patterns of a phrase are written out


def piece(alternatives: list[str]) -> list[list[dict]]:
    """The ways to write one piece as tokens."""
    single = [a for a in alternatives if " " not in a and "*" not in a]
    ways = [[{"LOWER": {"IN": single}}]] if single else []
    for alternative in (a for a in alternatives if " " in a or "*" in a):
        ways.append([token(word) for word in alternative.split()])
    return ways[:ALTERNATIVES]


def token(word: str) -> dict:
    return {"LOWER": {"REGEX": word.replace("*", r"\w*")}} if "*" in word else {"LOWER": word}


def patterns(phrase: list[list[str]]) -> list[list[dict]]:
    ways = itertools.islice(itertools.product(*(piece(alternatives) for alternatives in phrase)), ALTERNATIVES)
    return [list(itertools.chain(*(part if i == 0 else [GAP, *part] for i, part in enumerate(way)))) for way in ways]


def main(path: str) -> None:
    given = json.loads(Path(path).read_text(encoding="utf-8"))
    pipes, matchers = {}, {}
    for language, phrases in given["phrases"].items():
        pipes[language] = spacy.blank("nb" if language == "nn" else language)
        matchers[language] = Matcher(pipes[language].vocab)
        for number, phrase in enumerate(phrases):
            if phrase:
                matchers[language].add(str(number), patterns(phrase))
    began = time.process_time()  # once: a text takes seconds, so that warming up would change little
    for document in given["documents"]:
        matchers[document["language"]](pipes[document["language"]](document["text"]))
    print(len(given["documents"]) / (time.process_time() - began))


if __name__ == "__main__":
    main(*sys.argv[1:])
