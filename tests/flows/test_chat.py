"""Asking a model behind a real local server that misbehaves: every question ends in a text or a word, and in budget."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.flows.answers import Answers
from salestrigger.flows.chat import Chat
from salestrigger.flows.reader_file import ReaderFile
from salestrigger.matchers.second_prompt import Question
from salestrigger.sources.http import Seams

PATH = "/v1/chat/completions"
NONE = '{"events": []}'
SECRET = "sk-quite-secret-4711"


def ask_about(number: int = 1) -> Question:
    return Question(f"doc_{number}", f"{number:064x}", "You read.", f"article {number}", {"type": "object"})


def completion(text: str | None = NONE, *, finish: str = "stop", usage: Any = "plain", **message: Any) -> Response:
    body: dict[str, Any] = {
        "choices": [{"message": {"role": "assistant", "content": text} | message, "finish_reason": finish}]
    }
    if usage is not None:
        body["usage"] = {"prompt_tokens": 100, "completion_tokens": 10} if usage == "plain" else usage
    return Response(json.dumps(body), content_type="application/json")


def declared(server: HTTPServer, **more: Any) -> ReaderFile:
    return ReaderFile(mode="doubtful", url=server.url_for("/v1"), model="tiny", **more)


def chat(server: HTTPServer, **more: Any) -> Chat:
    keys = {"key": more.pop("key", ""), "answers": more.pop("answers", None), "seams": more.pop("seams", None)}
    return Chat(declared(server, **more), **keys)


def serve(server: HTTPServer, handler: Callable[[Request], Response]) -> list[dict[str, Any]]:
    """Answer with ``handler``; returns the bodies that were asked with, as they come."""
    asked: list[dict[str, Any]] = []

    def handle(request: Request) -> Response:
        asked.append(json.loads(request.get_data()))
        return handler(request)

    server.expect_request(PATH, method="POST").respond_with_handler(handle)
    return asked


def test_a_question_is_a_chat_completion_with_a_schema(httpserver: HTTPServer) -> None:
    """Model, both messages, temperature 0 and the schema go out; text, tokens and cost come back. Loopback is allowed,
    for this address was declared."""
    asked = serve(httpserver, lambda _r: completion('{"events": [1]}'))
    (reply,) = chat(httpserver, price_input=2.0, price_output=10.0)([ask_about()])
    assert (reply.text, reply.failure, reply.input_tokens, reply.output_tokens) == ('{"events": [1]}', "", 100, 10)
    assert reply.cost == pytest.approx(0.0003)
    (body,) = asked
    assert (body["model"], body["temperature"]) == ("tiny", 0)
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert body["response_format"]["json_schema"] == {"name": "events", "strict": True, "schema": {"type": "object"}}


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        (lambda: Response("<html>gateway</html>", 200), "not_a_completion"),
        (lambda: Response("[]", 200), "not_a_completion"),
        (lambda: Response('{"choices": []}', 200), "not_a_completion"),
        (lambda: Response('{"choices": [{"message": 7}]}', 200), "not_a_completion"),
        (lambda: Response("[" * 5_000, 200), "not_a_completion"),
        (lambda: completion(None), "no_text"),
        (lambda: completion("  "), "no_text"),
        (lambda: completion('{"ev', finish="length"), "cut_off"),
        (lambda: completion(None, refusal="I cannot"), "declined"),
        (lambda: completion(NONE, finish="content_filter"), "declined"),
        (lambda: Response("no", 401), "http_401"),
        (lambda: Response("no", 404), "http_404"),
        (lambda: Response("no", 500), "http_500"),
        (lambda: Response("no", 429), "http_429"),
        (lambda: Response("x" * 12_000_000, 200), "too_large"),
        (lambda: Response("", 302, headers={"Location": "http://169.254.169.254/latest/"}), "bad_port"),
        (lambda: Response(b"\x1f\x8bnot gzip", 200, headers={"Content-Encoding": "gzip"}), "bad_gzip"),
    ],
)
def test_whatever_a_server_does_is_a_word(
    httpserver: HTTPServer, response: Callable[[], Response], failure: str
) -> None:
    """HTML, other JSON, half an answer, refusals, errors, 12 MB, a redirect into the cloud: no exception."""
    serve(httpserver, lambda _r: response())
    (reply,) = chat(httpserver)([ask_about()])
    assert (reply.text, reply.failure) == ("", failure)


def test_a_server_that_does_not_answer_in_time(httpserver: HTTPServer) -> None:
    """The time-out is ours and short of what the server would take."""

    def slow(_request: Request) -> Response:
        time.sleep(1.5)
        return completion()

    serve(httpserver, slow)
    (reply,) = chat(httpserver, timeout_s=1)([ask_about()])
    assert reply.failure == "deadline"


def test_nobody_is_there(httpserver: HTTPServer) -> None:
    """A refused connection is a word too, and after five in a row nobody is asked any more."""
    free = httpserver.port
    httpserver.stop()
    try:
        asking = Chat(
            ReaderFile(mode="wide", url=f"http://127.0.0.1:{free}/v1", model="tiny", parallel=1),
            seams=Seams(sleep=_no_wait),
        )
        replies = asking([ask_about(n) for n in range(8)])
    finally:
        httpserver.start()
    assert [r.failure for r in replies] == ["connect"] * 5 + ["gave_up"] * 3


async def _no_wait(_seconds: float) -> None:
    return None


def test_too_many_requests_are_asked_again_when_the_server_says_when(httpserver: HTTPServer) -> None:
    """429 with a short Retry-After is waited for; the answer after it counts."""
    turns = iter([Response("slow down", 429, headers={"Retry-After": "2"}), completion()])
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    serve(httpserver, lambda _r: next(turns))
    (reply,) = chat(httpserver, seams=Seams(sleep=sleep))([ask_about()])
    assert (reply.text, reply.failure) == (NONE, "")
    assert max(slept) >= 1.9


def test_a_long_retry_after_is_not_waited_for(httpserver: HTTPServer) -> None:
    """An hour is longer than a run waits: the rules stand, and the others are not sent into the same wall."""
    asked = serve(httpserver, lambda _r: Response("later", 429, headers={"Retry-After": "3600"}))
    replies = chat(httpserver, parallel=1)([ask_about(n) for n in range(3)])
    assert [r.failure for r in replies] == ["http_429", "retry_after", "retry_after"]
    assert len(asked) == 1


def test_a_server_without_schemas_is_asked_more_simply(httpserver: HTTPServer) -> None:
    """400 for json_schema, then for json_object, then it answers; the next question begins with what worked."""

    def picky(request: Request) -> Response:
        return Response("what?", 400) if "response_format" in json.loads(request.get_data()) else completion()

    asked = serve(httpserver, picky)
    replies = chat(httpserver, parallel=1)([ask_about(1), ask_about(2)])
    assert [r.failure for r in replies] == ["", ""]
    kinds = [body.get("response_format", {}).get("type") for body in asked]
    assert kinds == ["json_schema", "json_object", None, None]


def test_a_request_that_is_wrong_in_any_form_changes_nothing_for_the_next(httpserver: HTTPServer) -> None:
    """400 for another reason (too long a text) is that question's own."""

    def handler(request: Request) -> Response:
        return Response("too long", 400) if b"article 1" in request.get_data() else completion()

    asked = serve(httpserver, handler)
    replies = chat(httpserver, parallel=1)([ask_about(1), ask_about(2)])
    assert [r.failure for r in replies] == ["http_400", ""]
    assert asked[-1]["response_format"]["type"] == "json_schema"


