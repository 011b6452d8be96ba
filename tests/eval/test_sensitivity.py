"""How often an answer changes where the same is asked in another way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.models.choose import choose_model
from app.settings import AnswerSettings
from eval.runs.folder import RunFolder
from eval.runs.variations import VARIATIONS, VariationError, find_variation, fitting_variations
from eval.runs.ways import varied_ways
from eval.sensitivity import Given, SensitivityError, difference, sensitivity
from tests.app.test_cli import citebound, output
from tests.conftest import SmallLibrary
from tests.eval.runs.running import ready, run, write_cases
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama


def given(text: str, *, refused: bool = False) -> Given:
    return Given("?", text, refused, is_right=True, pages=frozenset())


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("The valve opens at nine bar.", "The valve opens at nine bar.", ""),
        ("The safety valve opens at nine bar.", "At nine bar the safety valve opens.", ""),
        ("It opened in 1890.", "It opened in 1891.", "other numbers: 1890, 1891"),
        ("It costs 1.5 billion.", "It costs 1,500 million.", ""),
        ("The valve opens.", "Bread is baked in the morning.", "other words"),
    ],
)
def test_answers_are_the_same_where_their_words_and_numbers_are(
    one: str, other: str, said: str
) -> None:
    assert difference(given(one), given(other)) == said


def test_a_refusal_and_an_answer_differ_and_two_refusals_do_not() -> None:
    refusal, answer = given("Not answered.", refused=True), given("Nine bar.")
    assert difference(answer, refusal) == "refused"
    assert difference(refusal, answer) == "no longer refused"
    assert difference(refusal, given("Nothing of 1890 is said.", refused=True)) == ""


def test_only_a_model_that_writes_is_asked_for_paraphrases(small_library: SmallLibrary) -> None:
    settings = AnswerSettings(model="extractive")
    model = choose_model("extractive", small_library.library, settings).model
    assert fitting_variations(model) == [name for name in VARIATIONS if name != "paraphrase"]
    with pytest.raises(VariationError, match="cannot put a question in other words"):
        find_variation("paraphrase").reword(model, settings)
    with pytest.raises(VariationError, match="There is no variation 'mood'; there are other-seed"):
        find_variation("mood")


@pytest.mark.slow
def test_every_variation_is_a_setting_of_a_run_and_is_compared_with_the_first(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    """A scripted model that says the number of the passage that it reads last, and the words
    around a question; so the order of passages and the frame show, and nothing else does."""

    def reply(body: Body) -> Reply:
        said = json.dumps(body)
        if "other words" in said:
            return Reply("Tell me how hot that loaf has to be baked.")
        framed = "documents, please" in said
        last = max(said.rfind("[1]"), 0) > max(said.rfind("[2]"), 0)
        return Reply(f"The harbour{' of Saint-Malo' * framed} rises {1 + last} metres [1].")

    cases = write_cases(tmp_path / "cases.jsonl")
    rows = [json.loads(line) for line in cases.read_text().splitlines()]
    cases.write_text("\n".join(json.dumps(row) for row in rows if row.get("answerable", True)))
    with ScriptedOllama(replies=[reply]) as server:
        (tmp_path / "settings.toml").write_text(f'[answer]\nollama_url = "{server.url}"\n')
        words = (
            "eval", "sensitivity", cases, "--library", small_library.folder,
            "--model", "ollama:llama3.2", "--strategy", "direct", "--output", tmp_path / "run",
        )  # fmt: skip
        found = output(citebound(*words, "--json"))
        asked = _calls(server)
        text = citebound(*words)
        assert _calls(server) == asked == 6 * 3 + 3
    figures = {one["name"]: one for one in found["variations"]}
    assert [*figures] == [*VARIATIONS]
    assert {name: one["other_answer"]["mean"] for name, one in figures.items()} == {
        "other-seed": 0.0, "white-space": 0.0, "passage-order": 1.0, "frame": 0.0,
        "paraphrase": 0.0,
    }  # fmt: skip
    assert figures["frame"]["other_words"]["mean"] == 1.0
    assert figures["passage-order"]["changed"][0]["how"] == "other numbers: 1, 2"
    (changed, *_) = figures["passage-order"]["changed"]
    assert changed["before"]["asked"] == changed["after"]["asked"]
    assert text.returncode == 0
    assert "passage-order, case 0-0: other numbers: 1, 2" in text.stdout
    records = list(RunFolder.open(tmp_path / "run").records())
    assert len(records) == 6 * 3
    asked_as = {
        name: {one.answer["question"] for one in records if one.setting == name and one.answer}
        for name in ("paraphrase", "white-space")
    }
    assert asked_as["paraphrase"] == {"Tell me how hot that loaf has to be baked."}
    assert all("  " in question for question in asked_as["white-space"])


def test_a_model_that_gives_the_question_back_has_written_no_paraphrase(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    with ScriptedOllama(replies=[lambda body: Reply(_question_of(body))]) as server:
        base = AnswerSettings(
            model="ollama:llama3.2", strategy="direct", ollama_url=server.url, calls_at_once=1
        )
        ways = varied_ways(base, [find_variation("paraphrase")])
        prepared = ready(small_library.library, cases, ways=ways)
        _, records = run(tmp_path / "run", small_library.library, prepared)
    failed = [one.error for one in records if one.setting == "paraphrase"]
    assert len(failed) == 4
    assert all("wrote no paraphrase of the question" in error for error in failed)
    (figures,) = sensitivity(RunFolder.open(tmp_path / "run"))
    assert (figures.failed, figures.other_answer.mean) == (4, None)


def _calls(server: ScriptedOllama) -> int:
    return sum(request.path == "/api/chat" for request in server.requests)


def _question_of(body: Body) -> str:
    said: str = body["messages"][-1]["content"]
    return said.rpartition("Question:")[2].strip()


def test_a_run_of_one_setting_tells_nothing(small_library: SmallLibrary, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    run(tmp_path / "run", small_library.library, ready(small_library.library, cases))
    with pytest.raises(SensitivityError, match="has one setting alone"):
        sensitivity(RunFolder.open(tmp_path / "run"))


def test_variations_that_come_to_nothing_fail_the_command_and_say_why(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    def reply(body: Body) -> Reply:
        framed = "documents, please" in json.dumps(body)
        return Reply(fault="status_500", error_message="boom") if framed else Reply("Nine bar [1].")

    cases = write_cases(tmp_path / "cases.jsonl")
    with ScriptedOllama(replies=[reply]) as server:
        (tmp_path / "settings.toml").write_text(f'[answer]\nollama_url = "{server.url}"\n')
        done = citebound(
            "eval", "sensitivity", cases, "--library", small_library.folder, "--variation", "frame",
            "--model", "ollama:llama3.2", "--strategy", "direct", "--output", tmp_path / "run",
        )  # fmt: skip
    assert done.returncode == 1
    assert "(4 cases failed)" in done.stdout
    assert "frame: only 0.0% of the cases have the score" in done.stderr
    assert "boom" in done.stderr
