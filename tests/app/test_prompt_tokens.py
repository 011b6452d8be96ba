"""Prompts are counted, what servers report is compared, and a prompt that was cut is sent anew."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from app.events import PROMPT_CUT, Message
from app.models.choose import served_model
from app.models.model import ModelError, Sampling
from app.models.token_estimate import CorrectedEstimate, estimate_tokens
from app.settings import AnswerSettings
from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.app.asking import ask
from tests.pdfs import write_pdf
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI

QUESTION = "When was the Forth Bridge opened?"
TEXT = "The Forth Bridge was opened to trains on 4 March 1890 [1]."
LONG = [Message("user", "A sentence of quite common words. " * 100)]


@pytest.fixture(scope="module")
def long_pages(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[Library]:
    """A document whose pages are long enough that a few of them fill a small window."""
    folder = tmp_path_factory.mktemp("long")
    more = "Painters went over the bridge from one end to the other and then began again. "
    pages = [[f"On page {n} the Forth Bridge was opened to trains on 4 March 1890. " + more * 8]
             for n in range(1, 13)]  # fmt: skip
    write_pdf(
        folder / "pdfs" / "long.pdf", [[*map(str.strip, textwrap.wrap(p[0], 90))] for p in pages]
    )
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(folder / "pdfs", library)
        yield library


def test_a_prompt_that_the_server_cut_is_packed_anew_and_the_answer_says_so(
    long_pages: Library,
) -> None:
    with ScriptedOllama(
        models=["m"], replies=[Reply("Nonsense."), Reply(TEXT)], reads_at_most=800
    ) as server:
        settings = AnswerSettings(ollama_url=server.url, answer_tokens=16)
        asked = ask(long_pages, QUESTION, spec="ollama:m", settings=settings)
        first, second = server.requests_to("/api/chat")
    answer = asked.answer
    assert answer.text == TEXT  # nothing of what came of the cut prompt
    assert [claim.verdict for claim in answer.claims] == ["supported"]
    assert answer.receipt.warnings == [PROMPT_CUT]
    assert [call.prompt_cut for call in answer.receipt.calls] == [True, False]
    assert "Withdrawn" in asked.kinds
    lengths = [len(request.body["messages"][1]["content"]) for request in (first, second)]
    assert lengths[1] < lengths[0]
    assert answer.receipt.passages_left_out > 0
    assert len(answer.passages) == 8


def test_a_prompt_as_long_as_the_window_gets_a_larger_window() -> None:
    with ScriptedOllama(models=["m"], context_length=20_000) as server:
        settings = AnswerSettings(ollama_url=server.url, context_tokens=20_000)
        model = served_model("ollama:m", settings)
        short_words = [Message("user", "a " * 4900)]  # the estimate takes them for 3,274
        for _ in range(2):
            list(model.stream(short_words, Sampling(500)))
        windows = [one.body["options"]["num_ctx"] for one in server.requests_to("/api/chat")]
    assert windows == [4096, 8192]


def test_a_cut_is_seen_though_another_call_has_had_the_window_grow_meanwhile() -> None:
    with ScriptedOllama(models=["m"], context_length=20_000, replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(ollama_url=server.url, context_tokens=20_000)
        model = served_model("ollama:m", settings)
        slow = model.stream([Message("user", "a " * 4900)], Sampling(500))  # with 4,096
        next(slow)
        list(model.stream([Message("user", "word " * 8000)], Sampling(500)))
        assert getattr(list(slow)[-1], "prompt_cut", None) is True


def test_a_server_that_cuts_again_is_an_error_that_says_what_to_do(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT, prompt_tokens=60)]) as server:
        settings = AnswerSettings(ollama_url=server.url, answer_tokens=16)
        asked = ask(facts, QUESTION, spec="ollama:m", settings=settings)
    assert "No passage fits into the model's window: 44 tokens" in str(asked.error)


def test_a_prompt_that_the_server_has_cached_is_not_taken_for_cut() -> None:
    with ScriptedOllama(
        models=["m"], replies=[Reply("Yes."), Reply("Yes.", prompt_tokens=1)]
    ) as server:
        model = served_model("ollama:m", AnswerSettings(ollama_url=server.url))
        for _ in range(2):
            usage = list(model.stream(LONG, Sampling(50)))[-1]
            assert getattr(usage, "prompt_cut", None) is False
        assert model.context_tokens == 8192


def test_a_batch_that_the_server_cut_is_read_in_smaller_ones(long_pages: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply("NOTHING")], reads_at_most=800) as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="exhaustive", answer_tokens=16)
        asked = ask(long_pages, QUESTION, spec="ollama:m", settings=settings)
    assert str(asked.answer.coverage) == "read 1 of 1 documents, 12 of 12 pages"
    cut, *others = asked.answer.receipt.calls
    assert cut.prompt_cut
    assert len(others) > 2
    assert not any(call.prompt_cut for call in others)


def test_batches_are_made_smaller_once_their_text_turns_out_to_have_more_tokens(
    long_pages: Library,
) -> None:
    def dense(body: Body) -> Reply:
        sent = [Message(one["role"], one["content"]) for one in body["messages"]]
        return Reply("NOTHING", prompt_tokens=int(1.3 * estimate_tokens(sent)))

    with ScriptedOllama(models=["m"], replies=[dense]) as server:
        settings = AnswerSettings(
            ollama_url=server.url, strategy="exhaustive", context_tokens=1024, answer_tokens=16
        )
        asked = ask(long_pages, QUESTION, spec="ollama:m", settings=settings)
    assert str(asked.answer.coverage) == "read 1 of 1 documents, 12 of 12 pages"
    sent = [estimate_tokens(call.messages) for call in asked.answer.receipt.calls]
    assert max(sent[1:]) < sent[0]


def test_vllm_counts_with_the_models_own_tokenizer() -> None:
    with ScriptedOpenAI(models=["m"], tokenizes=True) as server:
        model = served_model("vllm:m", AnswerSettings(vllm_url=server.base_url))
        turns = [Message("system", "Be brief."), Message("user", "one two three")]
        assert model.count(turns) == 5
        assert model.count([Message("text", "one two")]) == 2
        sent, text = (one.body for one in server.requests_to("/tokenize"))
    assert sent["messages"][1] == {"role": "user", "content": "one two three"}
    assert (text["model"], text["prompt"]) == ("m", "one two")


def test_exact_counts_leave_room_for_more_passages(facts: Library) -> None:
    kept = {}
    for exact in (False, True):
        with ScriptedOpenAI(
            models=["m"], replies=[Reply(TEXT)], max_model_len=1024, tokenizes=exact
        ) as server:
            settings = AnswerSettings(vllm_url=server.base_url, answer_tokens=500)
            answer = ask(facts, QUESTION, spec="vllm:m", settings=settings).answer
        kept[exact] = 8 - answer.receipt.passages_left_out
    assert kept[False] < kept[True]


def test_a_server_that_cannot_count_is_asked_once() -> None:
    with ScriptedOpenAI(models=["m"]) as server:
        model = served_model("vllm:m", AnswerSettings(vllm_url=server.base_url))
        assert {model.count(LONG) for _ in range(3)} == {estimate_tokens(LONG)}
        assert len(server.requests_to("/tokenize")) == 1


def test_a_tokenizer_file_counts_exactly(tmp_path: Path) -> None:
    words = Tokenizer(models.WordLevel({"one": 0, "two": 1, "?": 2}, unk_token="?"))  # noqa: S106
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(str(tmp_path / "tokenizer.json"))
    with ScriptedOpenAI(models=["m"]) as server:
        settings = AnswerSettings(openai_compatible_url=server.base_url, tokenizer=str(tmp_path))
        model = served_model("openai-compatible:m", settings)
        counts = [model.count([Message("user", "one two " * n)]) for n in (1, 10)]
        assert counts[1] - counts[0] == 18
        with pytest.raises(ModelError, match="There is no tokenizer 'nowhere/at-all'"):
            served_model(
                "openai-compatible:m", settings.model_copy(update={"tokenizer": "nowhere/at-all"})
            )


def test_a_tokenizer_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    settings = AnswerSettings(tokenizer=str(tmp_path / "tokenizer.json"))
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read"):
        served_model("openai-compatible:m", settings)


def test_the_estimate_is_corrected_upwards_by_the_highest_count() -> None:
    estimate = CorrectedEstimate()
    estimated = estimate_tokens(LONG)
    estimate.learn(LONG, 2 * estimated)
    estimate.learn(LONG, estimated // 2)  # the server had cached the rest
    assert 2 * estimated < estimate.count(LONG) < 2.5 * estimated


def test_the_estimate_is_corrected_downwards_within_bounds() -> None:
    estimate = CorrectedEstimate()
    estimate.learn(LONG, 1)
    assert estimate_tokens(LONG) // 2 < estimate.count(LONG) < estimate_tokens(LONG)


def test_a_short_prompt_corrects_nothing() -> None:
    estimate = CorrectedEstimate()
    estimate.learn([Message("user", "Hi")], 90)
    assert estimate.count(LONG) == estimate_tokens(LONG)
