"""Where the pages of this package lie; ``main.py`` puts all pages together."""

from __future__ import annotations

from pathlib import Path

EVAL = Path(__file__).parent / "measured" / "show.py"
