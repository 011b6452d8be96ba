"""The page of models: what servers have; pulling and removing what Ollama has."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app.models.ollama import PullProgress
from app.settings import AnswerSettings
from app.ui.models.pull import Pull
from app.ui.models.served import progress
from app.ui.models.servers import whose_machine
from app.ui.models.try_box import MODEL, TRIAL
from app.ui.opened import look_again
from app.ui.person import Person
from app.ui.plain import JOINER
from tests.conftest import ROOT
from tests.servers.exchange import Exchange
from tests.servers.reply import Body
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI
from tests.servers.scripted_server import Route

SECONDS = 20.0
HOSTILE = "<b>x</b>![a](http://evil.example/a.png):1b"
LLAMA = "LLAMA 3.2 COMMUNITY LICENSE AGREEMENT"
CLOSED = "http://127.0.0.1:9"  # nobody listens on the port of "discard"


class Stammering(ScriptedOllama):
    """An Ollama whose pulls end before the model is whole."""

    def routes(self) -> dict[tuple[str, str], Route]:
        return {**super().routes(), ("POST", "/api/pull"): self._end_early}

    def _end_early(self, exchange: Exchange, _: Body) -> None:
        exchange.start_stream("application/x-ndjson")
        exchange.end_stream(b'{"status": "pulling manifest"}\n')


class Confused(ScriptedOllama):
    """A server that describes its models as Ollama does not."""

    def routes(self) -> dict[tuple[str, str], Route]:
        return {
            **super().routes(),
            ("POST", "/api/show"): lambda exchange, _: exchange.send_json(200, {"details": [1]}),
        }


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No answer of another test's servers, and no server but the test's own."""
    for name in ("OLLAMA", "VLLM", "OPENAI_COMPATIBLE"):
        monkeypatch.setenv(f"CITEBOUND_{name}_URL", CLOSED)
    look_again()
    yield
    look_again()


def opened(monkeypatch: pytest.MonkeyPatch, server: ScriptedOllama) -> AppTest:
    """The page of models, open, with this server as Ollama."""
    monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
    return run(AppTest.from_file(str(ROOT / "app" / "ui" / "models" / "served.py")))


def run(page: AppTest) -> AppTest:
    page.run(timeout=60)
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    """All that the page says, without Markdown's escapes."""
    shown = [*page.markdown, *page.caption, *page.info, *page.success, *page.error]
    return "\n".join(element.value for element in shown).replace("\\", "").replace(JOINER, "")


def pull(page: AppTest, name: str) -> AppTest:
    """Write a name and press the button."""
    page.text_input[0].set_value(name)
    return press(page, "Pull")


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return run(page)


def wait_for(page: AppTest, text: str) -> str:
    """Look again until the page says this; all that it says then."""
    deadline = time.monotonic() + SECONDS
    while text not in (said := texts(run(page))):
        assert time.monotonic() < deadline, said
    return said


def test_a_model_is_listed_with_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    information = {"general.finetune": "Instruct", "general.base_model.0.name": "Llama 3.2 3B"}
    with ScriptedOllama(license_text=LLAMA, model_info=information) as server:
        said = texts(opened(monkeypatch, server))
    assert "**llama3.2:latest** :orange-badge[licence restricted]" in said
    assert (
        "fine-tuned (Instruct) of Llama 3.2 3B · llama · 3.2B parameters · Q4_K_M · "
        "window of 8,192 tokens · 2.0 GB · can do completion, tools"
    ) in said
    assert "base" not in said


def test_a_base_model_says_which_way_to_answer_suits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(models=["raw"], template="{{ .Prompt }}") as server:
        assert "the way to answer that suits it is `base`" in texts(opened(monkeypatch, server))


def test_names_and_lineage_of_a_server_are_only_text(monkeypatch: pytest.MonkeyPatch) -> None:
    information = {"general.base_model.0.name": HOSTILE}
    with ScriptedOllama(models=[HOSTILE], model_info=information) as server:
        page = opened(monkeypatch, server)
    assert any(r"\<b\>x\<\/b\>\!\[a\]" in element.value for element in page.markdown)
    assert not any("<b>" in e.value for e in [*page.markdown, *page.caption])


def test_an_ollama_that_is_not_there_is_a_calm_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama() as server:
        page = run(AppTest.from_file(str(ROOT / "app" / "ui" / "models" / "served.py")))
        assert f"Ollama does not answer at {CLOSED}. Start it with: ollama serve" in texts(page)
        assert not page.error
        assert "Without it everything works" in texts(page)
        assert not page.text_input
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        assert "llama3.2:latest" in texts(press(page, "Look again"))


def test_a_model_is_pulled_while_the_page_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(pullable=["wren"], pull_pause_seconds=0.3) as server:
        page = pull(opened(monkeypatch, server), " wren ")
        assert "Cancel" in [button.label for button in page.button]
        assert "wren:latest" not in texts(page)
        said = wait_for(page, "wren is there")
        assert "**wren:latest**" in said
        assert "Cancel" not in [button.label for button in page.button]
        assert [r.body for r in server.requests_to("/api/pull")] == [{"model": "wren"}]


