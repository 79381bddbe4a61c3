"""Every command of the pages is run, in a home of the test's own; what cannot run here is named with the reason."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import click
import pytest
import uvicorn
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from deploy import local, settings
from deploy.api import build_api
from deploy.casting import chosen_cards
from deploy.cli import app
from deploy.server import free_port
from orchestrator.services import Services
from orchestrator.storage.sealing import new_key
from tests.deploy.fleets import Cluster, LocalFleet
from tests.docs.pages import GUIDES, PAGES, READMES, ROOT, Block, Command, blocks, commands, named
from tests.orchestrator.doubles import Pool

RUN = CliRunner()
TRANSLATED = {READMES[1]: READMES[0], GUIDES[1]: GUIDES[0]}
SERVES = "serves until it is stopped; tests/serve starts the same server on real Ray"
INSTALLS = "fetches packages onto a fresh machine"
OUTSIDE = "needs a cluster, a daemon, a database or a network that tests have not"
WEIGHTS = "needs a checkpoint of billions of parameters; tests/models does it with small ones"
TRAINS = "trains for minutes and writes into the repository; tests/models trains small ones"
ELSEWHERE = {
    "make run": SERVES,
    "make install": INSTALLS,
    "lexhub serve": SERVES,
    "lexhub serve --profile lexhub.yaml": SERVES,
    "lexhub serve --profile cluster.yaml": "needs a Ray cluster; tests/cluster starts one",
    "lexhub serve --profile cpu --model dialogue=/models/Qwen3-0.6B": WEIGHTS,
    "lexhub serve --profile gpu": WEIGHTS,
    "lexhub models pin /models/Qwen3-0.6B": WEIGHTS,
    "lexhub models convert old-checkpoint new-checkpoint --base base-checkpoint": WEIGHTS,
    "lexhub ingest rebuild --encoder Qwen/Qwen3-Embedding-0.6B": WEIGHTS,
    "lexhub train planner": TRAINS,
    "lexhub train recognition": TRAINS,
    "lexhub train reading": TRAINS,
    "lexhub train asking --scripts deploy/clients/learned --scripts deploy/clients/held_out --mended deploy/clients/mended": TRAINS,
    "git pull": OUTSIDE,
    "pg_dump --format custom --file backup/sessions.dump postgresql://lexhub@127.0.0.1:5432/lexhub": OUTSIDE,
    "pg_restore --clean --if-exists --dbname postgresql://lexhub@127.0.0.1:5432/lexhub backup/sessions.dump": OUTSIDE,
    'kubectl create secret generic lexhub --from-literal=storage-keys="$(lexhub sessions key)"': OUTSIDE,
    "kubectl apply --namespace lexhub --filename deploy/kuberay.yaml": OUTSIDE,
    "docker build --file deploy/Dockerfile --tag lexhub:cpu .": OUTSIDE,
    "docker compose --file deploy/compose.yaml up --build": OUTSIDE,
}
DATA = {"yaml", "json", "tsv", "diff", "nginx", "mermaid", "text"}  # languages of blocks that are no commands


@dataclass(frozen=True)
class Desk:
    """Where commands are typed: a folder, its environment, and the port of the server."""

    folder: Path
    given: dict[str, str]
    port: int

    def placed(self, text: str) -> str:
        """The command as it is typed here."""
        return text.replace(".venv/bin/lexhub", "lexhub").replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")


@pytest.fixture(scope="module")
def port(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server in this process, over the embedded corpus and models, that other models can join."""
    given = settings.load("embedded", {"home": str(own(home, tmp_path_factory.mktemp("server")))})
    pool = Pool(*chosen_cards(given).values())
    services = Services(library=local.services(given).library, models=pool)
    api = build_api(given, services, LocalFleet(Cluster(), pool))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield port
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def desk(home: Path, port: int, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A folder with the files that the pages name, and `lexhub` and `python3` on the path."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "tests" / "data" / "laws", folder / "laws")
    (folder / "contracts").mkdir()
    (folder / "contracts" / "handbook.md").write_text("# 员工手册\n\n## 试用期\n\n试用期为三个月。\n", "utf-8")
    row = {"id": "甲-1", "title": "渡船案", "facts": "渡船超载,乘客要求退还渡钱。", "number": "（2019）京01民终1号"}
    (folder / "judgments.jsonl").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    (folder / "rates.csv").write_text(
        "kind,place,from,until,value,unit,source,note\naverage_wage_month,甲市,2026-07-01,,9000,元/月,测试,\n", "utf-8"
    )
    for block in (block for page in PAGES for block in blocks(page) if block.name == "lexhub.yaml"):
        (folder / block.name).write_text(block.text, "utf-8")
    tools = folder / "bin"
    tools.mkdir()
    for name, words in (("lexhub", "-m deploy.cli "), ("python3", "")):
        (tools / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words}"$@"\n', "utf-8")
        (tools / name).chmod(0o755)
    given = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LEXHUB_HOME": str(own(home, folder)),
        "LEXHUB_PORT": str(port),
        "LEXHUB_STORAGE_KEYS": new_key("k1"),
        "LEXHUB_API_KEY": "",
        "KEY": "geheim",
        "COLUMNS": "1000",
    }
    return Desk(folder, given, port)


