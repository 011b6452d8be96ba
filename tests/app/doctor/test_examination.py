"""Checks are run one after another, and what one does costs none of the others."""

from __future__ import annotations

import socket
import time

from app.doctor.connections import heard_hosts, is_this_machine
from app.doctor.examination import CHECKS, Check, checks_for, examine
from app.doctor.finding import Finding, ok
from app.doctor.visit import Visit
from ingest.errors import LibraryError


def breaks(_: Visit) -> Finding:
    raise ZeroDivisionError("a mistake\nof ours")


def fails(_: Visit) -> Finding:
    raise LibraryError("The library is gone.")


def hangs(_: Visit) -> Finding:
    time.sleep(2)
    return ok("It was waited for.")


def test_a_check_that_breaks_fails_or_hangs_is_a_finding_and_the_next_one_is_run() -> None:
    checks = [Check(run.__name__, run, "Do this.", limit=0.3) for run in (breaks, fails, hangs)]
    begun: list[str] = []
    last = Check("last", lambda _: ok("Well."), "")
    findings = list(examine(checks=[*checks, last], on_check=begun.append))
    assert [finding.name for finding in findings] == begun == ["breaks", "fails", "hangs", "last"]
    assert [finding.found for finding in findings] == [
        "It failed in an unforeseen way (ZeroDivisionError: a mistake of ours).",
        "The library is gone.",
        "It has not ended within 0.3 s and was given up.",
        "Well.",
    ]
    assert [finding.state for finding in findings] == ["failed"] * 3 + ["ok"]
    assert {finding.to_do for finding in findings[:3]} == {"Do this."}
    assert 0.3 <= findings[2].seconds < 2


def test_findings_come_one_by_one() -> None:
    begun: list[str] = []
    checks = [Check(name, lambda _: ok("Well."), "") for name in ("first", "second")]
    findings = examine(checks=checks, on_check=begun.append)
    assert next(findings).name == "first"
    assert begun == ["first"]
    findings.close()  # type: ignore[attr-defined]


def test_the_whole_window_is_filled_only_when_asked() -> None:
    names = [check.name for check in checks_for(window=True)]
    assert len(names) == len(CHECKS) + 1
    assert names[names.index("A question to the model") + 1] == "The model's whole window"
    assert checks_for(window=False) == CHECKS


def test_other_machines_are_heard_while_somebody_listens() -> None:
    with heard_hosts() as hosts, heard_hosts() as others:
        for host in ("127.0.0.1", "192.0.2.1"):  # the second is an address for documentation
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.connect((host, 9))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.2", 9))
    assert hosts == others == {"192.0.2.1"}


def test_this_machine_is_known_by_all_its_names() -> None:
    assert all(map(is_this_machine, ("127.0.0.1", "::1", "localhost", "0.0.0.0", "127.3.2.1")))  # noqa: S104
    assert not any(map(is_this_machine, ("10.0.0.5", "example.org", "::2", "127.0.0.1.evil.org")))
