"""``citebound chat`` serves others only where they have to sign in."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.people.passwords import hash_password
from app.people.roster import add_person
from tests.commands import run_command
from tests.e2e.chat_server import console_script, free_port, wait_until_healthy


def add_ada() -> None:
    add_person("ada", hash_password("correct horse battery"), admin=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104
def test_another_address_is_refused_unless_people_sign_in(host: str) -> None:
    done = run_command("eval.cli", "chat", "--no-open", "--host", host)
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: At {host} the page would belong to whoever reaches it: let people sign in first "
        "(citebound people add NAME --admin), or leave --host out.\n"
    )


@pytest.mark.parametrize(
    ("host", "complaint"),
    [("192.0.2.1", "is no address of this machine"), ("no host", "is no address of this machine")],
)
def test_an_address_that_is_not_ours_is_named(host: str, complaint: str) -> None:
    add_ada()
    done = run_command("eval.cli", "chat", "--no-open", "--host", host, "--port", str(free_port()))
    assert (done.returncode, complaint in done.stderr) == (1, True)


def test_damaged_files_keep_the_page_shut(tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_text("[auth]\n")
    (tmp_path / "secrets.toml").chmod(0o600)
    done = run_command("eval.cli", "chat", "--no-open")
    assert (done.returncode, "auth.redirect_uri" in done.stderr) == (1, True)


@pytest.mark.parametrize(("host", "reached"), [("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])  # noqa: S104
def test_with_people_the_page_is_there_and_asks_nobody_elsewhere(
    host: str, reached: str, tmp_path: Path
) -> None:
    add_ada()
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [console_script("citebound"), "chat", "--no-open", "--host", host, "--port", str(port)],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            address = f"http://{reached}:{port}"
            wait_until_healthy(server, address)
            refused = httpx.get(f"{address}/", headers={"Origin": "http://evil.example"})
            assert refused.status_code == 403
            assert httpx.get(f"{address}/").status_code == 200
            if host == "0.0.0.0" and sys.platform == "linux":  # noqa: S104
                assert httpx.get(f"http://127.0.0.2:{port}/").status_code == 200
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            assert server.wait(10) == 143
    said = log.read_text()
    assert f"Citebound is at http://{reached}:{port} " in said
    assert "external IP" not in said  # Streamlit would ask for it at an address on the internet
    assert "Traceback" not in said
