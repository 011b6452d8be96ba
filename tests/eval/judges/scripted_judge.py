"""A judge behind a scripted server, and rows whose truth it is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from app.settings import AnswerSettings
from eval.judges.choose import choose_judge
from eval.judges.language_model import LanguageModelJudge, Votes
from tests.servers.reply import Body, Reply, ScriptedReply
from tests.servers.scripted_ollama import ScriptedOllama

NAME = "model:ollama:judge"
PAGE = "The Forth Bridge was opened on 4 March 1890. Some 6,500,000 rivets hold it together."


def verdict(word: str, reason: str = "so it stands") -> str:
    """What a judge is to write."""
    return json.dumps({"verdict": word, "reason": reason})


def shown(body: Body) -> str:
    """What the judge was shown of the case."""
    return str(body["messages"][-1]["content"])


def honest(body: Body) -> Reply:
    """An answer with an elephant is wrong, any other right."""
    return Reply(verdict("wrong" if "elephant" in shown(body) else "right"))


def failing(share: float, fault: Reply) -> Callable[[Body], Reply]:
    """A judge that fails in this share of its calls, and is honest in the others."""

    def reply(body: Body) -> Reply:
        asked = f"{shown(body)} {body['options']['seed']}"
        drawn = hashlib.sha256(asked.encode()).digest()[0] / 256
        return fault if drawn < share else honest(body)

    return reply


def serving(*replies: ScriptedReply) -> ScriptedOllama:
    """A server whose model is called judge."""
    return ScriptedOllama(models=["judge:latest"], replies=replies)


def judge_at(
    server: ScriptedOllama, *, votes: int = 1, seed: int = 0, seconds: float = 5.0
) -> LanguageModelJudge:
    """The judge behind a server; silence is given up after so many seconds."""
    settings = AnswerSettings(ollama_url=server.url, seconds_without_token=seconds)
    judge = choose_judge(NAME, settings=settings, votes=Votes(votes, seed))
    assert isinstance(judge, LanguageModelJudge)
    return judge


def write_rows(path: Path, count: int) -> Path:
    """So many rows, every other one with an elephant, which is hallucinated."""
    rows = [
        {
            "contexts": [PAGE],
            "response": f"In chapter {number} {'an elephant' if number % 2 else 'a bridge'} opens.",
            "hallucinated": number % 2,
        }
        for number in range(count)
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path
