"""How well a claim is proved by the text that it cites."""

from app.grounding.check import Support, check_claim

__all__ = ["Support", "check_claim"]