def own(home: Path, folder: Path) -> Path:
    """A home with the embedded corpus; the files of a generation never change, so they may be links."""
    shutil.copytree(home / "corpora", folder / "home" / "corpora", copy_function=os.link)
    return folder / "home"


@pytest.fixture(autouse=True)
def _here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    for name, value in desk.given.items():
        if name != "PATH":
            monkeypatch.setenv(name, value)


def typed() -> list[tuple[str, list[Command]]]:
    """The commands that run here, by page and section: within a section one may need what another made."""
    found: list[tuple[str, list[Command]]] = []
    for page in (page for page in PAGES if page not in TRANSLATED):
        for title, group in groupby(commands(page), key=lambda one: one.block.section):
            if here := [one for one in group if plain(one) not in ELSEWHERE]:
                found.append((f"{page}: {title}", here))
    return found


def plain(command: Command) -> str:
    return command.text.replace(".venv/bin/lexhub", "lexhub")


@pytest.mark.parametrize("given", [group for _, group in typed()], ids=[name for name, _ in typed()])
def test_a_section_works_as_written(given: list[Command], desk: Desk) -> None:
    made: dict[str, str] = {}
    for command in given:
        text = desk.placed(command.text)
        for placeholder, value in made.items():
            text = text.replace(placeholder, value)
        out = lexhub(text, command.shown) if text.startswith("lexhub ") else shell(text, desk)
        check(command, out)
        if found := re.search(r"lxh_\w+", out):
            made.setdefault("lxh_ID", found[0])


def lexhub(text: str, shown: list[str]) -> str:
    """The output of the command, given the answers that the page shows behind `>`; further ones are left empty."""
    said = [line[2:] for line in shown if line.startswith("> ")]
    done = RUN.invoke(app, shlex.split(text)[1:], input="\n".join(said) + "\n" * 30)
    assert done.exit_code == 0, f"{text}\n{done.output[-2000:]}{done.exception!r}"
    return done.output


def shell(text: str, desk: Desk) -> str:
    """The output of a shell command, of which every part must succeed."""
    script = f"set -euo pipefail\n{text}"
    done = subprocess.run(["bash", "-c", script], cwd=desk.folder, env=desk.given, capture_output=True, text=True)
    assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
    assert done.stdout.strip() or "LEXHUB_HOME" in text, f"{text} said nothing"
    assert '"error"' not in done.stdout, done.stdout
    return done.stdout


def check(command: Command, out: str) -> None:
    """What the page shows stands in the output, in this order; `…` stands for anything."""
    at, rest = 0, bare(out)
    for line in command.shown:
        if not line.startswith("> "):
            for part in filter(None, map(bare, line.split("…"))):
                found = rest.find(part, at)
                assert found >= 0, f"{command.text} does not say {line!r}:\n{out[-3000:]}"
                at = found + len(part)


def bare(text: str) -> str:
    """The text without blanks, line ends and emphasis: a terminal wraps lines where it likes."""
    return re.sub(r"[\s*]", "", text)


