"""Both languages side by side: found through a translation, read in step with it, doubted aloud, or plainly absent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

OTHER = {"en": "ru", "ru": "en"}
NAME = {"en": "English", "ru": "Russian"}
DOUBTS = ("empty", "copied", "wrong_script", "repeated", "numbers", "symbols", "markings", "length")
CORNERS = """(rows) => {
    const corner = (node) => [node.getBoundingClientRect().top, node.getBoundingClientRect().left];
    return rows.map((row) => [...row.children].map(corner));
}"""
TEXTS = {"original": (True, False), "both": (True, True), "translation": (False, True)}


@dataclass(frozen=True)
class Found:
    """A document that a query in the other language finds, and the sentence whose translation holds it."""

    document_id: str
    own: str
    page: int
    segment: dict[str, Any]
    query: str


@pytest.fixture(scope="session", params=["ru", "en"])
def found(request: Any, ask: Callable[..., Any]) -> Found:
    """In each language a document that is found through its machine translation."""
    own = request.param
    for example in sentences(ask, own):
        hits = ask("/search", {"query": example.query, "limit": 100})["hits"]
        if example.document_id in {hit["document_id"] for hit in hits if through_translation(hit, own)}:
            return example
    pytest.skip(f"The demo has no package that translates {NAME[own]}, so none of its documents is translated.")


def documents(ask: Callable[..., Any], own: str) -> Iterator[dict[str, Any]]:
    """What is known of each document in a language."""
    for hit in ask("/search", {"filters": {"language": [own]}, "limit": 100})["hits"]:
        yield ask(f"/documents/{hit['document_id']}")


def sentences(ask: Callable[..., Any], own: str) -> Iterator[Found]:
    """Well translated sentences, each with three words of its translation as a query."""
    for document in documents(ask, own):
        for number in range(1, document["pages"] + 1 if document["state"] == "translated" else 1):
            for segment in ask(f"/documents/{document['document_id']}/pages/{number}")["segments"]:
                made = segment["translation"] or {"text": "", "status": ""}
                words = re.search(r"[^\W\d_]{4,} [^\W\d_]{4,} [^\W\d_]{4,}", made["text"])
                if words and made["status"] == "good" and not segment["furniture"] and words[0] not in segment["text"]:
                    yield Found(document["document_id"], own, number, segment, f'"{words[0]}"')


def through_translation(hit: dict[str, Any], own: str) -> bool:
    """Whether the first passage was found in the translation alone."""
    first = hit["evidence"][0]
    made = first[OTHER[own]]
    return first["original"] == own and bool(made and made["highlights"]) and not first[own]["highlights"]


def test_a_query_finds_a_text_in_the_other_language_and_both_are_read_in_step(expert: Any, found: Found) -> None:
    page, made = expert.page, OTHER[found.own]
    expert.search(found.query)
    hit = page.locator(f'.hit:has(.hit-title[data-document="{found.document_id}"])')
    evidence = hit.locator(".evidence").first
    assert evidence.locator(".side").all_inner_texts()[0].startswith(f"{NAME[found.own]} · original")
    assert evidence.locator(".translated .side").inner_text() == f"{NAME[made]} · found in the machine translation"
    assert evidence.locator(f".translated .quotation[lang={made}] mark").count() > 0
    assert evidence.locator(f"> div > .quotation[lang={found.own}]").inner_text() != ""
    assert evidence.locator(f"> div > .quotation[lang={found.own}] mark").count() == 0

    hit.locator(".hit-title").click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.url.rsplit("/", 1)[1]))
    names = page.locator(".text-name")
    assert names.first.inner_text() == f"Original, {NAME[found.own]}"
    assert names.last.inner_text().startswith(f"Translation, {NAME[made]}")
    assert re.search(r"Machine translation by \S+ .*not checked by a person", names.last.inner_text())
    assert_in_step(page)

    original, translation = page.locator(".sentence.original.lit"), page.locator(".sentence.translation.lit")
    assert original.count() == translation.count() > 0
    assert translation.locator("mark").count() > 0
    assert original.first.get_attribute("lang") == found.own
    assert translation.first.get_attribute("lang") == made
    lit = original.first.get_attribute("data-segment")
    assert translation.first.get_attribute("data-segment") == lit
    assert page.locator(f'.box.lit[data-segment="{lit}"]').count() > 0
    assert_lights_the_other_two(page, str(lit))
    assert not [address for address in expert.addresses if found.query.strip('"').split()[0] in address]


def assert_in_step(page: Any) -> None:
    """Each sentence and its translation begin at the same height, beside each other."""
    rows = page.locator(".row").evaluate_all(CORNERS)
    assert rows
    for (top, left), (beside, right) in rows:
        assert abs(top - beside) < 1
        assert right > left + 100


def assert_lights_the_other_two(page: Any, segment: str) -> None:
    """A sentence, its translation and its boxes: pointing at any of them, or focusing it, lights all of them."""
    own = f'[data-segment="{segment}"]'
    for part in (f".sentence.original{own}", f".sentence.translation{own}", f".line{own}"):
        page.mouse.move(0, 0)
        page.wait_for_selector(".active", state="detached")
        page.locator(part).first.hover()
        for lit in (f".sentence.original.active{own}", f".sentence.translation.active{own}", f".box.active{own}"):
            page.wait_for_selector(lit)
    page.mouse.move(0, 0)
    page.wait_for_selector(".active", state="detached")
    page.locator(f".sentence.translation{own}").focus()
    page.wait_for_selector(f".sentence.original.active{own}")
    page.wait_for_selector(f".box.active{own}")


def test_a_translation_is_shown_when_asked_for(expert: Any, found: Found) -> None:
    page = expert.page
    words = re.search(r"[^\W\d_]{4,} [^\W\d_]{4,}", found.segment["text"])
    assert words
    page.set_viewport_size({"width": 1100, "height": 900})  # on a wider one the preview has what is not the best
    expert.search(f'"{words[0]}"')
    hit = page.locator(f'.hit:has(.hit-title[data-document="{found.document_id}"])')
    evidence = hit.locator(".evidence:has(> div > .quotation mark)").first
    choose, translated = evidence.locator(".choose"), evidence.locator(".translated")
    assert translated.is_hidden()
    assert choose.get_attribute("aria-expanded") == "false"
    choose.click()
    assert page.locator(".hits").is_visible()  # and no document was opened
    assert translated.locator(".side").inner_text() == f"{NAME[OTHER[found.own]]} · machine translation"
    assert translated.locator(".quotation").inner_text() != ""
    choose.press("Enter")
    assert translated.is_hidden()


def test_the_switch_shows_one_text_or_both_and_is_remembered(expert: Any, found: Found) -> None:
    page = expert.page
    expert.open(found.document_id, found.page)
    assert shown(page) == TEXTS["both"]
    for texts in ("original", "translation", "both", "translation"):
        page.click(f"[data-key=texts-{texts}]")
        assert shown(page) == TEXTS[texts]
        assert page.locator(".switch [aria-pressed=true]").get_attribute("data-key") == f"texts-{texts}"
    expert.speak("ru")
    expert.await_page(found.page)
    assert shown(page) == TEXTS["translation"]
    assert page.inner_text(".switch [aria-pressed=true]") == "Перевод"
    page.reload()
    expert.await_page(found.page)
    assert shown(page) == TEXTS["translation"]


def shown(page: Any) -> tuple[bool, bool]:
    """Whether the original is to be seen, and whether the translation is: heads and sentences alike."""
    sides = []
    for side in ("original", "translation"):
        seen = {page.locator(f".{kind}.{side}").first.is_visible() for kind in ("text-name", "sentence")}
        assert len(seen) == 1
        sides.append(seen.pop())
    return sides[0], sides[1]


def test_the_keyboard_walks_down_a_column_and_across(expert: Any, found: Found) -> None:
    page, keys = expert.page, expert.page.keyboard
    expert.open(found.document_id, found.page)
    page.locator(".sentence.original").first.focus()
    keys.press("ArrowDown")
    here = page.locator(".sentence:focus")
    second = page.locator(".row").nth(1).locator(".sentence")
    assert here.get_attribute("data-segment") == second.first.get_attribute("data-segment")
    keys.press("Tab")
    assert "translation" in str(here.get_attribute("class")).split()
    assert here.get_attribute("data-segment") == second.first.get_attribute("data-segment")
    keys.press("ArrowUp")
    assert "translation" in str(here.get_attribute("class")).split()
    keys.press("Shift+Tab")
    first = page.locator(".sentence.original").first
    assert here.get_attribute("data-segment") == first.get_attribute("data-segment")
    assert page.locator(".sentence[tabindex='0']").count() == 2


@pytest.mark.parametrize("width", [360, 390, 800, 1600])
def test_both_texts_fit(expert: Any, found: Found, width: int) -> None:
    page = expert.page
    page.set_viewport_size({"width": width, "height": 800})
    expert.open(found.document_id, found.page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    own, made = (page.locator(f".sentence.{side}").nth(1).bounding_box() for side in ("original", "translation"))
    if width >= 800:
        assert abs(own["y"] - made["y"]) < 1
    else:  # the translation follows each sentence, indented
        assert made["y"] >= own["y"] + own["height"]
        assert made["x"] > own["x"]


# -- What the demo's own packages do not give is put into the service's answers on their way to the page.


@pytest.fixture
def plain(ask: Callable[..., Any]) -> dict[str, Any]:
    """A document that no installed package translates, nor people; with pages enough to put doubts into."""
    untranslated = (one for own in ("ru", "en") for one in documents(ask, own) if one["state"] == "indexed")
    return next(one for one in untranslated if one["translation"]["reason"] == "no_model" and one["pair"] is None)


def answer_with(page: Any, address: str, change: Callable[[Any], Any]) -> None:
    """Let the page see a changed answer of the service."""

    def handle(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=json.dumps(change(response.json())))

    page.route(address, handle)


def with_standing(standing: Any) -> Callable[[Any], Any]:
    """Change how a document's translation stands."""
    return lambda document: document | {"translation": standing}


