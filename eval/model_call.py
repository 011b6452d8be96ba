"""One call of a language model with a prompt from prompts/files: the text that it writes."""

from __future__ import annotations

import json
from dataclasses import replace

from pydantic import BaseModel

from app.events import Message, Token
from app.models.model import (
    CutPromptError,
    LanguageModel,
    NoAnswerError,
    NoRoomError,
    Sampling,
    Usage,
)
from app.thought import THINK, separate_thought
from prompts.template import Prompt


def call_model(
    model: LanguageModel,
    prompt: Prompt,
    sampling: Sampling,
    *,
    form: type[BaseModel] | None = None,
    **values: str,
) -> str:
    """What the model writes, without its thought.

    A server that can holds it to JSON of that ``form``; the reply is to be read as any. Raises
    ModelError where it fails, says nothing, or could not read the whole prompt.
    """
    system, user = prompt.render(**values)
    messages = (Message("system", system), Message("user", user))
    needed = model.count(messages) + sampling.answer_tokens
    if needed > model.context_tokens:
        raise NoRoomError(
            f"The prompt {prompt.name!r} and its answer take about {needed} tokens, and "
            f"{model.name} has a window of {model.context_tokens}. Raise context_tokens in "
            "settings."
        )
    if form is not None:
        sampling = replace(sampling, schema=json.dumps(form.model_json_schema()))
    pieces = list(separate_thought(model.stream(messages, sampling), THINK))
    if any(isinstance(piece, Usage) and piece.prompt_cut for piece in pieces):
        raise CutPromptError(
            f"{model.name} read less of the prompt {prompt.name!r} than was sent. Raise the window "
            "of the server."
        )
    text = "".join(piece.text for piece in pieces if isinstance(piece, Token)).strip()
    if not text:
        raise NoAnswerError(
            f"{model.name} said nothing. Raise answer_tokens in settings, or choose another model."
        )
    return text