@pytest.mark.parametrize("command", sorted(ELSEWHERE))
def test_what_cannot_run_here_is_well_formed(
    command: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command in {plain(one) for page in PAGES for one in commands(page)}, "no page has this command any more"
    monkeypatch.chdir(tmp_path)
    for name in ("old-checkpoint", "base-checkpoint"):
        (tmp_path / name).mkdir()
    tool, *words = shlex.split(command)
    if tool == "lexhub":
        parse(words)
    elif tool == "make":
        assert_target(words[0])
    else:
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        told = manual(tool, words)
        assert [one for one in sorted(options) if told and one not in told] == []
        for word in words:
            assert not word.startswith("deploy/") or (ROOT / word).exists()


def manual(tool: str, words: list[str]) -> str:
    """What a tool tells of itself and of each subcommand that the words choose; nothing where it is not installed."""
    chosen = [word for word in words if re.fullmatch("[a-z]+", word)]
    told = ""
    for asked in [[*chosen[:count], "--help"] for count in range(len(chosen) + 1)] + [["options"]] * (
        tool == "kubectl"
    ):
        if shutil.which(tool) is None or (told and asked[0] in chosen and asked[0] not in told):
            return ""
        told += subprocess.run([tool, *asked], capture_output=True, text=True, timeout=30).stdout
    return told


def parse(words: list[str]) -> None:
    """Fails when the command, an option or an argument does not exist, or lacks one it needs."""
    node = get_command(app)
    context = click.Context(node)
    while isinstance(node, click.Group) or hasattr(node, "commands"):
        found = node.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]}"
        node, words = found, words[1:]
    node.make_context(node.name, list(words))


def assert_target(name: str) -> None:
    assert re.search(rf"^{re.escape(name)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), name


@pytest.mark.parametrize("page", sorted(TRANSLATED))
def test_a_translation_has_the_same_blocks(page: str) -> None:
    def code(one: Block) -> tuple[str, str, str]:
        return one.language, one.name, re.sub(r"[ ]*#[^\n\"]*$", "", one.text, flags=re.MULTILINE)

    assert [code(one) for one in blocks(page)] == [code(one) for one in blocks(TRANSLATED[page])]


@pytest.mark.parametrize("page", PAGES)
def test_commands_within_sentences_exist(page: str) -> None:
    for text in named(page):
        tool, *words = text.split()
        if tool == "lexhub" and words:
            node = get_command(app)
            while hasattr(node, "commands") and words and not words[0].startswith("-"):
                assert words[0] in node.commands, text
                node, words = node.commands[words[0]], words[1:]
            known = {option for one in node.params for option in one.opts}
            assert [word for word in words if word.startswith("--") and word not in known] == [], text
        elif tool == "make" and words and words[0].islower():
            assert_target(words[0])
        elif text.startswith("python -m "):
            path = ROOT / words[1].replace(".", "/")
            assert words[1] == "pytest" or path.is_dir() or path.with_suffix(".py").exists(), text


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_of_a_kind_that_is_tested(page: str) -> None:
    assert {block.language for block in blocks(page)} <= DATA | {"console", "bash", "python"}


PYTHON = [block for block in blocks(READMES[0]) if block.language == "python"]


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.text.split()[1])
def test_the_snippets_of_the_readme_run(block: Block, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(desk.placed(block.text), block.page, "exec"), {})
    said = capsys.readouterr().out
    assert "《" in said or "question" in said, said


def test_the_settings_of_the_guide_load(desk: Desk) -> None:
    loaded = settings.load("lexhub.yaml", {"port": 8000})
    assert loaded.consent_needed
    assert loaded.corpora == {"hr": ("intake",)}


def test_the_agents_command_exists() -> None:
    (given,) = [json.loads(block.text) for block in blocks(READMES[0]) if block.language == "json"]
    server = given["mcpServers"]["lexhub"]
    assert server["command"] == ".venv/bin/lexhub"
    parse(server["args"])


def test_the_proxy_of_the_guide_speaks_to_the_usual_port() -> None:
    (given,) = [block.text for block in blocks(GUIDES[0]) if block.language == "nginx"]
    assert given.count("{") == given.count("}")
    assert f"proxy_pass http://127.0.0.1:{settings.Settings.model_fields['port'].default};" in given


def test_yaml_of_the_pages_is_yaml() -> None:
    for block in (block for page in PAGES for block in blocks(page) if block.language == "yaml"):
        assert yaml.safe_load(block.text)