def made(text: str, doubt: str = "", **other: str) -> dict[str, str]:
    """A sentence's translation as the service gives it."""
    status = "doubtful" if doubt else "good"
    return {"text": text, "origin": "machine", "engine": "trial 1.0", "status": status, "doubt": doubt} | other


@pytest.mark.parametrize(("language", "said"), [("en", "Doubtful"), ("ru", "Сомнительно")])
def test_doubtful_sentences_say_why(expert: Any, plain: dict[str, Any], language: str, said: str) -> None:
    page, identity = expert.page, plain["document_id"]

    def doubted(content: Any) -> Any:
        for segment, doubt in zip(content["segments"], [*DOUBTS, "unheard_of"], strict=False):
            segment["translation"] = made("" if doubt == "empty" else "Trial.", doubt)
        return content

    standing = {"reason": "", "engine": "trial 1.0", "sentences": 40, "doubtful": 12}
    answer_with(page, f"**/api/documents/{identity}", with_standing(standing))
    answer_with(page, f"**/api/documents/{identity}/pages/1", doubted)
    expert.speak(language)
    expert.open(identity)
    reasons = page.locator(".note.doubt").all_inner_texts()
    assert len(reasons) == len(set(reasons)) == len(DOUBTS) + 1
    assert all(reason.startswith("⚠\ufe0e ") and said in reason for reason in reasons)
    assert page.locator(".note.doubt").first.get_attribute("lang") == language
    assert page.locator(".sentence .doubtful").count() == len(DOUBTS)  # the first of them has no text
    underline = "(node) => getComputedStyle(node).textDecorationStyle"
    assert page.locator(".sentence .doubtful").first.evaluate(underline) == "dashed"
    count = page.inner_text(".doubt-count")
    assert [int(number) for number in re.findall(r"\d+", count)] == [12, 40, len(DOUBTS) + 1]
    page.click("[data-key=texts-original]")
    assert page.locator(".note.doubt").first.is_hidden()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_model", "no model that translates this document"),
        ("waiting", "waits to be translated"),
        ("failed", "failed"),
        ("unheard_of", "no translation of this document yet"),
    ],
)
def test_a_missing_translation_is_explained(expert: Any, plain: dict[str, Any], reason: str, words: str) -> None:
    page, identity = expert.page, plain["document_id"]
    if reason != "no_model":  # which is so in the demo itself
        standing = {"reason": reason, "engine": "", "sentences": 0, "doubtful": 0}
        answer_with(page, f"**/api/documents/{identity}", with_standing(standing))
    page.evaluate("localStorage.setItem('tolmach.texts', 'translation')")
    expert.open(identity)
    assert words in page.inner_text(".absent")
    assert page.locator(".switch, .text-name.translation, .sentence.translation").count() == 0
    assert page.locator(".sentence.original").first.is_visible()  # whatever was chosen for other documents
    assert page.inner_text(".text-name") == f"Original, {NAME[plain['language']]}"
    expert.speak("ru")
    expert.await_page(1)
    assert "еревода" in page.inner_text(".absent")


