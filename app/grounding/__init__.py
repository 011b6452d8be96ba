"""How well a claim is proved by the text that it cites."""

from app.grounding.check import Check, Support, check_claim
from app.grounding.choose import choose_check

__all__ = ["Check", "Support", "check_claim", "choose_check"]