def test_requests_run_side_by_side_up_to_the_cap() -> None:
    """Never more than declared at once, and all in the order of the questions."""
    at_once, most, lock = 0, 0, threading.Lock()

    def handler(request: Request) -> Response:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        return completion(json.loads(request.get_data())["messages"][1]["content"])

    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        serve(server, handler)
        replies = chat(server, parallel=3)([ask_about(n) for n in range(9)])
    assert [r.text for r in replies] == [f"article {n}" for n in range(9)]
    assert 1 < most <= 3


@pytest.mark.parametrize(
    ("limits", "answered"),
    [
        ({"max_requests": 2}, 2),
        ({"max_requests": 0}, 0),
        ({"max_tokens": 2_300}, 3),
        ({"max_cost": 0.0025, "price_input": 0.0, "price_output": 1.0}, 5),
        ({"max_cost": 0.0015, "price_output": 1.0}, 0),
    ],
)
def test_the_budget_is_never_overspent(httpserver: HTTPServer, limits: dict[str, Any], answered: int) -> None:
    """What a request may cost at most is set aside before it is sent; the rest is not asked, with the reason."""
    serve(httpserver, lambda _r: completion())
    asking = chat(httpserver, parallel=1, **limits)
    replies = asking([ask_about(n) for n in range(5)])
    assert [r.failure for r in replies] == [""] * answered + ["budget"] * (5 - answered)
    assert asking.budget.tokens <= limits.get("max_tokens", 10**9)


