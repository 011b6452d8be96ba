"""Does each thing really work? It is checked by doing it, and what fails says what to do."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from app.counted import counted
from app.doctor.examination import PRIVACY, READ_ALWAYS, checks_for
from app.doctor.finding import Finding, Row, State
from app.ui.doctor.checkup import CHECKUPS, Checkup
from app.ui.person import for_admins, require_admin
from app.ui.plain import plain

LOOK_SECONDS = 0.3  # between two looks at checks that go on
WINDOW = "doctor_window"
ICONS: dict[State, str] = {
    "failed": ":material/error:", "note": ":material/info:", "ok": ":material/check_circle:",
}  # fmt: skip
COLOURS: dict[State, str] = {"failed": "red", "note": "orange", "ok": "green"}


def show_doctor() -> None:
    """The page."""
    st.header("Doctor", anchor=False)
    require_admin()
    known = CHECKUPS
    running = bool(known) and known[-1].is_running
    st.markdown(
        "Each thing is tried out: a small library is written, searched and asked, your own is "
        "compared with itself, and whatever does not work says what to do. It takes some seconds."
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.button(
            "Check everything", icon=":material/stethoscope:", type="primary", disabled=running,
            on_click=for_admins(_begin), args=(known,),
        )  # fmt: skip
        st.checkbox(
            "Fill the model's window too",
            key=WINDOW,
            disabled=running,
            help="Sends one prompt as long as settings allow, to see that the model's server reads "
            "all of it. Without a graphics card that may take minutes.",
        )
    if known:
        every = LOOK_SECONDS if running else None
        st.fragment(_follow, run_every=every)(known[-1], running=running)


def _begin(known: list[Checkup]) -> None:
    if known and known[-1].is_running:  # begun on another page meanwhile
        return
    checks = checks_for(window=bool(st.session_state[WINDOW]))
    known[:] = [Checkup(checks, port=int(st.get_option("server.port")))]
    known[-1].start()


def _follow(checkup: Checkup, *, running: bool) -> None:
    """What was found so far; while more is to come it is drawn anew by itself."""
    require_admin()
    if running and not checkup.is_running:
        st.rerun()
    if running:
        st.progress(checkup.share, text=f"Checking: {plain(checkup.doing)}")
    else:
        _summary(checkup)
    with st.container(gap="xsmall"):
        for state in ICONS:
            for finding in checkup.of_state(state):
                if state != "ok" or finding.name not in READ_ALWAYS:
                    _show(finding)
    for finding in reversed(checkup.findings):
        if finding.name in READ_ALWAYS:
            _show_section(finding)


def _summary(checkup: Checkup) -> None:
    failures = len(checkup.of_state("failed"))
    when = f"Checked on {checkup.begun:%Y-%m-%d at %H:%M} in {checkup.seconds:.0f} s."
    if checkup.error is not None:
        st.error(plain(checkup.error), icon=ICONS["failed"])
    elif failures:
        said = f"{counted(failures, 'thing')} of {len(checkup.checks)} failed. {when}"
        st.error(said, icon=ICONS["failed"])
    elif notes := len(checkup.of_state("note")):
        said = f"Everything works, and {counted(notes, 'thing')} may be worth a look. {when}"
        st.success(said, icon=ICONS["ok"])
    else:
        st.success(f"Everything works. {when}", icon=ICONS["ok"])


def _show(finding: Finding) -> None:
    """What was found, with its details; open where it failed."""
    failed = finding.state == "failed"
    mark = f":{COLOURS[finding.state]}[{ICONS[finding.state]}]"
    label = f"{mark} **{finding.name}**{'' if failed else f' · {plain(finding.found)}'}"
    with st.expander(label, expanded=failed):
        if failed:
            st.markdown(plain(finding.found))
        if finding.to_do:
            st.markdown(f"**What to do:** {plain(finding.to_do)}")
        _table(finding.rows)
        st.caption(f"It took {finding.seconds:.1f} s.")


def _show_section(finding: Finding) -> None:
    """What leaves this machine, or which versions are installed: read whether well or not."""
    nothing = finding.name == PRIVACY and finding.state == "ok"
    st.subheader(f"{finding.name}{': nothing' if nothing else ''}", anchor=False)
    if finding.state != "ok":
        st.markdown(plain(finding.found))
    _table(finding.rows, "How it stands" if finding.name == PRIVACY else "Version")


def _table(rows: Iterable[Row], second: str = "How it stands") -> None:
    lines = [f"| {plain(name)} | {plain(value)} |" for name, value in rows]
    if lines:
        st.markdown("\n".join([f"| What | {second} |", "|---|---|", *lines]))


show_doctor()
