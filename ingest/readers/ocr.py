"""A picture of text -> its lines, by RapidOCR's models on ONNX Runtime (the extra ``ocr``).

The models are part of the package: nothing is downloaded. OpenVINO runs them a fifth faster, but
takes more memory with every page, for each line has a width of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy

INSTALL = "pip install 'citebound[ocr]'"
LEAST_SCORE = 0.6  # of 1, how sure the model is of a line; noise in photographs scores less
DETECTION_SIDE = 1472  # pixels; finds the same lines as 2000 does in half the time and memory

Corners = tuple[tuple[float, float], ...]
Engine = Any  # RapidOCR is an optional package


@dataclass(frozen=True)
class ReadLine:
    """One line of text in a picture; its corners in pixels go round from the upper left."""

    text: str
    corners: Corners


def is_installed() -> bool:
    """Whether the extra ``ocr`` is there."""
    return find_spec("rapidocr") is not None


def read_picture(picture: numpy.ndarray) -> list[ReadLine]:
    """The lines of text in a picture (height, width, 3 colours of 8 bits), in no special order."""
    found = _engine()(numpy.ascontiguousarray(picture))
    texts: Sequence[str] = found.txts or ()
    return [
        ReadLine(text.strip(), tuple((float(x), float(y)) for x, y in corners))
        for text, corners in zip(texts, found.boxes if texts else (), strict=True)
        if any(character.isalnum() for character in text)
    ]


@lru_cache(maxsize=1)
def _engine() -> Engine:
    """The models, loaded once in a process; one thread, for workers run beside each other."""
    from rapidocr import EngineType, RapidOCR

    kinds = ("Det", "Cls", "Rec")
    engine = RapidOCR(
        params={
            **{f"{kind}.engine_type": EngineType.ONNXRUNTIME for kind in kinds},
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "critical",
            "Global.text_score": LEAST_SCORE,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTION_SIDE,
            "Rec.rec_batch_num": 1,  # lines of one batch are padded to the longest
        }
    )
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return engine
