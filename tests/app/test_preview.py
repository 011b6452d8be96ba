"""The preview is what the model is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.chain import build_chain
from app.events import Ask, Message
from app.models.choose import served_model
from app.models.model import NoRoomError
from app.models.token_estimate import estimate_tokens
from app.preview import EXEMPLARS, FRAME, PASSAGES, one_call_strategy, preview_prompt
from app.settings import AnswerSettings
from ingest.library import Library
from prompts.parts import PromptParts
from prompts.template import Prompt, load_prompt, parse_prompt
from prompts.toml_text import prompt_text
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

QUESTION = "When was the Forth Bridge opened to trains?"
EXEMPLAR = {"question": "Who pays?", "passages": ("The owner pays.",), "answer": "The owner [1]."}


def draft(**parts: object) -> Prompt:
    """A prompt that is in no file."""
    given = {"task": "Answer.", "context": "{passages}\n\n{question}", **parts}
    text = prompt_text(PromptParts.model_validate(given))
    return parse_prompt(Path("draft"), text.encode())


def without_marks(texts: Sequence[str]) -> list[str]:
    """Texts without the random mark around passages."""
    return [re.sub(r"\b[0-9a-f]{8}\b", "MARK", text) for text in texts]


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param(load_prompt("answer"), id="shipped"),
        pytest.param(draft(tone="Like a stationmaster.", exemplars=[EXEMPLAR]), id="draft"),
    ],
)
def test_the_preview_is_what_an_answer_sends(facts: Library, prompt: Prompt) -> None:
    with ScriptedOllama(replies=[Reply("On 4 March 1890 [1].")]) as server:
        settings = AnswerSettings(
            ollama_url=server.url, strategy=one_call_strategy(prompt).name, passages=4
        )
        model = served_model("ollama:llama3.2", settings)
        preview = preview_prompt(
            QUESTION, facts.search(QUESTION, top=4),
            prompt=prompt, library=facts, model=model, settings=settings,
        )  # fmt: skip
        assert not server.requests_to("/api/chat")
        build_chain(facts, model, settings, prompt=prompt).invoke(Ask(QUESTION))
        (request,) = server.requests_to("/api/chat")
    sent = [message["content"] for message in request.body["messages"]]
    assert without_marks(sent) == without_marks([m.text for m in preview.composed.messages])
    assert preview.tokens == estimate_tokens(preview.composed.messages)
    assert preview.window == 8192


def test_the_text_of_a_base_prompt_is_what_its_way_sends(facts: Library) -> None:
    prompt = load_prompt("base", purpose="base")
    with ScriptedOllama(replies=[Reply("On 4 March 1890 [1].")]) as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="base", passages=4)
        model = served_model("ollama:llama3.2", settings)
        preview = preview_prompt(
            QUESTION, facts.search(QUESTION, top=4),
            prompt=prompt, library=facts, model=model, settings=settings,
        )  # fmt: skip
        build_chain(facts, model, settings).invoke(Ask(QUESTION))
        (request,) = server.requests_to("/api/generate")
    (message,) = preview.composed.messages
    assert without_marks([request.body["prompt"]]) == without_marks([message.text])


def test_each_part_has_its_tokens_and_all_of_them_are_the_whole(facts: Library) -> None:
    prompt = draft(persona="P" * 300, exemplars=[EXEMPLAR])
    preview = preview_prompt(
        QUESTION, facts.search(QUESTION, top=4),
        prompt=prompt, library=facts, model=None, settings=AnswerSettings(),
    )  # fmt: skip
    shares = preview.shares
    assert list(shares) == ["persona", "task", "context", EXEMPLARS, PASSAGES, FRAME]
    assert shares["persona"] == 100
    assert shares[PASSAGES] == estimate_tokens([Message("user", preview.composed.shown)]) - 8
    assert sum(shares.values()) == preview.tokens


def test_what_does_not_fit_is_left_out_and_a_window_too_small_is_told(facts: Library) -> None:
    found = facts.search(QUESTION, top=8)
    wordy = draft(persona="Be exact. " * 230)

    def preview(settings: AnswerSettings, prompt: Prompt) -> int:
        shown = preview_prompt(
            QUESTION, found, prompt=prompt, library=facts, model=None, settings=settings
        )
        return shown.composed.left_out

    small = AnswerSettings(context_tokens=1024, answer_tokens=16)
    assert preview(AnswerSettings(), wordy) == 0
    assert preview(small, wordy) > 0
    with pytest.raises(NoRoomError, match="No passage fits"):
        preview(small, draft(persona="Be exact. " * 400))
