"""The options of commands that answer: settings that change from question to question.

Each takes its description and its limits from ``AnswerSettings``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from app.settings import AnswerSettings
from ingest.errors import SettingsError
from ingest.settings import check_setting, load_settings

OPTIONS = (
    "model", "strategy", "prompt", "temperature", "seed", "top_p", "top_k", "min_p",
    "repeat_penalty", "answer_tokens", "stop", "exemplars", "samples", "rounds", "nodes",
    "agent_calls", "agent_tokens", "agent_seconds", "unproved",
)  # fmt: skip

Command = TypeVar("Command", bound=Callable[..., object])


def question_argument(command: Command) -> Command:
    """Add the argument QUESTION, which may not be empty."""
    return click.argument("question", callback=_asked)(command)


def _asked(_: click.Context, __: click.Parameter, question: str) -> str:
    if not question.strip():
        raise click.UsageError("Ask something.")
    return question


def answer_options(*, several: tuple[str, ...] = ()) -> Callable[[Command], Command]:
    """Add the options to a command, which gets them as keyword arguments; None: not given.

    Those of ``several`` may be given more than once and come as tuples.
    """

    def add(command: Command) -> Command:
        for name in reversed(OPTIONS):
            command = _option(name, several=name in several)(command)
        return command

    return add


def _option(name: str, *, several: bool) -> Callable[[Command], Command]:
    description = AnswerSettings.model_fields[name].description or ""
    return click.option(
        f"--{name.replace('_', '-')}",
        name,
        multiple=several or name == "stop",
        callback=_checked_each if several else _checked,
        metavar="VALUE",
        help=f"{description[0].upper()}{description[1:]}{'; repeatable' if several else ''}.",
    )


def settings_with(options: dict[str, object]) -> AnswerSettings:
    """The settings, with the options that were given on top. Raises SettingsError."""
    given = {name: value for name, value in options.items() if value is not None}
    return load_settings(AnswerSettings).model_copy(update=given)


def _checked_each(
    context: click.Context, parameter: click.Parameter, values: tuple[object, ...]
) -> tuple[object, ...]:
    return tuple(_checked(context, parameter, value) for value in values)


def _checked(_: click.Context, parameter: click.Parameter, value: object) -> object:
    if value is None or value == ():
        return None
    try:
        return check_setting(AnswerSettings, str(parameter.name), value)
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error