def test_a_pull_goes_on_when_the_page_is_loaded_anew_and_can_be_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedOllama(pullable=["wren"], pull_pause_seconds=2.0) as server:
        pull(opened(monkeypatch, server), "wren")
        page = opened(monkeypatch, server)
        assert "wren: cancelled" in texts(press(page, "Cancel"))
        assert server.wait_for_disconnect()
        assert server.models == ["llama3.2:latest"]
        said = texts(pull(page, "nothing"))
        assert "cancelled" not in said
        wait_for(page, "Ollama cannot pull 'nothing': pull model manifest")


def test_a_pull_that_ends_too_early_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with Stammering() as server:
        page = pull(opened(monkeypatch, server), "wren")
        wait_for(page, "stopped while it pulled 'wren'. Pull it again")
        assert len(page.error) == 1


def test_a_name_that_is_empty_or_being_pulled_pulls_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedOllama(pullable=["wren"], pull_pause_seconds=0.3) as server:
        page = pull(pull(pull(opened(monkeypatch, server), " "), "wren"), "wren")
        wait_for(page, "wren is there")
        assert len(server.requests_to("/api/pull")) == 1


def test_a_model_is_not_removed_before_it_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(models=["raven", "wren"]) as server:
        page = opened(monkeypatch, server)
        page.button(key="remove-wren:latest").click()
        assert "**wren:latest**, 2.0 GB" in texts(run(page))
        assert server.models == ["raven:latest", "wren:latest"]
        assert not server.requests_to("/api/delete")


def test_what_is_no_ollama_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with Confused() as server:
        assert "does not speak as Ollama does" in texts(opened(monkeypatch, server))


def test_models_of_other_servers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOpenAI(models=["Qwen/Qwen3-4B"], max_model_len=4096) as vllm:
        monkeypatch.setenv("CITEBOUND_VLLM_URL", vllm.base_url)
        page = run(AppTest.from_file(str(ROOT / "app" / "ui" / "models" / "served.py")))
    said = texts(page)
    assert "**vLLM** :green-badge[answers]" in said
    assert "**OpenAI-compatible** :blue-badge[does not answer]" in said
    assert "**vllm:Qwen/Qwen3-4B**" in said
    assert "window of 4,096 tokens" in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:11434", "on this machine"),
        ("http://[::1]:11434", "on this machine"),
        ("http://localhost:8000/v1", "on this machine"),
        ("http://192.168.1.5:11434", "on another machine"),
        ("http://127.0.0.1.evil.example/v1", "on another machine"),
        ("http://localhost.evil.example/v1", "on another machine"),
    ],
)
def test_whose_machine_a_server_is_on_is_told(address: str, said: str) -> None:
    assert whose_machine(address).startswith(said)


def test_the_built_in_answerer_is_always_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(models=[]) as server:
        said = texts(opened(monkeypatch, server))
    assert "**Built-in answerer** :green-badge[always there]" in said
    assert "As soon as a server has a model, it can be tried here." in said


def test_only_administrators_pull_and_remove(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.person.OWNER", Person("ann", admin=False))
    with ScriptedOllama() as server:
        page = opened(monkeypatch, server)
    assert "llama3.2:latest" in texts(page)
    assert [button.label for button in page.button] == ["Look again", "Send"]


def test_who_is_no_admin_any_more_pulls_nothing_on_a_page_drawn_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedOllama(pullable=["wren"]) as server:
        page = opened(monkeypatch, server)
        monkeypatch.setattr("app.ui.person.OWNER", Person("ann", admin=False))
        pull(page, "wren")
        assert not server.requests_to("/api/pull")
        assert "wren" not in texts(page)


def test_a_browser_has_no_model_tried_that_it_was_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedOllama() as server:
        page = opened(monkeypatch, server)
        box = page.selectbox(key=MODEL)
        box.options.append("gguf:/any/file")  # as a browser of one's own would have it
        box.set_value("gguf:/any/file")
        press(page, "Send")
        assert TRIAL not in page.session_state
        page.selectbox(key=MODEL).set_value("ollama:llama3.2:latest")
        press(page, "Send")
        assert page.session_state[TRIAL].spec == "ollama:llama3.2:latest"


def test_a_pull_that_was_cancelled_stays_cancelled_whatever_fails_later() -> None:
    given_up, others = Pull("wren"), set(threading.enumerate())
    given_up.cancel()
    given_up.start(AnswerSettings(ollama_url=CLOSED))
    for thread in set(threading.enumerate()) - others:
        thread.join(SECONDS)
    assert given_up.state == "cancelled"


def test_progress_is_told_in_gigabytes_where_it_is_about_bytes() -> None:
    assert progress(PullProgress("pulling manifest", 0, 0)) == "pulling manifest"
    assert progress(PullProgress("pulling ab", 500_000_000, 2_000_000_000)) == (
        "pulling ab, 0.5 of 2.0 GB"
    )
