"""Ways to reach an answer: a dict of them, one file each."""

from __future__ import annotations

from app.strategies.agent import AGENT
from app.strategies.auto import AUTO as AUTO
from app.strategies.base import BASE as BASE
from app.strategies.chain_of_thought import CHAIN_OF_THOUGHT
from app.strategies.decomposition import DECOMPOSITION
from app.strategies.direct import DIRECT
from app.strategies.exhaustive import EXHAUSTIVE
from app.strategies.few_shot import FEW_SHOT
from app.strategies.hyde import HYDE
from app.strategies.multi_query import MULTI_QUERY
from app.strategies.quote import QUOTE as QUOTE
from app.strategies.self_consistency import SELF_CONSISTENCY
from app.strategies.self_reflection import SELF_REFLECTION
from app.strategies.strategy import Strategy
from app.strategies.strategy import StrategyError as StrategyError
from app.strategies.tree_of_thought import TREE_OF_THOUGHT

STRATEGIES = {
    strategy.name: strategy
    for strategy in (
        AUTO,
        DIRECT,
        FEW_SHOT,
        CHAIN_OF_THOUGHT,
        SELF_REFLECTION,
        SELF_CONSISTENCY,
        DECOMPOSITION,
        HYDE,
        MULTI_QUERY,
        EXHAUSTIVE,
        TREE_OF_THOUGHT,
        BASE,
        AGENT,
    )
}


def find_strategy(name: str) -> Strategy:
    """The strategy of this name. Raises StrategyError naming those that there are."""
    if name not in STRATEGIES:
        raise StrategyError(f"There is no strategy {name!r}; use one of: {', '.join(STRATEGIES)}.")
    return STRATEGIES[name]