def test_what_was_written_in_the_other_language_stands_beside_itself(expert: Any, plain: dict[str, Any]) -> None:
    page, identity, own = expert.page, plain["document_id"], plain["language"]

    def mixed(content: Any) -> Any:
        first, second, *rest = content["segments"]
        first["language"] = OTHER[own]
        second["translation"] = made("Trial.", origin="human", engine="")
        for segment in rest[:-1]:
            segment["translation"] = made("Trial.")
        return content

    answer_with(page, f"**/api/documents/{identity}/pages/1", mixed)
    expert.open(identity)
    translations = page.locator(".sentence.translation")
    assert f"Written in {NAME[OTHER[own]]}." in translations.first.inner_text()
    assert page.locator(".sentence.original").first.inner_text() in translations.first.inner_text()
    assert "Human translation" in translations.nth(1).inner_text()
    assert "Machine translation by trial 1.0" in translations.nth(2).inner_text()
    assert translations.last.inner_text() == "Not translated."
    assert "Human translation; Machine translation by trial 1.0" in page.inner_text(".text-name.translation")


def test_a_page_in_the_other_language_says_so(expert: Any, plain: dict[str, Any]) -> None:
    page, identity, other = expert.page, plain["document_id"], OTHER[plain["language"]]

    def foreign(content: Any) -> Any:
        for segment in content["segments"]:
            segment["language"] = other
        return content

    standing = {"reason": "", "engine": "trial 1.0", "sentences": 40, "doubtful": 0}
    answer_with(page, f"**/api/documents/{identity}", with_standing(standing))
    answer_with(page, f"**/api/documents/{identity}/pages/1", foreign)
    expert.open(identity)
    assert page.inner_text(".absent") == f"This page was written in {NAME[other]}."