def test_a_server_that_counts_in_nonsense_is_estimated(httpserver: HTTPServer) -> None:
    """Tokens that are no plain numbers are replaced by what was set aside, so that a budget ends."""
    serve(httpserver, lambda _r: completion(usage={"prompt_tokens": "many", "completion_tokens": -4}))
    asking = chat(httpserver)
    (reply,) = asking([ask_about()])
    assert (reply.failure, reply.output_tokens) == ("", 2_000)
    assert asking.budget.tokens == reply.input_tokens + reply.output_tokens


def test_time_ends_a_run_as_well(httpserver: HTTPServer) -> None:
    """After max_seconds of the run nobody is asked."""
    serve(httpserver, lambda _r: completion())
    seconds = iter([0.0, 1.0, 61.0])
    asking = Chat(declared(httpserver, max_seconds=60, parallel=1), clock=lambda: next(seconds))
    assert [r.failure for r in asking([ask_about(1), ask_about(2)])] == ["", "out_of_time"]


# --- kept answers ---


def kept(folder: Path, today: date = date(2026, 5, 12), days: int = 30) -> Answers:
    return Answers(folder, today, days, pytest.fail)


def test_nothing_is_asked_twice(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The same question to the same model is answered from the kept answers, also on another day; another model or
    other parameters are asked."""
    asked = serve(httpserver, lambda _r: completion())
    chat(httpserver, answers=kept(tmp_path))([ask_about()])
    (again,) = chat(httpserver, answers=kept(tmp_path, date(2026, 5, 20)))([ask_about()])
    assert (again.text, again.is_cached, again.cost, len(asked)) == (NONE, True, 0.0, 1)
    chat(httpserver, answers=kept(tmp_path), parameters={"temperature": 1})([ask_about()])
    Chat(ReaderFile(mode="wide", url=httpserver.url_for("/v1"), model="other"), answers=kept(tmp_path))([ask_about()])
    assert len(asked) == 3


def test_what_is_no_answer_is_not_kept(httpserver: HTTPServer, tmp_path: Path) -> None:
    """ "Loading model, please wait" would otherwise be the answer for a month."""
    texts = iter(["Loading model, please wait", NONE])
    serve(httpserver, lambda _r: completion(next(texts)))
    assert chat(httpserver, answers=kept(tmp_path))([ask_about()])[0].text.startswith("Loading")
    assert chat(httpserver, answers=kept(tmp_path))([ask_about()])[0].text == NONE


def test_answers_expire(tmp_path: Path) -> None:
    """They quote articles and name people: after their days they are gone from the disk; 0 keeps none at all."""
    kept(tmp_path).put("ab", NONE)
    kept(tmp_path, days=0).put("cd", NONE)
    assert (kept(tmp_path).get("ab"), kept(tmp_path).get("cd")) == (NONE, None)
    assert kept(tmp_path, date(2026, 6, 11)).expire() == 0
    assert kept(tmp_path, date(2026, 6, 12)).expire() == 1
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_or_unwritable_cache_costs_money_and_not_the_run(tmp_path: Path) -> None:
    """A file that is no JSON is no answer; a folder that cannot be written is a warning."""
    kept(tmp_path).put("ab", NONE)
    (tmp_path / "2026-05-12" / "ab.json").write_text("{", encoding="utf-8")
    assert kept(tmp_path).get("ab") is None
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    warnings: list[str] = []
    Answers(blocked, date(2026, 5, 12), 30, warnings.append).put("ab", NONE)
    assert len(warnings) == 1


def test_the_key_travels_in_its_header_and_is_seen_nowhere_else(
    httpserver: HTTPServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bearer to the declared address; not in replies, files, logs or output, whatever the server repeats."""
    caplog.set_level("DEBUG")
    seen: list[str] = []

    def handler(request: Request) -> Response:
        seen.append(request.headers.get("Authorization", ""))
        return Response(f"bad key {SECRET}", 401) if len(seen) > 1 else completion()

    serve(httpserver, handler)
    replies = chat(httpserver, key=SECRET, answers=kept(tmp_path), parallel=1)([ask_about(1), ask_about(2)])
    assert seen == [f"Bearer {SECRET}"] * 2
    stored = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.json"))
    out = capsys.readouterr()
    assert SECRET not in "".join((repr(replies), stored, caplog.text, out.out, out.err))
