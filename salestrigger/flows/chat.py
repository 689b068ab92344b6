"""Asks a language model behind an OpenAI-compatible address (``POST …/chat/completions``), within a budget.

Every question ends with a :class:`Reply`: a text, or a stable word for why there is none. Nothing that a server does
raises: a refused connection, a time-out, 429, 500, a page of HTML and an endless answer are all words. After five
failures in a row nobody is asked any more, so that a dead server costs seconds and not hours. It goes through the one
door (``sources.http``) by a route that reaches the declared address and nothing else. It does not know what the
answers mean.

Format: https://platform.openai.com/docs/api-reference/chat (also spoken by llama.cpp, Ollama, vLLM, LM Studio).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from salestrigger.flows.answers import Answers
from salestrigger.flows.budget import Budget, Spent
from salestrigger.flows.reader_file import ReaderFile, Structure
from salestrigger.matchers.answer_form import is_answer
from salestrigger.matchers.second_prompt import Question
from salestrigger.matchers.second_reader import Reply
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import Fetcher, FetchPolicy, Own, Request, Response, Seams

FAILURES_IN_A_ROW = 5
_STRUCTURES: tuple[Structure, ...] = ("json_schema", "json_object", "none")
#: what a server says that does not know a ``response_format``
_NOT_UNDERSTOOD = frozenset({"http_400", "http_422"})


class Chat:
    """``ask`` of a :class:`~salestrigger.matchers.second_reader.SecondReader`; one per run."""

    def __init__(
        self,
        declared: ReaderFile,
        *,
        key: str = "",
        answers: Answers | None = None,
        user_agent: str = "salestrigger",
        seams: Seams | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._declared, self._key, self._answers = declared, key, answers
        self._seams, self._clock = seams or Seams(), clock
        self._structure = declared.structured
        self._in_a_row = 0
        self.budget = Budget.of(declared, clock())
        origin = declared.origin
        self._route = Own(origin.scheme, origin.host, origin.port)
        self._policy = FetchPolicy(
            user_agent=user_agent,
            deadline_s=declared.timeout_s,
            connect_s=min(10.0, declared.timeout_s),
            max_redirects=0,
            retries=1,
            default_pace_s=0.0,
            ports=(origin.port,),
            concurrency=declared.parallel,
            patience_s=min(30.0, declared.timeout_s),
        )

    def __call__(self, questions: Sequence[Question]) -> list[Reply]:
        """One reply per question, in order."""
        return asyncio.run(self._all(questions))

    async def _all(self, questions: Sequence[Question]) -> list[Reply]:
        gate = asyncio.Semaphore(self._declared.parallel)
        async with Fetcher(self._policy, route=self._route, seams=self._seams) as fetcher:

            async def one(question: Question) -> Reply:
                async with gate:
                    return await self._reply(fetcher, question)

            return list(await asyncio.gather(*map(one, questions)))

    async def _reply(self, fetcher: Fetcher, question: Question) -> Reply:
        key = self._cache_key(question)
        if self._answers is not None and (kept := self._answers.get(key)) is not None:
            return Reply(kept, is_cached=True)
        if self._in_a_row >= FAILURES_IN_A_ROW:
            return Reply(failure="gave_up")
        reply = await self._asked(fetcher, question)
        if self._answers is not None and not reply.failure and is_answer(reply.text):
            self._answers.put(key, reply.text)
        return reply

    def _cache_key(self, question: Question) -> str:
        asked = json.dumps([self._declared.model, self._declared.parameters], sort_keys=True, default=str)
        return hashlib.sha256(f"{asked}\x00{question.key}".encode()).hexdigest()

    async def _asked(self, fetcher: Fetcher, question: Question) -> Reply:
        """Ask; a server that does not know the structure asked for is asked with the next simpler one."""
        reply = Reply(failure="budget")
        for structure in _STRUCTURES[_STRUCTURES.index(self._structure) :]:
            expected = self.budget.expected(len(question.system) + len(question.user))
            if why := self.budget.reserve(expected, self._clock()):
                return Reply(failure=why)
            reply = await self._once(fetcher, self._body(question, structure), expected)
            if reply.failure not in _NOT_UNDERSTOOD:
                self._structure = structure if not reply.failure else self._structure
                break
        self._in_a_row = self._in_a_row + 1 if reply.failure else 0
        return reply

    async def _once(self, fetcher: Fetcher, body: bytes, expected: Spent) -> Reply:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        url = f"{self._declared.url}/chat/completions"
        request = Request(url, method="POST", headers=headers, body=body, size="page", obey_robots=False)
        try:
            answer = await fetcher.fetch(request)
        except FetchError as error:
            self.budget.settle(expected, Spent(0, 0))
            return Reply(failure=error.reason)
        if not isinstance(answer, Response) or answer.status != 200:
            self.budget.settle(expected, Spent(0, 0))
            return Reply(failure=f"http_{getattr(answer, 'status', 304)}")
        return self._read(answer.body, expected)

    def _read(self, body: bytes, expected: Spent) -> Reply:
        """The message in a 200; what it cost is counted whatever it says."""
        try:
            said = read_json(body)
        except NotJsonError:
            said = None
        spent = _usage(said) or expected
        cost = self.budget.settle(expected, spent)
        text, failure = _message(said)
        return Reply(text, failure, input_tokens=spent.input_tokens, output_tokens=spent.output_tokens, cost=cost)

    def _body(self, question: Question, structure: Structure) -> bytes:
        body: dict[str, Any] = {
            **self._declared.parameters,
            "model": self._declared.model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.user},
            ],
        }
        if structure == "json_schema":
            schema = {"name": "events", "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif structure == "json_object":
            body["response_format"] = {"type": "json_object"}
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _message(said: Any) -> tuple[str, str]:
    """(text, failure) of a chat completion."""
    try:
        choice = said["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
        text, refusal = message.get("content"), message.get("refusal")
    except (AttributeError, KeyError, IndexError, TypeError):
        return "", "not_a_completion"
    if refusal or finish == "content_filter":
        return "", "declined"
    if finish == "length":
        return "", "cut_off"
    return (text, "") if isinstance(text, str) and text.strip() else ("", "no_text")


def _usage(said: Any) -> Spent | None:
    """The tokens that the server counted, when it says so in plain numbers."""
    usage = said.get("usage") if isinstance(said, Mapping) else None
    if not isinstance(usage, Mapping):
        return None
    counts = [usage.get(key) for key in ("prompt_tokens", "completion_tokens")]
    if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**9 for n in counts):
        return None
    return Spent(int(counts[0] or 0), int(counts[1] or 0))
