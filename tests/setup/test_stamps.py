"""A step counts as done only while what it was done from and what it left are unchanged."""

from set_up.stamps import Stamp, digest, outputs_of, read_stamp, write_stamp


def test_a_written_stamp_is_read_back_and_holds(tmp_path):
    left = tmp_path / "model.gguf"
    left.write_bytes(b"weights")
    write_stamp(tmp_path / "x.json", Stamp("key", outputs_of([left], sized=True)))
    stamp = read_stamp(tmp_path / "x.json")
    assert stamp.holds(["other", "key"])
    assert not stamp.holds(["other"])


def test_a_stamp_stops_holding_when_an_output_is_cut_short_or_gone(tmp_path):
    left = tmp_path / "model.gguf"
    left.write_bytes(b"weights")
    stamp = Stamp("key", outputs_of([left], sized=True))
    left.write_bytes(b"weig")
    assert not stamp.holds(["key"])
    left.unlink()
    assert not stamp.holds(["key"])


def test_a_damaged_stamp_is_no_stamp(tmp_path):
    for text in ("", "{", "[]", '{"key": "a"}', '{"key": "a", "outputs": 3}'):
        (tmp_path / "x.json").write_text(text)
        assert read_stamp(tmp_path / "x.json") is None


def test_the_digest_sees_content_order_and_absence(tmp_path):
    first, second, absent = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    first.write_text("x")
    second.write_text("y")
    values = {
        digest(first, second),
        digest(second, first),
        digest(first),
        digest(first, absent),
        digest("xy"),
    }
    assert len(values) == 5
    before = digest(first)
    first.write_text("z")
    assert digest(first) != before
