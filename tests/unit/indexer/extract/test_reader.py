"""The reader and its child: what they give, what they refuse, and that nothing is left behind."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from indexer.extract.pages import SOFT_HYPHEN, ExtractError, PageText, as_shown
from indexer.extract.reader import Limits, Reader

sys.path.insert(0, str(Path(__file__).parent))
import pdfs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def read(reader: Reader, content: bytes) -> tuple[PageText, ...]:
    return reader.pages(io.BytesIO(content))


def refusal(reader: Reader, content: bytes) -> str:
    with pytest.raises(ExtractError) as caught:
        read(reader, content)
    assert caught.value.message
    return caught.value.code


def forks(parents: set[int], program: bytes = b"indexer.extract.") -> set[int]:
    """Processes of this program that one of these started."""
    pids = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) in parents and program in command:
            pids.add(int(status.parent.name))
    return pids


def templates() -> set[int]:
    return forks({os.getpid()})


def gone(pid: int) -> bool:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


# --- what it reads ---------------------------------------------------------------------------------------------------


def test_gives_pages_lines_and_words_with_their_places(reader):
    (page,) = read(reader, pdfs.written([[(72, 700, "Hello wide world"), (300, 500, "again")]]))
    assert (page.number, round(page.width), round(page.height)) == (1, 595, 842)
    first, second = page.lines
    assert (first.text, second.text) == ("Hello wide world", "again")
    assert len(first.words) == 3
    assert first.words[0][0] == pytest.approx(72, abs=1)
    assert [a < b for a, b in first.words] == [True] * 3
    assert first.words[0][1] < first.words[1][0] < first.words[2][0]
    x0, y0, x1, y1 = first.box
    assert y0 < 842 - 700 < y1
    assert x0 <= first.words[0][0] and first.words[-1][1] <= x1
    assert second.box[0] == pytest.approx(300, abs=1)


def test_height_of_a_line_tells_its_font_size_whatever_its_letters(reader):
    heights = [
        line.box[3] - line.box[1]
        for text in ("aceno", "Agpyjl", "ABC", ",.,")
        for line in read(reader, pdfs.written([[(72, 700, text)]], font=20))[0].lines
    ]
    assert heights == pytest.approx([24] * 4, abs=0.1)


def test_marks_a_hyphen_that_ends_a_line(reader):
    (page,) = read(reader, pdfs.written([pdfs.prose("This is a recom-", "mendation of cross-border trade.")]))
    assert [line.text for line in page.lines] == [f"This is a recom{SOFT_HYPHEN}", "mendation of cross-border trade."]
    assert [len(line.words) for line in page.lines] == [4, 4]


def test_control_characters_never_come_out(reader):
    codes = bytes(range(1, 32)).replace(b"\n", b"").replace(b"\r", b"")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>"
    mapping = b"1 beginbfrange <00> <1f> <0000> endbfrange 4 beginbfchar <41> <D800> <42> <202E> <43> <FEFF> "
    mapping += b"<44> <00AD> endbfchar"
    content = pdfs.assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 900 300]/Resources<</Font<</F1 5 0 R>>>>>>",
        pdfs.stream(b"BT /F1 12 Tf 20 100 Td <" + codes.hex().encode() + b"> Tj (xAyBzCwDv q) Tj ET"),
        font,
        b"null",
        pdfs.stream(mapping),
    )
    text = " ".join(line.text for page in read(reader, content) for line in page.lines)
    assert "q" in text
    assert {unicodedata.category(c) for c in text} & {"Cc", "Cs", "Cf", "Cn"} == set()


@pytest.mark.parametrize(
    "entries",
    [
        b"/MediaBox[0 0 400 300]",
        b"/MediaBox[0 0 400 300]/Rotate 90",
        b"/MediaBox[0 0 400 300]/Rotate 180",
        b"/MediaBox[0 0 400 300]/Rotate 270",
        b"/MediaBox[-50 20 400 300]/CropBox[10 60 380 280]",
        b"/MediaBox[-50 20 400 300]/CropBox[10 60 380 280]/Rotate 90",
        b"/MediaBox[-50 20 400 300]/CropBox[10 60 380 280]/Rotate 270",
    ],
)
def test_every_dark_pixel_of_the_picture_lies_in_the_box_of_a_line(reader, drawer, entries):
    content = b"BT /F1 14 Tf 60 200 Td (Quick \\(jumping\\) Fox) Tj 100 -60 Td (lazy dog) Tj ET"
    content += b" BT /F1 14 Tf 0 1 -1 0 330 90 Tm (Upright) Tj ET"
    file = io.BytesIO(pdfs.page_with(content, entries))
    (page,) = reader.pages(file)
    picture = Image.open(io.BytesIO(drawer.draw(file, 1, 1000))).convert("L")
    scale = picture.width / page.width
    assert picture.height == pytest.approx(page.height * scale, abs=2)
    dark = [
        (x / scale, y / scale)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) < 100
    ]
    boxes = [as_shown(line.box, line.turn, (page.width, page.height)) for line in page.lines]
    assert sorted(line.text for line in page.lines) == ["Quick (jumping) Fox", "Upright", "lazy dog"]
    hit = {
        next((i for i, (x0, y0, x1, y1) in enumerate(boxes) if x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1), None)
        for x, y in dark
    }
    assert hit == {0, 1, 2}
    assert sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes) < 0.1 * page.width * page.height


def test_a_page_that_cannot_be_read_is_empty_and_the_rest_goes_on(reader):
    good = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>"
    content = pdfs.assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        b"(no page at all)",
        good,
        pdfs.stream(b"BT /F1 12 Tf 20 100 Td (still here) Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    pages = read(reader, content)
    assert [[line.text for line in page.lines] for page in pages] == [[], ["still here"]]


def test_reports_progress_and_stops_when_progress_objects(reader):
    content = pdfs.written([[(72, 700, f"page {n}")] for n in range(1, 6)])
    seen = []
    reader.pages(io.BytesIO(content), lambda done, total: seen.append((done, total)))
    assert seen == [(n, 5) for n in range(1, 6)]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reader.pages(io.BytesIO(content), stop)
    assert len(read(reader, content)) == 5


def test_reads_an_open_file_where_it_stands_and_leaves_it_open(reader, drawer, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdfs.written([[(72, 700, "from disk")]]))
    with path.open("rb") as file:
        path.unlink()
        assert reader.pages(file)[0].lines[0].text == "from disk"
        assert drawer.draw(file, 1, 200).startswith(b"\x89PNG")
        assert not file.closed


# --- what it refuses -------------------------------------------------------------------------------------------------


def test_refusals_by_code(reader):
    sound = pdfs.written([[(72, 700, "x" * 50)] for _ in range(40)])
    assert refusal(reader, b"") == "empty"
    assert refusal(reader, b"PK\x03\x04" + bytes(5000)) == "not_pdf"
    assert refusal(reader, sound[: len(sound) // 2]) == "truncated"
    assert refusal(reader, b"%PDF-1.7\n" + b"junk " * 900 + b"\nstartxref\n12\n%%EOF") == "damaged"
    assert refusal(reader, pdfs.written([[(72, 700, "secret")]], password="let me in")) == "encrypted"
    assert refusal(reader, pdfs.written([[], []])) == "no_text"


def test_the_empty_password_is_tried(reader):
    (page,) = read(reader, pdfs.written([[(72, 700, "readable")]], password=""))
    assert page.lines[0].text == "readable"


def test_too_many_pages():
    with Reader(Limits(max_pages=3)) as reader:
        assert refusal(reader, pdfs.written([[(72, 700, "x")]] * 4)) == "too_many_pages"
        assert len(read(reader, pdfs.written([[(72, 700, "x")]] * 3))) == 3


def test_too_much_memory_then_the_next_document():
    with Reader(Limits(memory_bytes=400 << 20)) as reader:
        assert refusal(reader, pdfs.swelling(900)) == "too_large_in_memory"
        assert read(reader, pdfs.written([[(72, 700, "next")]]))[0].lines[0].text == "next"


@pytest.mark.parametrize("limits", [Limits(cpu_seconds=0.5), Limits(wall_seconds=1.0)])
def test_too_slow_then_the_next_document(limits):
    with Reader(limits) as reader:
        begun = time.monotonic()
        assert refusal(reader, pdfs.endless()) == "too_slow"
        assert time.monotonic() - begun < 15
        assert read(reader, pdfs.written([[(72, 700, "next")]]))[0].lines[0].text == "next"


def test_the_cpu_limit_is_for_each_document_anew():
    busy = pdfs.page_with(b"0 0 m 1 1 l S " * 300_000 + b"BT /F1 12 Tf 20 100 Td (x) Tj ET")
    before = templates()
    with Reader(Limits(cpu_seconds=2, page_cpu_seconds=0)) as reader:
        for _ in range(60):
            assert len(read(reader, busy)) == 1
            (pid,) = templates() - before
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK") > 3.5:
                break
        else:
            pytest.fail("all children together used no more CPU than one document may")


@pytest.mark.parametrize("which", ["the template", "the document's child"])
def test_a_process_that_dies_is_a_crash_and_the_next_document_gets_another(which):
    content = pdfs.written([[(72, 700, f"page {n}")] for n in range(300)])
    before = templates()

    def kill(done: int, total: int) -> None:
        own = templates() - before  # others have readers of their own in this process
        for pid in own if which == "the template" else forks(own):
            with contextlib.suppress(ProcessLookupError):  # told of what the dead child had already written
                os.kill(pid, signal.SIGKILL)

    with Reader() as reader:
        with pytest.raises(ExtractError) as caught:
            reader.pages(io.BytesIO(content), kill)
        assert caught.value.code == "reader_crashed"
        assert len(read(reader, content)) == 300
    assert not templates() - before


def test_a_reason_never_depends_on_the_file_before(reader):
    locked = pdfs.written([[(72, 700, "secret")]], password="let me in")
    without_pages = pdfs.assembled(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    alone = refusal(reader, without_pages)
    assert alone == "damaged"
    assert refusal(reader, locked) == "encrypted"
    assert refusal(reader, without_pages) == alone
    assert refusal(reader, pdfs.written([[], []])) == "no_text"
    assert refusal(reader, without_pages) == alone


# --- the child -------------------------------------------------------------------------------------------------------


def test_one_template_serves_many_and_nothing_is_left_after_close():
    reader = Reader()
    before = templates()
    content = pdfs.written([[(72, 700, "x")]])
    read(reader, content)
    first = templates() - before
    read(reader, content)
    assert templates() - before == first and len(first) == 1
    assert forks(first) == set()
    reader.close()
    assert all(gone(pid) for pid in first)
    reader.close()
    read(reader, content)
    reader.close()
    assert templates() == before


def test_the_template_outlives_the_thread_that_first_used_the_reader():
    content = pdfs.written([[(72, 700, "x")]])
    with Reader() as reader:
        before = templates()
        thread = threading.Thread(target=read, args=(reader, content))
        thread.start()
        thread.join()
        own = templates() - before
        time.sleep(0.2)
        read(reader, content)
        assert templates() - before == own and len(own) == 1


def test_threads_take_turns(reader):
    contents = [pdfs.written([[(72, 700, f"text {n}")]] * 5) for n in range(6)]
    results: dict[int, set[str]] = {}

    def work(n: int) -> None:
        results[n] = {line.text for page in read(reader, contents[n]) for line in page.lines}

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: {f"text {n}"} for n in range(6)}


def test_no_child_is_left_when_the_parent_is_killed(tmp_path):
    (tmp_path / "endless.pdf").write_bytes(pdfs.endless())
    program = (
        "import sys, threading, time\n"
        "from indexer.extract.reader import Reader\n"
        "reader = Reader()\n"
        "threading.Thread(target=lambda: reader.pages(open(sys.argv[1], 'rb')), daemon=True).start()\n"
        "while reader._first._template is None: time.sleep(0.01)\n"
        "time.sleep(0.5)\n"
        "print(reader._first._template._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    root = str(Path(__file__).resolve().parents[4])
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "endless.pdf")],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": root},
    )
    with parent:
        template = int(parent.stdout.readline())
        (child,) = forks({template})
        parent.kill()
    assert gone(template)
    assert gone(child)
