"""The command ``citebound eval``, and with it the whole of ``citebound``.

The whole is put together here, since eval may import app and not the other way round.
"""

from __future__ import annotations

from app.cli import citebound
from eval.commands.answers import answers_command
from eval.commands.bench import bench_command
from eval.commands.cases import cases_group
from eval.commands.chat import chat_command
from eval.commands.compare import compare_command
from eval.commands.gate import gate_command
from eval.commands.grounding import grounding_command
from eval.commands.judge import judge_command
from eval.commands.leaderboard import leaderboard_command
from eval.commands.report import report_command
from eval.commands.retrieval import retrieval_command
from eval.commands.run import run_command
from eval.commands.sensitivity import sensitivity_command
from eval.commands.sweep import sweep_command
from ingest.cli import run_command as run_and_exit
from ingest.errors import CiteboundError
from prompts.template import PromptError

citebound.add_command(chat_command)


@citebound.group("eval")
def eval_group() -> None:
    """Measure how good searches and answers are."""


for command in (
    retrieval_command, answers_command, grounding_command, cases_group, run_command,
    report_command, compare_command, gate_command, leaderboard_command, judge_command,
    sensitivity_command, sweep_command, bench_command,
):  # fmt: skip
    eval_group.add_command(command)


def main() -> None:
    """The console command ``citebound``."""
    run_and_exit(citebound, errors=(CiteboundError, PromptError))
