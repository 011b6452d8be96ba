"""An answer that ``citebound ask --json`` has printed, given back to another command."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.printed_file import first_fault, read_printed
from ingest.errors import CiteboundError


class AnswerFileError(CiteboundError):
    """A file that cannot be read or holds no answer."""


class PrintedPassage(BaseModel):
    """A passage of a receipt."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    joined: tuple[str, ...] = ()

    @property
    def chunks(self) -> tuple[str, ...]:
        """The ids of the chunks that it is made of."""
        return self.joined or (self.id,)


class PrintedReceipt(BaseModel):
    """What is needed of a receipt: its passages are numbered as the answer's marks are."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    passages: tuple[PrintedPassage, ...]
    cut_off: bool = False


class PrintedAnswer(BaseModel):
    """What ``citebound ask --json`` prints. Its checks are made anew, not believed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    standalone_question: str = Field(min_length=1)
    answer: str
    receipt: PrintedReceipt


def read_printed_answer(path: Path) -> PrintedAnswer:
    """Read it. Raises AnswerFileError saying what is wrong."""
    try:
        return PrintedAnswer.model_validate_json(read_printed(path))
    except (OSError, UnicodeDecodeError) as error:
        raise AnswerFileError(f"The answer {path} cannot be read: {error}.") from error
    except ValidationError as error:
        raise AnswerFileError(
            f"The file {path} is no answer ({first_fault(error)}); save one with: citebound ask "
            "QUESTION --json > FILE"
        ) from error
