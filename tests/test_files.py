"""Files are written whole or not at all, keep their mode, and names can be shown without harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pbtool.document import Source
from pbtool.errors import OutputError
from pbtool.files import encode_like, pasted, shown, whole_file, write_whole

OLD, NEW = "旧文。\n".encode(), "新文。\n".encode() * 5_000


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(OLD)
    return path


def test_a_new_file_gets_the_usual_mode(tmp_path):
    mask = os.umask(0o027)
    try:
        write_whole(tmp_path / "new.txt", NEW)
    finally:
        os.umask(mask)
    assert (tmp_path / "new.txt").read_bytes() == NEW
    assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o640


def test_an_existing_file_keeps_its_mode_and_leaves_nothing_beside_it(target):
    target.chmod(0o604)
    write_whole(target, NEW)
    assert target.read_bytes() == NEW
    assert target.stat().st_mode & 0o777 == 0o604
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_a_link_stays_a_link_and_its_target_is_replaced(target):
    link = target.with_name("link.txt")
    link.symlink_to("a.txt")
    write_whole(link, NEW)
    assert link.is_symlink() and target.read_bytes() == NEW


def test_of_two_hard_links_only_the_named_one_changes(target):
    other = target.with_name("other.txt")
    os.link(target, other)
    write_whole(other, NEW)
    assert target.read_bytes() == OLD and other.read_bytes() == NEW


@pytest.mark.parametrize("name", ["no/where.txt", ".", "党" * 90 + ".txt"])
def test_what_cannot_be_written_is_one_error_and_nothing_on_disk(tmp_path, name):
    with pytest.raises(OutputError, match="nothing on disk was changed"):
        write_whole(tmp_path / name, NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_loop_of_links_is_an_error(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError):
        write_whole(tmp_path / "a", NEW)


def test_a_full_disk_changes_nothing(target):
    code = (
        "import resource, sys; from pbtool.files import write_whole; from pbtool.errors import OutputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n    write_whole(sys.argv[1], b'x' * 100_000)\n"
        "except OutputError as error:\n    print(error)"
    )
    result = subprocess.run([sys.executable, "-c", code, target], capture_output=True, text=True, check=True)
    assert "nothing on disk was changed" in result.stdout
    assert target.read_bytes() == OLD
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_killed_at_any_moment_the_file_is_the_old_or_the_new_one(target):
    code = "import sys; from pbtool.files import write_whole\nprint(flush=True)\nwhile True: write_whole(sys.argv[1], b'new' * 1_000_000)"
    for wait in (0.0, 0.01, 0.03):
        child = subprocess.Popen([sys.executable, "-c", code, target], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        signal.sigtimedwait([], wait)
        child.kill()
        child.wait()
        child.stdout.close()
        assert target.read_bytes() in (OLD, b"new" * 1_000_000)


def test_a_device_is_written_to_directly():
    write_whole("/dev/null", NEW)
    assert not Path("/dev/null").is_file()


def test_names_are_shown_without_harm():
    assert shown("党建 2023年第1期.txt") == "党建 2023年第1期.txt"
    assert shown(b"\xd6\xd0.txt") == "\\xd6\\xd0.txt"
    assert shown("a\nb\x1b[31mc\u202ed") == "a\\x0ab\\x1b[31mc\\u202ed"
    assert shown(Path("-rf")) == "-rf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_text_is_given_back_with_its_byte_order_mark(encoding):
    source = Source("a.txt", encoding=encoding, bom=True)
    assert encode_like("党建\r\n", source) == "\ufeff党建\r\n".encode(encoding)


def test_a_character_that_the_encoding_lacks_is_named():
    with pytest.raises(OutputError, match=r"big5 has no 这 \(U\+8FD9\)"):
        encode_like("這这", Source("a.txt", encoding="big5"))


def test_what_helps_goes_by_what_is_wrong(tmp_path):
    for name, advice in (
        ("none/a.txt", "make its folder first"),
        (".", "name a file in it"),
        ("党" * 90, "shorter name"),
    ):
        for write in (lambda path: write_whole(path, NEW), lambda path: whole_file(path).__enter__()):
            with pytest.raises(OutputError, match=advice):
                write(tmp_path / name)


def test_names_are_quoted_for_the_shell():
    names = ["茶山.txt", "two words.txt", "it's.txt", "-rf.txt", "line\nend'\\.txt", "\udcb5.txt"]
    assert [pasted(name) for name in names[:4]] == [
        "茶山.txt",
        "'two words.txt'",
        "'it'\"'\"'s.txt'",
        "./-rf.txt",
    ]
    for name in names:
        said = subprocess.run(
            ["bash", "-c", f"printf %s {pasted(name)}"], capture_output=True, check=True
        ).stdout
        assert said.removeprefix(b"./") == os.fsencode(name)
    assert pasted("-") == "-" and shown("") == "''"
