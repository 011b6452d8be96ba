"""A model's question is kept where the model answers it from its page, and from no other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.models.choose import served_model
from app.models.model import ModelError
from app.settings import AnswerSettings
from eval.cases import read_cases
from eval.cases.making.draft import Draft
from eval.cases.making.sources import Sources
from eval.cases.making.written import QuestionWriter
from eval.commands.cases import cases_group
from ingest.library import Library
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

POSED = {"question": "How many workers were employed at the works?", "answer": "5,000"}


def scripted(pose: Callable[[str], str], examine: Callable[[str], str]) -> Callable[[Body], Reply]:
    """A model that is told what to write by what it is shown."""

    def reply(body: Body) -> Reply:
        system, user = (message["content"] for message in body["messages"])
        return Reply((pose if "Write one question" in system else examine)(user))

    return reply


def pose(shown: str) -> str:
    """A question for the one page on workers, and nothing for others."""
    nothing = {"question": "", "answer": ""}
    return json.dumps(POSED if "5,000 workers" in shown else nothing)


def examine(shown: str) -> str:
    """The answer where it stands on the page."""
    return f"Sure: {json.dumps({'answer': 'some 5,000' if '5,000 workers' in shown else ''})}"


def write_drafts(
    library: Library, reply: Callable[[Body], Reply] | Reply
) -> tuple[list[Draft], Counter[str]]:
    left_out: Counter[str] = Counter()
    with ScriptedOllama(models=["m:latest"], replies=[reply]) as server:
        settings = AnswerSettings.model_validate({"ollama_url": server.url})
        writer = QuestionWriter(served_model("ollama:m", settings), settings, seed=0)
        return list(writer(Sources(library), left_out)), left_out


def test_a_question_that_its_page_alone_answers_is_kept(bridges: Library) -> None:
    drafts, left_out = write_drafts(bridges, scripted(pose, examine))
    (draft,) = drafts
    assert (draft.question, draft.answers) == (POSED["question"], ("5,000",))
    assert draft.places == (("bridges.pdf", 2),)
    assert left_out == {"the model found nothing to ask": 6}


@pytest.mark.parametrize(
    ("posed", "examined", "reason"),
    [
        (json.dumps(POSED), '{"answer": ""}', "the page does not answer it"),
        (json.dumps(POSED), '{"answer": "5,000"}', "another page answers it too"),
        (json.dumps(POSED | {"answer": "6,000"}), "", "its answer does not stand on the page"),
        (
            json.dumps(
                {"question": "Were it 5,000 workers that they employed?", "answer": "5,000"}
            ),
            "",
            "it gives its answer away or is not clear by itself",
        ),
        ("How many workers?", "", "the model did not write what was asked for"),
        (json.dumps(POSED), "5,000", "the model did not write what was asked for"),
    ],
)
def test_what_is_left_out_is_counted_by_reason(
    bridges: Library, posed: str, examined: str, reason: str
) -> None:
    def pose_once(shown: str) -> str:
        return posed if "5,000 workers" in shown else pose(shown)

    drafts, left_out = write_drafts(bridges, scripted(pose_once, lambda _: examined))
    assert drafts == []
    assert left_out[reason] == 1


def test_a_model_that_fails_again_and_again_is_given_up(bridges: Library) -> None:
    with pytest.raises(ModelError, match="ollama:m"):
        write_drafts(bridges, Reply("", fault="empty"))


def run_generate(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch, *options: str
) -> Result:
    with ScriptedOllama(models=["m:latest"], replies=[scripted(pose, examine)]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        arguments = ["generate", "--library", str(library.folder), "-n", "20", "-o", str(output)]
        return CliRunner().invoke(cases_group, [*arguments, *options])


def test_the_command_tells_which_model_and_prompts_have_made_a_case(
    bridges: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "cases.jsonl"
    done = run_generate(bridges, output, monkeypatch, "--model", "ollama:m")
    assert done.exit_code == 0, done.exception
    assert "6 left out: the model found nothing to ask" in done.stderr
    cases = read_cases(output)
    (case,) = [case for case in cases if case.question == POSED["question"]]
    assert case.tags == ("written",)
    assert case.provenance["made by"] == "ollama:m"
    assert case.provenance["prompts"].startswith("pose ")
    assert {"table", "unanswerable"} <= {tag for case in cases for tag in case.tags}


def test_the_answerer_that_only_quotes_writes_no_questions(
    bridges: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run_generate(bridges, tmp_path / "c.jsonl", monkeypatch, "--model", "extractive")
    assert isinstance(done.exception, ModelError)
    assert "leave --model out" in str(done.exception)
