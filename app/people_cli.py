"""The commands ``citebound people``: who signs in with a password, and who sees which library."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from app.people.person import clean_name
from ingest.cli import json_option
from ingest.errors import CiteboundError
from ingest.settings import library_folder

stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; for scripts."
)
names_argument = click.argument("names", metavar="NAME...", nargs=-1, required=True)


@click.group("people")
def people_group() -> None:
    """Look after who may use the page; with nobody, it belongs to whoever opens it."""


@people_group.command("add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="May add documents, remove them, and change models.")
@stdin_option
def add_command(name: str, admin: bool, password_stdin: bool) -> None:
    """Let NAME sign in with a password, which is asked for."""
    from app.people.roster import add_person, read_roster

    name = clean_name(name)
    if name in read_roster():  # said before a password is asked for
        raise click.UsageError(f"{name} is there already.")
    _say_kept(name)
    add_person(name, _new_password_hash(password_stdin), admin=admin)
    told = "" if admin else "; share a library with them: citebound people share LIBRARY NAME"
    click.echo(f"{name} can sign in{' and is an admin' if admin else ''}{told}.")


@people_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List who signs in with a password."""
    import json

    from app.people.roster import read_roster

    people = read_roster()
    if as_json:
        shown = [{"name": name, "admin": entry.admin} for name, entry in sorted(people.items())]
        click.echo(json.dumps({"people": shown}, ensure_ascii=False))
    elif not people:
        click.echo("Nobody signs in with a password; add somebody: citebound people add NAME")
    for name, entry in sorted(people.items()) if not as_json else ():
        click.echo(f"{name}{'  (admin)' if entry.admin else ''}")


@people_group.command("remove")
@click.argument("name")
def remove_command(name: str) -> None:
    """Let NAME no longer sign in; who is signed in is signed out."""
    from app.people.roster import remove_person

    name = clean_name(name)
    remove_person(name)
    click.echo(f"{name} can no longer sign in with a password.")
    _say_kept(name)


@people_group.command("forget")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def forget_command(name: str, yes: bool) -> None:
    """Delete NAME's conversations for good and share no library with them."""
    from app.people.kept import forget, kept_of

    name = clean_name(name)
    found = kept_of(name)
    if not yes and found:
        _say_kept(name)
        click.confirm("Delete that for good?", abort=True)
    for kept in found:
        forget(name, kept)
    click.echo(f"Nothing is kept in the name of {name}.")


@people_group.command("password")
@click.argument("name")
@stdin_option
def password_command(name: str, password_stdin: bool) -> None:
    """Give NAME a new password; who is signed in is signed out."""
    from app.people.roster import read_roster, set_password

    name = clean_name(name)
    if name not in read_roster():
        raise click.UsageError(f"There is nobody called {name}; see: citebound people list")
    set_password(name, _new_password_hash(password_stdin))
    click.echo(f"{name} has a new password.")


@people_group.command("share")
@click.argument("library")
@names_argument
def share_command(library: str, names: Sequence[str]) -> None:
    """Let each NAME see LIBRARY, a name or the path of a folder; admins see all."""
    from app.people.sharing import share

    share(library_folder(library), [clean_name(name) for name in names])
    _say_shared(library)


@people_group.command("unshare")
@click.argument("library")
@names_argument
def unshare_command(library: str, names: Sequence[str]) -> None:
    """Let each NAME no longer see LIBRARY."""
    from app.people.sharing import unshare

    unshare(library_folder(library), [clean_name(name) for name in names])
    _say_shared(library)


def _say_kept(name: str) -> None:
    """What whoever is called so sees, where that is anything; on standard error."""
    from app.people.kept import kept_of

    found = kept_of(name)
    for kept in found:
        shared = "shared with them, " if kept.shared else ""
        count = f"{kept.conversations:,} conversation{'s' if kept.conversations != 1 else ''}"
        click.echo(f"Kept for {name} in {kept.folder.name}: {shared}{count}.", err=True)
    if found:
        click.echo(
            f"Whoever is called {name} has that; to delete it: citebound people forget {name}",
            err=True,
        )


def _say_shared(library: str) -> None:
    from app.people.sharing import shared_with

    people = shared_with(library_folder(library))
    click.echo(f"{library} is for {', '.join(people) if people else 'nobody'}, and for admins.")


def _new_password_hash(from_stdin: bool) -> str:
    from app.people.passwords import SHORTEST, hash_password

    if from_stdin:
        return hash_password(sys.stdin.readline().rstrip("\r\n"))
    while True:
        asked = f"Password (at least {SHORTEST} characters)"
        password: str = click.prompt(
            asked, hide_input=True, confirmation_prompt="The same again", err=True
        )
        try:
            return hash_password(password)
        except CiteboundError as error:
            click.echo(str(error), err=True)