@pytest.mark.parametrize(("trouble", "said"), [("", "holds no text"), ("needs_ocr", "no search finds it")])
def test_a_page_without_text_says_why(expert: Any, plain: dict[str, Any], trouble: str, said: str) -> None:
    page, identity = expert.page, plain["document_id"]
    bare = {"segments": [], "trouble": trouble}
    answer_with(page, f"**/api/documents/{identity}/pages/1", lambda content: content | bare)
    expert.open(identity)
    assert said in page.inner_text(".text-page.current")


def test_doubtful_parts_of_evidence_are_signed(expert: Any) -> None:
    page = expert.page

    def doubted(answer: Any) -> Any:
        passage = answer["hits"][0]["evidence"][0]
        side = {"text": "😀 Sound. Wrong here.  Found.", "origin": "machine"}
        side |= {"highlights": [[22, 27]], "doubtful": [[9, 20], [21, 21]]}
        passage[OTHER[passage["original"]]] = side
        return answer

    answer_with(page, "**/api/search", doubted)
    expert.search("recommendations")
    translated = page.locator(".translated").first
    assert translated.locator(".doubtful").first.inner_text().endswith("Wrong here.")
    assert translated.locator(".doubtful").nth(1).get_by_role("img").get_attribute("aria-label") == (
        "A sentence has no translation here."
    )
    assert translated.locator("mark").all_inner_texts() == ["Found"]
    assert "Doubtful or missing" in translated.locator(".legend").inner_text()


def test_the_original_is_quoted_about_where_its_translation_was_found(expert: Any) -> None:
    page = expert.page

    def lengthened(answer: Any) -> Any:
        passage = answer["hits"][0]["evidence"][0]
        numbered = [f"This is sentence {number} of fifty." for number in range(50)]
        own = {"text": " ".join(numbered), "origin": "original", "highlights": [], "doubtful": []}
        start = len(" ".join(numbered[:30])) + 1
        passage["original"], passage["en"] = "en", own
        passage["ru"] = own | {"origin": "machine", "highlights": [[start, start + 4]]}
        return answer

    answer_with(page, "**/api/search", lengthened)
    expert.search("recommendations")
    evidence = page.locator(".evidence").first
    assert "sentence 30 of" in evidence.locator("> div > .quotation").inner_text()
    assert "sentence 30 of" in evidence.locator(".translated .quotation").inner_text()
