"""The sample handbook: the PDFs of app/handbook, built by ``make sample``."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
