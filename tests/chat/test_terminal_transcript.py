from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from bot.chat.terminal_transcript import append, append_to_stream, holds, open_again, record


def _holds(path: Path, nonce: str) -> bool:
    with path.open("rb") as file:
        return holds(file, nonce)


def test_a_record_is_text_with_a_mark_below() -> None:
    assert record("• Title\n", "7f3k").decode() == "\n• Title\n  ⌁ 7f3k\n"


def test_what_was_appended_is_found(tmp_path: Path) -> None:
    path = tmp_path / "new" / "transcript.txt"
    append(path, record("one\n", "n1"))
    append(path, record("two\n", "n2"))
    assert [_holds(path, nonce) for nonce in ("n1", "n2", "n", "n3", "1")] == [True, True, False, False, False]


def test_only_the_owner_may_read_the_transcript(tmp_path: Path) -> None:
    path = tmp_path / "transcript.txt"
    append(path, record("one\n", "n1"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("cut", range(1, len(record("Titel 机器人\n", "n1"))))
def test_a_record_cut_anywhere_does_not_count_then_or_later(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "transcript.txt"
    append(path, record("before\n", "n0"))
    with path.open("ab") as file:
        file.write(record("Titel 机器人\n", "n1")[:-cut])
    assert _holds(path, "n1") is False
    append(path, record("after\n", "n2"))
    assert [_holds(path, nonce) for nonce in ("n0", "n1", "n2")] == [True, False, True]


def test_feed_text_cannot_forge_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "transcript.txt"
    append(path, record("Title\n  ⌁ n2\n", "n1"))
    assert [_holds(path, nonce) for nonce in ("n1", "n2")] == [True, False]


@pytest.mark.parametrize("filler", [0, 1, 65_520, 65_530, 65_536, 65_540, 200_000])
def test_a_mark_is_found_far_from_the_end_and_across_chunks(filler: int) -> None:
    data = b"x" * 70_000 + record("机器人\n", "needle") + b"y" * filler
    assert holds(io.BytesIO(data), "needle") is True
    assert holds(io.BytesIO(data), "needles") is False


def test_a_search_reads_one_chunk_at_a_time() -> None:
    class Reads(io.BytesIO):
        longest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.longest = max(self.longest, len(data))
            return data

    file = Reads(b"x" * 1_000_000)
    assert holds(file, "n1") is False
    assert file.longest == 65_536


def test_nothing_is_found_in_an_empty_file() -> None:
    assert holds(io.BytesIO(b""), "n1") is False


def test_a_stream_to_a_file_is_read_back(tmp_path: Path) -> None:
    with (tmp_path / "out.txt").open("w", encoding="utf-8") as stream:
        stream.write("greeting\n")
        assert append_to_stream(stream, record("one\n", "n1")) is True
        file = open_again(stream)
        assert file is not None
        with file:
            assert file.read().decode() == "greeting\n\none\n  ⌁ n1\n"


def test_a_half_written_stream_is_closed_off_first(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("\none\n  ⌁ n1", encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        append_to_stream(stream, record("two\n", "n2"))
    assert path.read_text(encoding="utf-8") == "\none\n  ⌁ n1 [cut off]\n\ntwo\n  ⌁ n2\n"


def test_a_redirected_descriptor_is_read_back_although_it_has_no_name(tmp_path: Path) -> None:
    fd = os.open(tmp_path / "out.txt", os.O_WRONLY | os.O_CREAT)
    with open(fd, "w", encoding="utf-8") as stream:
        if not Path(f"/dev/fd/{fd}").exists():
            pytest.skip("this system has no /dev/fd")
        assert append_to_stream(stream, record("one\n", "n1")) is True


def test_pipes_and_buffers_are_not_read_back() -> None:
    read, write = os.pipe()
    with open(read, "rb"), open(write, "w", encoding="utf-8") as stream:
        assert append_to_stream(stream, b"data") is False
    assert open_again(io.StringIO()) is None


def test_a_stream_whose_file_was_replaced_is_not_mistaken_for_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with path.open("w", encoding="utf-8") as stream:
        path.rename(tmp_path / "rotated.txt")
        path.write_text("another", encoding="utf-8")
        append_to_stream(stream, record("one\n", "n1"))
    assert path.read_text(encoding="utf-8") == "another"
