"""An expert asks another agency; its registrar sees it, searches, closes it; the expert's list stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from visitor import Demo, ask

BECAUSE = "for the test"
QUERIES = {"en": "return of women from camps", "ru": "возвращение женщин из лагерей"}


@pytest.fixture(scope="module")
def nurlan_searches(office: Demo) -> None:
    """Two administrators let a registrar of KG-SCNS search as an expert does."""
    tokens = []
    for admin in (office.person("admin1"), office.person("admin2")):
        sign_in = {"username": admin["username"], "password": admin["password"], "otp": office.code_of(admin)}
        tokens.append(ask(office.address, "POST", "/session", sign_in)["token"])
    grant = {"username": "nurlan", "role": "expert", "clearance": "confidential", "need_to_know": ["returnees"]}
    proposed = ask(office.address, "POST", "/grants", grant | {"reason": BECAUSE}, tokens[0])
    ask(office.address, "POST", f"/proposals/{proposed['proposal_id']}/approval", {}, tokens[1])


def asked(visitor: Any, query: str, agency: str, note: str = "") -> None:
    """Search, and ask an agency what it holds on that."""
    page = visitor.page
    page.wait_for_selector("#query:focus")
    visitor.search(query)
    page.focus("[data-key=ask-agency]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#asked-agency:focus")
    page.select_option("#asked-agency", agency)
    page.fill("#asked-note", note)
    page.press("#asked-note", "Enter")
    page.wait_for_selector("#asked-agency", state="detached")
    page.click("dialog .primary")  # it is sent, and stands among one's own
    page.wait_for_selector("dialog", state="detached")


def own_list(page: Any) -> str:
    """The enquiries that somebody has, as they are shown."""
    page.goto(f"{page.url.partition('#')[0]}#/")
    page.reload()
    page.click("[data-key=to-enquiries]")
    page.wait_for_selector("#own-enquiries tbody tr")
    return str(page.inner_text("#own-enquiries tbody"))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_agency_is_asked_searches_and_closes_and_the_asker_sees_no_difference(
    somebody: Any, nurlan_searches: None, language: str
) -> None:
    query = QUERIES[language]
    expert, registrar = somebody("aigerim", language), somebody("nurlan", language)
    page, other = expert.page, registrar.page
    asked(expert, query, "KG-SCNS", "<b>Before the meeting</b>")
    before = own_list(page)
    assert query in before and "KG-SCNS" in before and "<b>Before" in before

    other.click("[data-key=to-received]")
    row = other.locator("#received-enquiries tbody tr", has_text=query)
    row.wait_for()
    assert all(told in row.inner_text() for told in ("Aigerim Sadykova", "KZ-MIA", "<b>Before the meeting</b>"))
    with other.expect_response("**/api/search") as answer:
        row.locator("button").nth(0).click()
    assert answer.value.json()["total"] > 0
    other.wait_for_selector(".hit")
    assert other.input_value("#query") == query
    assert own_list(page) == before

    other.go_back()
    other.wait_for_selector("#received-title:focus")
    row.locator("button").nth(1).click()
    other.wait_for_selector("#closed-with:focus")
    other.select_option("#closed-with", "something")
    other.click("dialog .primary")
    other.wait_for_selector(".received .outcome:not(:empty)")
    row.wait_for(state="detached")
    assert own_list(page) == before
    assert not [each for visitor in (expert, registrar) for each in visitor.addresses if query in each]

    with page.expect_response("**/api/search"):
        page.click("#own-enquiries button >> nth=0")
    page.wait_for_selector(".columns[aria-busy=false]")
    assert page.input_value("#query") == query
    page.go_back()
    page.wait_for_selector("#enquiries-title:focus")
    page.click("#own-enquiries button >> nth=1")
    page.click("dialog .primary")
    page.wait_for_selector(".enquiries .outcome:not(:empty)")
    page.wait_for_selector("#own-enquiries", state="hidden")


def test_a_registrar_who_does_not_search_is_told_of_what_waits_and_what_to_do(somebody: Any) -> None:
    expert = somebody("bakyt")
    asked(expert, "watchlists", "KZ-MIA")
    assert expert.page.locator("[data-key=to-received]").count() == 0
    page = somebody("marat").page
    page.click(".waits a[href='#/received']")
    row = page.locator("#received-enquiries tbody tr", has_text="watchlists")
    row.wait_for()
    assert row.locator("button").count() == 1  # to close it
    page.wait_for_selector(".work-head p:has-text('None of your roles searches')")
    second = somebody("saule").page
    second.click("[data-key=to-received]")
    second.locator("#received-enquiries tbody tr button").click()
    second.click("dialog .primary")
    second.wait_for_selector("#received-enquiries", state="hidden")
    row.locator("button").click()
    page.click("dialog .primary")
    page.wait_for_selector("dialog .said:has-text('no longer')")  # somebody was sooner
    page.keyboard.press("Escape")


def test_who_has_asked_as_much_as_one_may_is_told_so(somebody: Any) -> None:
    expert = somebody("farrukh")
    expert.page.route("**/api/enquiries", refused)
    expert.page.wait_for_selector("#query:focus")
    expert.search("watchlists")
    expert.page.click("[data-key=ask-agency]")
    assert expert.page.locator("#asked-agency option[value=TJ-MIA]").count() == 0  # one's own
    expert.page.select_option("#asked-agency", "OSCE")
    expert.page.click("dialog .primary")
    expert.page.wait_for_selector("dialog .said:has-text('20 enquiries')")
    expert.page.keyboard.press("Escape")
    expert.page.wait_for_selector("dialog", state="detached")
    expert.page.fill("#query", "")
    with expert.page.expect_response("**/api/search"):
        expert.page.press("#query", "Enter")
    expert.page.wait_for_selector("[data-key=keep]")
    assert expert.page.locator("[data-key=ask-agency]").count() == 0  # an enquiry has words


def refused(route: Any) -> None:
    """As the service answers who has asked as much as one may."""
    told = {"code": "too_many_enquiries", "detail": "", "parameters": {"most": 20}}
    route.fulfill(status=409, json=told)
