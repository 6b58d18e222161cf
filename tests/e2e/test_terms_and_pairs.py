"""Terms and pairs of papers, proposed and judged; an alignment put right by keys and mouse, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

BECAUSE = "for the test"
TERM = ("safe return protocol", "протокол безопасного возвращения")


def proposed(page: Any, english: str, russian: str) -> None:
    """Propose a term under the lowest label; its own page opens."""
    page.click("[data-key=to-terms]")
    page.wait_for_selector("#terms tbody tr")
    page.click("#propose-term")
    page.wait_for_selector("#word-en-1:focus")
    page.fill("#word-en-1", english)
    page.fill("#word-ru-1", russian)
    page.select_option("#term-level", "unclassified")
    page.fill("dialog #reason", BECAUSE)
    page.click("dialog .button.primary")
    page.wait_for_selector("#withdraw-term")


def decided(page: Any, act: str) -> None:
    """Approve, reject or take back the term that is shown."""
    page.click(f"#{act}-term")
    page.fill("dialog #reason", BECAUSE)
    page.click("dialog .button.primary")
    page.wait_for_selector(".terms .outcome:not(:empty)")
    page.wait_for_selector(f"#{act}-term", state="detached")


def looked_up(page: Any, words: str) -> None:
    """Look terms up by their words."""
    page.fill("#terms-query", words)
    with page.expect_response("**/api/terms/search"):
        page.press("#terms-query", "Enter")


@pytest.mark.parametrize(("language", "english", "russian"), [("en", *TERM), ("ru", "liaison desk", "узел связи")])
def test_a_term_is_proposed_approved_and_found(somebody: Any, language: str, english: str, russian: str) -> None:
    page, other = somebody("dilnoza", language).page, somebody("farrukh", language).page
    proposed(page, english, russian)
    assert page.locator("#approve-term").count() == 0  # of one's own proposal somebody else decides
    other.click("[data-key=to-terms]")
    other.wait_for_selector("#terms tbody tr")
    other.select_option("#terms-state", "proposed")
    other.click(f"#terms tbody a:has-text('{english}')")
    decided(other, "approve")
    assert other.locator(".term-card li").count() == 2  # what was done to it

    expert = somebody("jonas", language).page
    expert.click("[data-key=to-terms]")
    expert.wait_for_selector("#terms tbody tr")
    assert expert.locator("#terms-state, #propose-term, #import-terms").count() == 0
    looked_up(expert, russian)
    expert.wait_for_selector(f"#terms tbody tr:only-child:has-text('{english}')")


def test_a_proposal_is_taken_back_by_who_made_it(somebody: Any) -> None:
    page, other = somebody("dilnoza").page, somebody("farrukh").page
    proposed(page, "paper to be withdrawn", "отзываемый документ")
    address = page.url
    decided(page, "withdraw")
    other.goto(address)
    other.wait_for_selector(".term-card")
    assert other.locator(".terms .buttons button:visible").all_inner_texts() == ["Bring a file in"]


def test_a_reviewer_brings_a_file_of_terms_in_and_is_told_what_is_wrong_with_it(somebody: Any, tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("en\tru\nborder liaison\tпограничное взаимодействие\nonly English\tEnglish\n")
    page = somebody("farrukh").page
    page.click("[data-key=to-terms]")
    page.wait_for_selector("#terms tbody tr")
    page.click("#import-terms")
    page.set_input_files("#term-file", tmp_path / "terms.tsv")
    assert page.input_value("#term-form") == "tsv"
    page.select_option("#term-level", "unclassified")
    page.click("dialog .button.primary")
    page.wait_for_selector("dialog li:has-text('line 3'):has-text('Cyrillic')")
    page.click("dialog .button.primary")
    page.wait_for_selector(".terms .outcome:has-text('1 term came in')")
    looked_up(page, "liaison border")
    page.wait_for_selector("#terms tbody tr:has-text('пограничное взаимодействие')")


def aligned(visitor: Any) -> Any:
    """The alignment of a pair that the machine made."""
    page = visitor.page
    page.click("[data-key=to-pairs]")
    page.click("#pairs tbody tr:has-text('Recommendations on prosecution') a[href*=alignment]")
    page.wait_for_selector(".bead")
    return page


def changed(page: Any, *keys: str) -> None:
    """Press keys that change the alignment, and wait until it is shown anew."""
    for key in keys:
        page.keyboard.press(key)
    shown_anew(page)


def shown_anew(page: Any) -> None:
    """Wait until all corrections are done and drawn."""
    page.wait_for_selector(".beads[aria-busy=false]")
    page.wait_for_selector(".bead:focus")


def beads(page: Any) -> list[str]:
    """What stands in each line of the alignment."""
    return [" ".join(text.split()) for text in page.locator(".bead .bead-sides").all_inner_texts()]


def test_an_alignment_is_put_right_by_keys_and_taken_back(somebody: Any) -> None:
    page = aligned(somebody("dilnoza"))
    before = page.locator(".bead").count()
    changed(page, "j", "ArrowDown", "m")
    assert page.locator(".bead").count() == before - 1
    assert page.get_attribute(".bead:focus", "data-place") == "2"
    page.wait_for_selector(".bead[data-place='2'] .by-hand:has-text('dilnoza')")
    changed(page, "s")
    assert page.locator(".bead").count() == before
    changed(page, "Shift+G")
    changed(page, "u", "KeyU", "u")  # faster than they are answered
    assert page.locator(".bead").count() == before
    assert page.locator(".by-hand").count() == 0
    page.keyboard.press("u")
    page.wait_for_selector(".outcome:has-text('nothing to take back')")


def test_an_alignment_is_put_right_with_the_mouse(somebody: Any) -> None:
    page = aligned(somebody("dilnoza", "ru"))
    before = page.locator(".bead").count()
    page.click(".bead[data-place='3'] .bead-head")
    page.click("#act-join")
    shown_anew(page)
    page.wait_for_selector(".bead:focus .cut >> nth=1")
    page.click(".bead:focus .bead-side:first-child .cut")
    page.wait_for_selector(".bead:focus .bead-side:first-child .cut[aria-pressed=true]")
    page.click("#act-split")
    shown_anew(page)
    page.wait_for_selector(".bead[data-place='4'] .by-hand")
    assert page.locator(".bead").count() == before
    for _ in range(2):
        page.click("#undo-bead")
        shown_anew(page)
    page.wait_for_selector(".by-hand", state="detached")


def test_of_two_who_change_an_alignment_the_second_is_shown_the_first(somebody: Any) -> None:
    page, other = aligned(somebody("dilnoza")), aligned(somebody("dilnoza"))
    before = page.locator(".bead").count()
    changed(page, "m")
    other.keyboard.press("m")
    other.wait_for_selector(".outcome:has-text('Somebody changed the alignment')")
    assert other.locator(".bead").count() == before - 1
    assert beads(other) == beads(page)
    changed(other, "u")


def test_a_reviewer_looks_at_an_alignment_and_changes_nothing(somebody: Any) -> None:
    page = aligned(somebody("farrukh"))
    before = beads(page)
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".bead[data-place='1']:focus")
    assert page.locator(".bead .button, #undo-bead").count() == 0
    assert beads(page) == before


def test_a_pair_is_rejected_with_a_reason_and_named_again(somebody: Any) -> None:
    page = somebody("dilnoza").page
    page.click("[data-key=to-pairs]")
    row = "#pairs tbody tr:has-text('women and children')"
    page.wait_for_selector(row)
    papers = [page.get_attribute(f"{row} :is(th, td:nth-child(2)) a >> nth={at}", "href") for at in (0, 1)]
    page.click(f"{row} button:has-text('Reject')")
    page.fill("dialog #reason", BECAUSE)
    page.click("dialog .button.primary")
    page.wait_for_selector(row, state="detached")
    page.select_option("#pairs-state", "rejected")
    page.wait_for_selector(row)
    page.select_option("#pairs-state", "")
    page.click("#make-pair")
    page.fill("#pair-en", page.url.partition("#")[0] + str(papers[0]))
    page.fill("#pair-ru", str(papers[1]))
    page.fill("dialog #reason", BECAUSE)
    page.click("dialog .button.primary")
    page.wait_for_selector(f"{row}:has-text('confirmed'):has-text('dilnoza')")
    links = page.locator(f"{row} :is(th, td:nth-child(2)) a")
    assert [link.get_attribute("href") for link in links.all()[:2]] == papers


def test_nobody_without_the_role_comes_to_pairs(somebody: Any) -> None:
    visitor = somebody("jonas")
    visitor.arrive("#/pairs")
    visitor.page.wait_for_selector(".work .notice")
    assert [address for address in visitor.addresses if "/api/pairs" in address or "/pairs/" in address] == []
    assert visitor.page.locator(".menu a").all_inner_texts() == [
        "Search",
        "Many searches",
        "Ask a question",
        "Enquiries",
        "Dossier",
        "Terms",
    ]
