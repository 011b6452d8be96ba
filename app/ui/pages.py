"""Where the pages of this package lie; ``eval/ui/main.py`` puts all pages together."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
CHAT = HERE / "chat" / "ask.py"
LIBRARY = HERE / "library" / "documents.py"
MODELS = HERE / "models" / "served.py"
DOCTOR = HERE / "doctor" / "page.py"
PROMPTS = HERE / "wording" / "edit.py"
HANDBOOK = HERE / "handbook" / "read.py"
HANDBOOK_ADDRESS = "handbook"

WIDE = ("Library", "Prompts")  # titles of pages that take the window's whole width
