"""People sign in to the page in a real browser: with a password, and with a provider."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, WebSocket, expect

from app.people.sharing import share, unshare
from ingest.library import Library
from tests.e2e.chat_server import chat_variables, console_script, serve_chat
from tests.e2e.conftest import watched_page
from tests.e2e.visitor import Visitor, open_list
from tests.servers.oidc_provider import OidcProvider
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

ADA, BOB = "the first engine of Ada", "the second engine of Bob"
LIT = "The lighthouse of Skerry Point was lit for the first time on 12 March 1874 [1]."
NOT_SHARED = "No library is shared with you yet"


@dataclass(frozen=True)
class Shared:
    """A page that people sign in to, the folder of its library, and its user's variables."""

    address: str
    library: Path
    variables: dict[str, str]

    def people(self, *arguments: str, said: str = "") -> None:
        """``citebound people``, as on the machine of the page."""
        command = [console_script("citebound"), "people", *arguments]
        subprocess.run(command, env=self.variables, input=said, text=True, check=True)


@pytest.fixture(scope="module")
def shared(chat_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Ada is an admin and Bob is not; nothing is shared yet."""
    folder = tmp_path_factory.mktemp("people")
    shutil.copytree(chat_folder / "library", folder / "library")
    with ScriptedOllama(replies=[Reply(LIT)]) as ollama:
        variables = chat_variables(folder, ollama_url=ollama.url)
        shared = Shared("", folder / "library", variables)
        shared.people("add", "ada", "--admin", "--password-stdin", said=ADA)
        shared.people("add", "bob", "--password-stdin", said=BOB)
        with serve_chat(folder, variables) as address:
            yield Shared(address, folder / "library", variables)


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh window for each test: nobody is signed in."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        yield context


@pytest.fixture
def bobs_page(browser: Browser) -> Iterator[Page]:
    """A second browser."""
    with browser.new_context() as context, watched_page(context) as page:
        yield page


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill the form with the keyboard alone."""
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def expect_form(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)


def session_cookie(context: BrowserContext) -> list[str]:
    return [
        cookie["value"] for cookie in context.cookies() if cookie["name"].startswith("citebound_")
    ]


@pytest.mark.parametrize("path", ["", "library", "models"])
def test_before_sign_in_nothing_of_the_page_is_told(
    visit: Visitor, shared: Shared, path: str
) -> None:
    told: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: told.append(_bytes(frame)))

    visit.page.on("websocket", listen)
    visit.page.goto(f"{shared.address}/{path}")
    expect_form(visit.page)
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    everything = b"".join(told)
    assert b"Sign in" in everything
    for secret in (b"harvest.pdf", b"Models", b"Library", b"library_books", b"llama", b"ada"):
        assert secret not in everything


@pytest.mark.slow
def test_a_person_signs_in_stays_so_and_signs_out(visit: Visitor, shared: Shared) -> None:
    page = visit.page
    page.goto(f"{shared.address}/library")
    for name, password in [("ada", "not the password"), ("nobody", ADA)]:
        sign_in(page, name, password)
        expect(page.get_by_role("alert")).to_have_text("errorThe name or the password is wrong.")
        expect(page.get_by_label("Password", exact=True)).to_have_value("")
        page.reload()
    sign_in(page, "Ada", ADA)
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("ada")
    assert len(session_cookie(page.context)) == 1
    assert "citebound" not in str(page.evaluate("document.cookie"))

    page.reload()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    second = page.context.new_page()
    second.goto(shared.address)
    expect(second.get_by_test_id("stChatInputTextArea")).to_be_visible()

    token = session_cookie(page.context)[0]
    page.get_by_role("button", name="Sign out").click()
    expect_form(page)
    second.get_by_test_id("stSidebarNavLink").filter(has_text="Models").click()
    expect_form(second)
    page.context.add_cookies(  # a copy of the cookie is worth nothing either
        [{"name": f"citebound_{shared.address.rsplit(':')[-1]}", "value": token,
          "url": shared.address}]
    )  # fmt: skip
    page.goto(shared.address)
    expect_form(page)


