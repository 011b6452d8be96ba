"""A judge that always judges by one simple rule, behind a real server, and fails when told to.

It knows the prompts of our judge, of RAGAS and of DeepEval by their form. A statement is supported
where the context has enough of its content words. As every metric gets the same verdicts from it,
what differs between them is what they make of verdicts, and of replies that are none.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from app.terms import stems
from ingest.sentences import split_sentences
from tests.servers.reply import Body, Reply

ENOUGH = 0.7  # the share of a statement's content words that must stand in the context
PROSE = "I am sorry, but I would rather describe the texts than judge them. They are both long."
FAULTS = ("prose", "cut", "empty", "status_500", "hang")

OURS = re.compile(r"<(answer|reference)>\n(.*?)\n</\1>", re.DOTALL)
RAGAS = re.compile(r"Now perform the same with the following input\ninput: (?=\{)")
DEEPEVAL = re.compile(
    r"\n(?:Text:\n(?P<text>.*)|AI Output:\n(?P<output>.*)|Contradictions:\n(?P<contradictions>.*)"
    r"|Retrieval Contexts:\n(?P<context>.*)\n\nClaims:\n(?P<claims>\[.*\]))\s*JSON:\s*$",
    re.DOTALL,
)


class UnknownPromptError(Exception):
    """A prompt of no kind that the judge knows."""


class RuledJudge:
    """Replies of a scripted server; ``sent`` counts them, by fault, and those without one as ""."""

    def __init__(self, *, faults: float, seed: int = 0) -> None:
        """``faults`` is the share of replies that are rubbish, 0 to 1, drawn by the seed."""
        self.sent: Counter[str] = Counter()
        self._faults = faults
        self._seed = seed
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, body: Body) -> Reply:
        """The reply to one request. Raises UnknownPromptError."""
        texts = [str(message.get("content") or "") for message in body["messages"]]
        fault = self._draw("\0".join(texts))
        if fault == "prose":
            return Reply(PROSE)
        if fault == "status_500":
            return Reply(fault="status_500")
        if fault == "empty":
            return Reply(fault="empty")
        if fault == "hang":
            return Reply("never", fault="hang", words_before_fault=0)
        written = json.dumps(judge(texts), ensure_ascii=False)
        return Reply(written[: len(written) // 2] if fault == "cut" else written)

    def _draw(self, prompt: str) -> str:
        """Which fault the reply has, or ""; by the prompt and how often it came, in any order."""
        with self._lock:
            self._asked[prompt] += 1
            drawn = f"{self._seed}\0{self._asked[prompt]}\0{prompt}"
            number = int.from_bytes(hashlib.sha256(drawn.encode("utf8", "replace")).digest()[:6])
            fault = FAULTS[number % len(FAULTS)] if number / 2**48 < self._faults else ""
            self.sent[fault] += 1
        return fault


def judge(texts: Sequence[str]) -> dict[str, Any]:
    """What an able judge writes; the first message of a known form is the question.

    Later ones may complain of an earlier reply. Raises UnknownPromptError.
    """
    for text in texts:
        if len(quoted := dict(OURS.findall(text))) == 2:
            right = is_supported(quoted["answer"], quoted["reference"])
            return {"verdict": "right" if right else "wrong", "reason": "by the shared words"}
        if found := RAGAS.search(text):
            return _answer_ragas(json.JSONDecoder().raw_decode(text, found.end())[0])
        if found := DEEPEVAL.search(text):
            return _answer_deepeval(found.groupdict())
    raise UnknownPromptError(texts[-1][:200])


def _answer_ragas(given: dict[str, Any]) -> dict[str, Any]:
    """Its prompts differ in the fields of their input."""
    if "prompt_value" in given:  # an earlier reply was no JSON: mend it
        return {"text": json.dumps(judge([given["prompt_value"]]), ensure_ascii=False)}
    if "answer" in given:
        return {"statements": split_sentences(given["answer"])}
    return {
        "statements": [
            {
                "statement": statement,
                "reason": "by the shared words",
                "verdict": int(is_supported(statement, given["context"])),
            }
            for statement in given["statements"]
        ]
    }


def _answer_deepeval(given: dict[str, str | None]) -> dict[str, Any]:
    """Its prompts differ in the last heading."""
    if given["text"] is not None:
        return {"truths": split_sentences(given["text"])}
    if given["output"] is not None:
        return {"claims": split_sentences(given["output"])}
    if given["claims"] is None or given["context"] is None:
        return {"reason": "by the shared words"}
    return {
        "verdicts": [
            # "borderline", which the prompt asks for here, would pass for supported
            {"verdict": "yes"} if supported else {"verdict": "no", "reason": "by the shared words"}
            for claim in ast.literal_eval(given["claims"])
            for supported in [is_supported(claim, given["context"])]
        ]
    }


def is_supported(statement: str, context: str) -> bool:
    """The rule: whether enough of the statement's content words stand in the context."""
    said = set(stems(statement))
    return len(said & _known(context)) >= ENOUGH * max(len(said), 1)


@lru_cache(maxsize=1024)
def _known(context: str) -> frozenset[str]:
    return frozenset(stems(context))
