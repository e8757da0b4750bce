"""Documents and plans in a store: S3 as moto's server on this machine speaks it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from planparse import parse, parse_many
from planparse.batch import runs
from planparse.batch.documents import find_documents, output_path
from planparse.batch.manifest import Manifest, content_of, state_folder
from planparse.batch.pools import open_lanes, open_pool, open_serial
from planparse.batch.runs import Options, parse_into
from planparse.batch.summary import Summary, Watcher
from planparse.batch.work import write_steps
from planparse.cli import main
from planparse.config import Config
from planparse.errors import InputDamagedError, InputTooLargeError, OutputError
from planparse.places import Address, to_place
from planparse.plan import Plan

pytest.importorskip("s3fs", reason="needs the extra planparse[remote]")
moto = pytest.importorskip("moto.server", reason="needs moto's server")

TEXT = "I. MỤC ĐÍCH\n1. Rà soát văn bản số {}.\n- Đơn vị chủ trì: Sở Nội vụ.\n"
Store = Any
"""A client of botocore, which ships no types."""
NAMES = ["a b.txt", "e\u0302\u0301.txt", "a#b.txt", "50%20.txt", "a?b.txt", "a::b.txt", "a\\b.txt", "sâu/hơn/c.txt"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = moto.ThreadedMotoServer(port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(autouse=True)
def store(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Work in a folder of its own, with an empty store that has the buckets `scans` and `plans`; return its client."""
    import boto3  # noqa: PLC0415 (moto needs it, so it is here)
    import s3fs  # noqa: PLC0415 (an extra)

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    variables = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (variables | {"AWS_ENDPOINT_URL": server, "AWS_EC2_METADATA_DISABLED": "true"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(runs, "open_pool", lambda **_options: open_serial())
    monkeypatch.chdir(tmp_path)
    s3fs.S3FileSystem.clear_instance_cache()
    client = boto3.client("s3")
    for bucket in ("scans", "plans"):
        client.create_bucket(Bucket=bucket)
    yield client
    for bucket in client.list_buckets()["Buckets"]:
        for key in _keys(client, bucket["Name"]):
            client.delete_object(Bucket=bucket["Name"], Key=key)
        client.delete_bucket(Bucket=bucket["Name"])


def _keys(store: Store, bucket: str) -> list[str]:
    pages = store.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [entry["Key"] for page in pages for entry in page.get("Contents", ())]


def _put(store: Store, **texts: str) -> None:
    for name, text in texts.items():
        store.put_object(Bucket="scans", Key=f"{name}.txt", Body=text.encode())


def _run(source: str = "s3://scans", out: str = "s3://plans/2024", **options: Any) -> Summary:  # noqa: ANN401 (flags)
    return parse_into(to_place(out), [source], Options(**options))


def _entries(store: Store) -> dict[str, Any]:
    lines = store.get_object(Bucket="plans", Key="2024/manifest.jsonl")["Body"].read().decode().splitlines()
    return {entry["output"]: entry for entry in map(json.loads, lines)}


def test_a_document_is_parsed_as_its_file_is(store: Store) -> None:
    _put(store, a=TEXT)
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    assert parse("s3://scans/a.txt").to_json() == parse("a.txt").to_json()


def test_many_are_parsed(store: Store) -> None:
    _put(store, a=TEXT)
    (outcome,) = parse_many(["s3://scans/a.txt"], jobs=1)
    assert (str(outcome.path), outcome.error) == ("s3://scans/a.txt", None)


@pytest.mark.parametrize(
    ("source", "out"), [("s3://scans", "out"), ("in", "s3://plans/2024"), ("s3://scans", "s3://plans/2024")]
)
def test_plans_are_those_of_files(store: Store, source: str, out: str) -> None:
    folder = Path("in" if source == "in" else "scans")
    for name in NAMES:
        text = TEXT.format(name)
        store.put_object(Bucket="scans", Key=name, Body=text.encode())
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    _run(str(folder), "expected")
    _run(source, out)
    expected = {f"{folder}/{name}.json".replace("\\", "\\\\") for name in NAMES}
    assert {plan: output_path(to_place(out), plan).read_bytes() for plan in expected} == {
        plan: Path("expected", plan).read_bytes() for plan in expected
    }


def test_keys_with_slashes_side_by_side_are_documents_of_their_own(store: Store) -> None:
    for key in ("x/a.txt", "x//a.txt", "/a.txt"):
        store.put_object(Bucket="scans", Key=key, Body=TEXT.format(key).encode())
    _run(out="out")
    plans = sorted(str(path) for path in Path().rglob("*.txt.json"))
    assert plans == [r"out/scans/\x/a.txt.json", r"out/scans/x/\x/a.txt.json", "out/scans/x/a.txt.json"]


def test_again_nothing_is_done(store: Store) -> None:
    _put(store, a=TEXT, b="x")
    _run()
    summary = _run()
    assert (summary.unchanged, summary.done) == (2, 0)


def test_again_what_changed_failed_or_is_gone_is_done(store: Store) -> None:
    _put(store, changed="x", failed="", gone="y", kept="z")
    _run()
    _put(store, changed="w")
    store.delete_object(Bucket="plans", Key="2024/scans/gone.txt.json")
    summary = _run()
    assert (summary.done, summary.failed, summary.unchanged) == (2, 1, 1)


def test_what_is_uploaded_anew_with_the_same_bytes_is_unchanged(store: Store) -> None:
    _put(store, a="x")
    _run()
    _put(store, a="x")
    assert _run().unchanged == 1


def test_documents_of_the_same_bytes_are_parsed_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(store, a="x", b="x")
    monkeypatch.setattr(runs, "write_steps", _only_once(write_steps))
    summary = _run()
    files = [parse_plan(store, name).source.file for name in ("a", "b")]
    assert (summary.done, files) == (2, ["a.txt", "b.txt"])


def _only_once(function: Any) -> Any:  # noqa: ANN401 (any function)
    calls = iter([function])

    def call(*arguments: Any) -> Any:  # noqa: ANN401 (the same)
        return next(calls)(*arguments)

    return call


def test_processes_open_addresses_themselves(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "open_pool", lambda **_options: open_lanes(1))
    _put(store, a="x")
    assert (_run().done, "2024/scans/a.txt.json" in _keys(store, "plans")) == (1, True)


@pytest.mark.slow
def test_the_workers_of_a_cluster_open_addresses_themselves(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "open_pool", open_pool)
    _put(store, a="x")
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster:  # type: ignore[no-untyped-call]  # Dask ships types of some functions only
        summary = _run(scheduler=cluster.scheduler_address)
    assert (summary.done, "2024/scans/a.txt.json" in _keys(store, "plans")) == (1, True)


def parse_plan(store: Store, name: str) -> Plan:
    return Plan.from_json(store.get_object(Bucket="plans", Key=f"2024/scans/{name}.txt.json")["Body"].read().decode())


def test_the_manifest_has_the_digest_and_what_the_store_says(store: Store) -> None:
    _put(store, a="x")
    _run()
    entry = _entries(store)["scans/a.txt.json"]
    assert (entry["sha256"], entry["mark"]) == (
        parse_plan(store, "a").source.sha256,
        "9dd4e461268c8034f5c8564e155c67a6 1",
    )


def test_another_machine_goes_on_from_the_manifest(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _put(store, a="x")
    _run()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    assert _run().unchanged == 1


def test_what_another_machine_did_goes_before_what_a_killed_run_left(
    store: Store,
    tmp_path: Path,
) -> None:
    _put(store, a="x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "__exit__", lambda self, *_: self._database.close())
        _run()
    _put(store, b="y")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
        _run()
    assert (_run().unchanged, list(_entries(store))) == (2, ["scans/a.txt.json", "scans/b.txt.json"])


def test_what_was_finished_before_a_kill_is_not_done_again(store: Store) -> None:
    _put(store, a="x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "__exit__", lambda self, *_: self._database.close())
        _run()
    assert ("2024/manifest.jsonl" in _keys(store, "plans"), _run().unchanged) == (False, 1)


def test_a_plan_of_what_can_no_longer_be_read_goes(store: Store) -> None:
    _put(store, a="x")
    _run()
    _put(store, a="")
    _run()
    assert _keys(store, "plans") == ["2024/manifest.jsonl"]


def test_a_document_that_changes_while_it_is_read_has_failed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(store, a="x")

    def change(path: Any) -> str | None:  # noqa: ANN401 (a place)
        content = content_of(path)
        _put(store, a="changed")
        return content

    monkeypatch.setattr(runs, "content_of", change)
    assert (_run().failures, _keys(store, "plans")) == ({InputDamagedError.__name__: 1}, ["2024/manifest.jsonl"])


def test_a_second_run_on_one_folder_is_refused(store: Store) -> None:
    class Again(Watcher):
        def update(self, _summary: Summary) -> None:
            with pytest.raises(OutputError, match="another batch is writing to it"):
                _run()
            told.append("refused")

    told: list[str] = []
    _put(store, a="x")
    parse_into(to_place("s3://plans/2024"), ["s3://scans"], Options(), watcher=Again())
    assert set(told) == {"refused"}


def test_more_keys_than_a_listing_has_are_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    _put(store, **dict.fromkeys("abcde", "x"))
    assert len(list(Address("s3://scans").walk())) == 5


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("s3://scans/*.txt", ["a.txt"]),
        ("s3://scans/**/*.txt", ["a.txt", "x/b.txt", "xy/z/c.txt"]),
        ("s3://scans/x*", ["x/b.txt", "xy/z/c.txt"]),
        ("s3://scans/x/", ["x/b.txt"]),
        ("s3://scans/x*/?.doc", ["x/d.doc"]),
        ("s3://scans/[!a]/*", ["x/b.txt", "x/d.doc"]),
        ("s3://scans/x/[1].png", ["x/[1].png"]),
    ],
)
def test_patterns_match_as_those_of_files_do(store: Store, pattern: str, found: list[str]) -> None:
    for key in ("a.txt", "x/b.txt", "x/d.doc", "xy/z/c.txt", "x/.hidden/e.txt", "x/"):
        store.put_object(Bucket="scans", Key=key, Body=b"x")
    if "png" in pattern:
        store.put_object(Bucket="scans", Key="x/[1].png", Body=b"x")
    paths = [str(path) for path, _output in find_documents([pattern], beside=Path("out"))]
    assert paths == [f"s3://scans/{key}" for key in found]


def test_plans_beside_their_documents_are_no_documents(store: Store) -> None:
    _put(store, a="x", **{"plans/old": "y"})
    assert _run("s3://scans", "s3://scans/plans").done == 1


def test_a_large_object_is_not_loaded(store: Store) -> None:
    _put(store, a="x" * 100)
    with pytest.raises(InputTooLargeError):
        parse("s3://scans/a.txt", config=Config(max_bytes=99))


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ("parse s3://scans/missing.txt", 3, "(s3://scans/missing.txt)"),
        ("parse s3://nowhere/a.txt", 3, "(s3://nowhere/a.txt)"),
        ("parse s3://scans", 3, "a folder (s3://scans): use `planparse batch` for a folder"),
        ("parse nonsense://a/b.txt", 4, "nonsense://"),
        ("parse s3://scans/a.txt -o s3://nowhere/a.json", 5, "can't be written"),
        ("batch s3://scans/missing --out out", 3, "no such file or folder (s3://scans/missing)"),
        ("batch s3://nowhere --out out", 3, "(s3://nowhere)"),
        ("batch s3://plans --out out", 3, "no document (s3://plans)"),
        ("batch s3://scans --out s3://nowhere/x", 5, "can't be written"),
        ("batch s3://scans --out s3://scans/a.txt", 5, "not a folder"),
        ("batch s3://scans --out s3://scans", 5, "the output is the input"),
    ],
)
def test_what_cannot_be_is_one_line(
    store: Store,
    arguments: str,
    code: int,
    line: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _put(store, a="x")
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    told = capsys.readouterr().err
    assert (end.value.code, told.count("\n"), line in told) == (code, 1, True), told
    assert "nowhere" not in [bucket["Name"] for bucket in store.list_buckets()["Buckets"]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("parse s3://scans/a.txt", 3), ("batch s3://scans --out out", 3), ("batch in --out s3://plans", 5)],
)
def test_no_credentials_are_told(
    arguments: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text("x", encoding="utf-8")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    told = capsys.readouterr().err
    assert (end.value.code, told.count("\n"), "credentials" in told) == (code, 1, True), told


def test_a_plan_is_written_to_a_store(store: Store) -> None:
    _put(store, a=TEXT)
    with pytest.raises(SystemExit):
        main(["parse", "s3://scans/a.txt", "-o", "s3://plans/a.json"])
    assert _keys(store, "plans") == ["a.json"]


def test_the_state_of_a_run_is_on_this_machine(tmp_path: Path) -> None:
    assert state_folder(to_place("s3://plans/2024")).is_relative_to(tmp_path / "state")