@pytest.mark.slow
def test_two_people_see_what_is_theirs(visit: Visitor, shared: Shared, bobs_page: Page) -> None:
    ada, bob = visit.page, bobs_page
    for page, name, password in [(ada, "ada", ADA), (bob, "bob", BOB)]:
        page.goto(f"{shared.address}/models")
        sign_in(page, name, password)
        expect(page.get_by_role("heading", name="Models")).to_be_visible()
        expect(page.get_by_text("licence").first).to_be_visible()
    expect(ada.get_by_label("Pull a model")).to_be_visible()
    expect(ada.get_by_role("button", name="Remove").first).to_be_visible()
    expect(bob.get_by_text("Models are pulled and removed by admins.")).to_be_visible()
    expect(bob.get_by_label("Pull a model")).to_have_count(0)
    expect(bob.get_by_role("button", name="Remove")).to_have_count(0)

    for page in (ada, bob):
        Visitor(page).go_to("Library")
    expect(ada.get_by_text("4 documents, 6 pages")).to_be_visible()
    expect(bob.get_by_text(NOT_SHARED)).to_be_visible()
    bob.goto(shared.address)
    expect(bob.get_by_text(NOT_SHARED)).to_be_visible()
    expect(bob.get_by_test_id("stChatInputTextArea")).to_have_count(0)

    share(shared.library, ["bob"])
    bob.reload()
    answer = Visitor(bob).ask_and_wait("When was the lighthouse of Skerry Point lit?")
    expect(answer).to_contain_text("12 March 1874")
    open_list(bob, "Model")
    expect(bob.get_by_role("option", name="extractive")).to_be_visible()
    expect(bob.get_by_role("option", name="another model")).to_have_count(0)
    bob.keyboard.press("Escape")
    Visitor(bob).go_to("Library")
    expect(bob.get_by_text("4 documents, 6 pages")).to_be_visible()
    expect(bob.get_by_text("Documents are added and removed by admins.")).to_be_visible()
    expect(bob.locator("input[type=file]")).to_have_count(0)
    unshare(shared.library, ["bob"])
    bob.reload()
    expect(bob.get_by_text(NOT_SHARED)).to_be_visible()

    note = FilePayload(name="kiln.txt", mimeType="text/plain", buffer=b"The kiln of Rowan is hot.")
    ada.get_by_role("tab", name="Add documents").click()
    ada.locator("input[type=file]").set_input_files(note)
    expect(ada.get_by_text("kiln.txt was added")).to_be_visible()


def test_who_is_removed_is_out_at_the_next_click(visit: Visitor, shared: Shared) -> None:
    shared.people("add", "eve", "--admin", "--password-stdin", said="a password for Eve")
    page = visit.page
    page.goto(f"{shared.address}/library")
    sign_in(page, "eve", "a password for Eve")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    shared.people("remove", "eve")
    visit.go_to("Models")
    expect_form(page)


def test_who_is_removed_confirms_nothing_in_a_dialog_that_stands_open(
    visit: Visitor, shared: Shared
) -> None:
    shared.people("add", "eve", "--admin", "--password-stdin", said="a password for Eve")
    page = visit.page
    with Library.open(shared.library) as library:
        document = next(one for one in library.documents() if one.name == "bees.pdf")
    page.goto(f"{shared.address}/library?document={document.id}")
    sign_in(page, "eve", "a password for Eve")
    page.get_by_role("button", name="Forget").click()
    confirm = page.get_by_role("dialog").get_by_role("button", name="Forget 1 document")
    expect(confirm).to_be_visible()
    shared.people("remove", "eve")
    confirm.click()
    expect_form(page)
    with Library.open(shared.library) as library:
        assert library.catalog.holds(document.id)


def test_what_is_measured_is_for_admins(visit: Visitor, shared: Shared) -> None:
    visit.page.goto(f"{shared.address}/eval")
    sign_in(visit.page, "bob", BOB)
    expect(visit.page.get_by_test_id("stSidebar")).to_contain_text("bob")
    links = visit.page.get_by_test_id("stSidebarNavLink")
    expect(links.filter(has_text="Models")).to_have_count(1)
    expect(links.filter(has_text="Eval")).to_have_count(0)
    expect(visit.page.get_by_role("heading", name="Eval")).to_have_count(0)


def test_after_some_wrong_tries_one_is_told_to_wait(visit: Visitor, shared: Shared) -> None:
    visit.page.goto(shared.address)
    alert = visit.page.get_by_role("alert")
    for _ in range(12):  # the first waits are short: a slow browser may come after them
        sign_in(visit.page, "mallory", "a guess at it")
        expect(visit.page.get_by_label("Password", exact=True)).to_have_value("")
        expect(alert).to_be_visible()
        if "Too many wrong tries" in alert.inner_text():
            break
    expect(alert).to_contain_text("Too many wrong tries: wait")


def test_a_provider_signs_people_in(visit: Visitor, chat_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(chat_folder / "library", tmp_path / "library")
    with OidcProvider({"sub": "7", "email": "Ada@example.org", "email_verified": True}) as provider:
        variables = chat_variables(tmp_path, ollama_url="http://127.0.0.1:1")
        secrets_file, settings = tmp_path / "secrets.toml", tmp_path / "settings.toml"
        secrets_file.write_text(provider.secrets_toml())
        secrets_file.chmod(0o600)
        settings.write_text('[page]\nadmins = ["ada@example.org"]\n')
        with serve_chat(tmp_path, variables) as address:
            page = visit.page
            page.goto(f"{address}/library")
            expect_form(page)
            page.get_by_role("button", name="Sign in with your organisation").click()
            expect(page.get_by_test_id("stSidebar")).to_contain_text(re.compile("ada.@example"))
            page.reload()
            visit.go_to("Library")
            page.get_by_role("tab", name="Add documents").click()
            expect(page.locator("input[type=file]")).to_have_count(1)
            page.get_by_role("button", name="Sign out").click()
            expect_form(page)

            provider.claims = {"sub": "ada@example.org", "email": "ada@example.org"}
            page.get_by_role("button", name="Sign in with your organisation").click()
            expect(page.get_by_test_id("stSidebar")).to_contain_text(
                re.compile("default:ada.@example")
            )
            expect(page.get_by_text(NOT_SHARED)).to_be_visible()


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
