"""The sample handbook: the PDFs of docs/guide, built by ``make sample``."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
