"""A cross-encoder of sentence-transformers that tells whether a text entails a claim."""

from __future__ import annotations

import math

from app.grounding.evidence import telling_part
from ingest.errors import CiteboundError
from ingest.model_cache import ModelKind, find_model

ENTAILMENT = ("entail", "support", "consistent", "faithful")  # how such a label begins
MOST_WORDS = 300  # of evidence; these models read 512 tokens


class GroundingModelError(CiteboundError):
    """A grounding model that cannot be had or does not tell what is asked of it."""


GROUNDING_MODEL = ModelKind("grounding model", GroundingModelError)


class EntailmentModel:
    """Calls give the support of a claim by a text, 0 to 1."""

    def __init__(self, name: str) -> None:
        """Find the model of this name or folder and load it. Raises GroundingModelError."""
        source = find_model(GROUNDING_MODEL, name)
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(str(source), local_files_only=True)  # picks a GPU
        except (OSError, ValueError) as error:
            raise GroundingModelError(
                f"The grounding model {name!r} cannot be loaded ({error}); set grounding in "
                "settings to a cross-encoder that tells entailment, or to nothing."
            ) from error
        self._name = name
        self._label = self._entailment()

    def __call__(self, claim: str, evidence: str) -> float:
        """The support; of a long text only the part that tells most is read.

        Raises GroundingModelError where the model gives no number.
        """
        pair = (telling_part(claim, evidence, MOST_WORDS), claim)
        if self._label is None:
            found = self._model.predict([pair], show_progress_bar=False)[0]
        else:
            shares = self._model.predict([pair], apply_softmax=True, show_progress_bar=False)
            found = shares[0][self._label]
        if not math.isfinite(found):
            raise GroundingModelError(
                f"The grounding model {self._name!r} gives no number; its files may be damaged."
            )
        return min(1.0, max(0.0, float(found)))

    def _entailment(self) -> int | None:
        """Which of its labels says that the text entails the claim; None if it gives one score."""
        labels = {number: str(label) for number, label in self._model.config.id2label.items()}
        if len(labels) == 1:
            return None
        for number, label in labels.items():
            if label.casefold().startswith(ENTAILMENT):
                return int(number)
        raise GroundingModelError(
            f"The grounding model {self._name!r} has no label for entailment (its labels are "
            f"{', '.join(labels.values())}); set grounding in settings to one that has."
        )
