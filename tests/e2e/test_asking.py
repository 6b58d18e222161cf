"""What experts ask papers: a question, answered by sentences as they stand, and what became of a recommendation."""

from __future__ import annotations

import re
from typing import Any

QUESTION = "What should be done with children who return from the camps?"


def test_a_question_is_answered_by_keyboard_and_each_sentence_leads_to_its_page(expert: Any) -> None:
    page = expert.page
    page.click("[data-key=to-answers]")
    page.wait_for_selector("#question:focus")
    page.keyboard.insert_text(QUESTION)
    with page.expect_response("**/api/answer") as asked:
        page.keyboard.press("Enter")
    meetings = asked.value.json()["meetings"]
    proofs = [proof for meeting in meetings for proof in meeting["proofs"]]
    page.wait_for_selector(".answering .found-count")
    assert str(len(proofs)) in page.inner_text(".answering .found-count") and len(proofs) > 2
    assert page.locator(".answering section.card").count() == len(meetings)
    first = page.locator(".answering article").first
    assert first.locator("blockquote").first.inner_text().startswith(proofs[0]["sentence"]["text"][:60])
    assert first.locator("mark").count() == len(proofs[0]["highlights"]) > 0
    first.locator(".to-page").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(proofs[0]["sentence"]["page"])
    assert f"#/document/{proofs[0]['document_id']}/{proofs[0]['sentence']['page']}" in page.url
    page.go_back()
    page.wait_for_selector("#answers-title:focus")
    expert.speak("ru")
    page.wait_for_selector(".answering .found-count:has-text('Отвечающих предложений')")
    assert page.input_value("#question") == QUESTION
    assert not [address for address in expert.addresses if "children" in address]


def test_a_question_without_an_answer_and_one_that_fails_say_so(expert: Any) -> None:
    page = expert.page
    page.click("[data-key=to-answers]")
    page.fill("#question", "звездолёт")
    page.keyboard.press("Enter")
    page.wait_for_selector(".answering .notice:has-text('No sentence')")
    page.route("**/api/answer", lambda route: route.fulfill(status=503))
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answering .notice button")
    assert "not available" in page.inner_text(".answering .notice")
    expert.complaints.clear()
    page.unroute("**/api/answer")
    page.click(".answering .notice button")
    page.wait_for_selector(".answering article")
    assert page.input_value("#question") == QUESTION
    assert page.locator(".answering .notice").count() == 0
    assert all(said.strip() for said in page.locator(".answering article").all_inner_texts())


def test_a_recommendation_is_followed_through_later_meetings(expert: Any) -> None:
    page = expert.page
    expert.search("kind:recommendation")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    page.click(".reader-facts a[href^='#/recommendations/']")
    page.wait_for_selector("#points-title:focus")
    page.wait_for_selector(".answering article")
    assert page.locator(".answering .banner").is_visible()
    followed = 0
    for press in page.locator(".answering article > .buttons button").all():
        with page.expect_response(re.compile(r"/recommendations/\d+$")) as answer:
            press.press("Enter")
        meetings = answer.value.json()["meetings"]
        later = press.locator("xpath=../following-sibling::div")
        later.locator("ol, .quiet-line").first.wait_for()
        assert later.locator(".thread > li").count() == len(meetings)
        followed += len(meetings)
        press.press("Enter")
        assert not later.is_visible()
    assert followed
    page.go_back()
    page.wait_for_selector("#reader-title:focus")


def test_a_paper_that_is_not_there_is_told_where_its_recommendations_are_asked(expert: Any) -> None:
    expert.arrive(f"#/recommendations/{'0' * 32}")
    expert.page.wait_for_selector(".answering .notice")
    assert "There is no such document, or you may not read it." in expert.page.inner_text(".answering .notice")


def test_words_are_found_within_an_open_document_by_keyboard(expert: Any) -> None:
    page = expert.page
    expert.search('symbol:"TCE/2024/WS.2/REC/3"')
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    page.keyboard.press("f")
    page.wait_for_selector("#find-within:focus")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("watchlist")
    with page.expect_response("**/find") as found:
        page.keyboard.press("Enter")
    places = found.value.json()["places"]
    assert len(places) > 1
    page.wait_for_selector(f".find .place:text-is('1 of {len(places)} places')")
    expert.await_page(places[0]["page"])
    page.click(".find button >> nth=1")
    page.wait_for_selector(f".find .place:text-is('2 of {len(places)} places')")
    assert page.locator(".sentence mark").count() > 0
    page.fill("#find-within", "звездолёт")
    page.press("#find-within", "Enter")
    page.wait_for_selector(".find .place:text-is('not found in it')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") != "find-within" and "#/document/" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector(".hit-title")
    assert not [address for address in expert.addresses if "watchlist" in address]
