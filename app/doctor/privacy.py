"""What would leave this machine: telemetry, model servers elsewhere, and what was really heard."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies

from app.doctor.connections import is_this_machine
from app.doctor.finding import Finding, Row, failed, note, ok
from app.doctor.visit import Visit
from app.models.model import ModelError
from app.models.ollama import listed_models
from app.people.person import PeopleError
from app.people.providers import provider_hosts
from app.settings import AnswerSettings
from ingest.no_telemetry import telemetry_switches

ADDRESSES = ("ollama_url", "vllm_url", "openai_compatible_url")
STAYS = "set 127.0.0.1 there to keep them here"


def check_privacy(visit: Visit) -> Finding:
    """Every switch, every address, and every other machine that was spoken to during the checks."""
    heard = set(visit.heard)
    settings = visit.answer_settings
    elsewhere = servers_elsewhere(settings)
    providers = _providers_elsewhere()
    cloud = _cloud_models(settings)
    on = [name for name, is_off in telemetry_switches().items() if not is_off]
    unforeseen = heard - _expected([*elsewhere.values(), *providers])
    rows = tuple(_rows(elsewhere, cloud, providers, heard))
    if on:
        return failed(
            f"Telemetry is not switched off: {', '.join(on)}.",
            "Start Citebound again; it switches them off before anything else is loaded.",
            *rows,
        )
    if unforeseen:
        return failed(
            f"During these checks this process spoke to {', '.join(sorted(unforeseen))}.",
            "No setting asks for that: please report it, and stay offline until it is explained.",
            *rows,
        )
    if elsewhere or cloud or providers:
        return note(*_told(elsewhere, cloud, providers), *rows)
    return ok("Nothing.", *rows)


def servers_elsewhere(settings: AnswerSettings) -> Mapping[str, str]:
    """The hosts of model servers in settings that are other machines, by the setting's name."""
    hosts = {name: urlsplit(getattr(settings, name)).hostname or "" for name in ADDRESSES}
    return {name: host for name, host in hosts.items() if not is_this_machine(host)}


def _providers_elsewhere() -> list[str]:
    """The hosts of other machines that people sign in with."""
    try:
        return [host for host in provider_hosts() if not is_this_machine(host)]
    except PeopleError:  # with which the page says what is wrong, and nobody signs in
        return []


def _cloud_models(settings: AnswerSettings) -> list[str]:
    """The models that Ollama has other machines run."""
    try:
        listed = listed_models(settings)
    except ModelError:  # which the check of servers tells
        return []
    return [model.name for model in listed.models or () if model.remote_host]


def _told(elsewhere: Mapping[str, str], cloud: list[str], providers: list[str]) -> tuple[str, str]:
    """What goes where, and what keeps it here."""
    said = [
        f"Questions and passages go to {host} where a model there is asked ({name} in settings)"
        for name, host in elsewhere.items()
    ]
    ways = [f"Settings name another machine: {STAYS}."] if elsewhere else []
    if cloud:
        said.append(f"Ollama has {', '.join(cloud)} run by other machines, if you choose it")
        ways.append("Choose a model that runs here: auto never takes one that does not.")
    if providers:
        said.append(f"Who signs in does so with {', '.join(providers)}, which learns of it")
        ways.append("With passwords (citebound people add NAME) nobody else learns who signs in.")
    return f"{'. '.join(said)}.", " ".join(ways)


def _rows(
    elsewhere: Mapping[str, str], cloud: list[str], providers: list[str], heard: set[str]
) -> Iterable[Row]:
    off = [name for name, is_off in telemetry_switches().items() if is_off]
    yield "telemetry that is off", ", ".join(off)
    for name in ADDRESSES:
        yield f"model server ({name})", elsewhere.get(name, "on this machine")
    yield "models of Ollama that run elsewhere", ", ".join(cloud) or "none"
    yield "providers elsewhere that people sign in with", ", ".join(providers) or "none"
    said = ", ".join(sorted(heard)) or "none"
    yield "other machines that this process spoke to during these checks", said


def _expected(hosts: Iterable[str]) -> set[str]:
    """What is heard where such hosts are asked: their names, addresses, and those of proxies."""
    proxies = [urlsplit(proxy).hostname or "" for proxy in getproxies().values()]
    named = {host for host in hosts if host}
    return {name for host in (named | set(proxies) if named else ()) for name in _names(host)}


def _names(host: str) -> set[str]:
    try:
        return {host, *(str(found[4][0]) for found in socket.getaddrinfo(host, None))}
    except OSError:
        return {host}
