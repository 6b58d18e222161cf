"""A day of each role by keyboard alone, in both languages: nothing has the focus that Tab does not reach."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from reportlab.pdfgen import canvas
from visitor import EMPTY, Demo, visiting

FARTHEST = 200  # presses of Tab to what one wants
expect.set_options(timeout=30_000)


class Hands:
    """Somebody who has a keyboard and no mouse, and looks at the page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def to(self, control: str, back: bool = False) -> None:
        """Press Tab until this has the focus."""
        for _ in range(FARTHEST):
            if self.page.evaluate("(control) => document.activeElement.matches(control)", control):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {control}")

    def use(self, control: str, key: str = "Enter", back: bool = False) -> None:
        """Go to a control and press it."""
        self.to(control, back)
        self.press(key)

    def write(self, field: str, text: str) -> None:
        """Go to a field and put this there."""
        self.to(field)
        self.press("ControlOrMeta+a")
        self.type(text)

    def choose(self, field: str, value: str) -> None:
        """Go to a list and walk down to a value."""
        self.to(field)
        for _ in range(20):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{field} does not offer {value}")

    def go(self, view: str, title: str) -> None:
        """Go to a view by its name."""
        self.press("ControlOrMeta+k")
        expect(self.page.locator("#go-to")).to_be_focused()
        self.type(title)
        self.press("Enter")
        expect(self.page.locator(f"#{view}-title")).to_be_focused()
        self.sees(f"#{view}-title", title)

    def speaks(self, language: str) -> None:
        """Switch the page to the other language, by the switch in its head, and go on in that one."""
        self.use(f"[data-key=speak-{language}]", back=True)
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        expect(self.page.locator(f"[data-key=speak-{language}]")).to_be_focused()

    def sees(self, part: str, words: str | re.Pattern[str]) -> None:
        """These words stand there, in sight."""
        shown = self.page.locator(part).filter(has_text=words).first
        expect(shown).to_be_visible()

    def gives_reason(self) -> None:
        """Say why, in the dialog that asks, and go on."""
        self.write("#reason", "for the test")
        self.use("dialog .button.primary")


@pytest.fixture
def hands(browser: Browser, office: Demo) -> Iterator[Callable[..., Hands]]:
    """Signs people in by keyboard: `hands(username, language)`. Their pages must not complain."""
    opened = []

    def enter(username: str, language: str = "en") -> Hands:
        context = visiting(browser, office)
        visitor = context.__enter__()
        opened.append(context)
        visitor.page.add_init_script(f"localStorage.setItem('tolmach.language', '{language}')")
        person = office.person(username)
        code = office.code_of(person)
        visitor.arrive()
        expect(visitor.page.locator("#username")).to_be_focused()
        somebody = Hands(visitor.page)
        for field, text in (("#username", username), ("#password", person["password"]), ("#otp", code)):
            somebody.write(field, text)
        somebody.press("Enter")
        somebody.sees("#header", person["name"])
        return somebody

    yield enter
    for context in opened:
        context.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("language", "marking", "collected", "gone"),
    [
        ("en", "STRICTLY CONFIDENTIAL", "In the dossier, 1 in all.", "You have signed out."),
        ("ru", "СТРОГО КОНФИДЕНЦИАЛЬНО", "В досье; всего там: 1.", "Вы вышли."),
    ],
)
def test_an_expert_searches_reads_collects_and_leaves(
    hands: Any, language: str, marking: str, collected: str, gone: str
) -> None:
    expert = hands("aigerim", language)
    page = expert.page
    page.evaluate(EMPTY)
    expect(page.locator("#query")).to_be_focused()
    expert.type("возвращение боевиков")
    expert.press("Enter")
    expert.sees(".hit mark", re.compile("боевик", re.IGNORECASE))
    for _ in range(20):
        expert.press("ArrowDown")
        hit = page.locator(".hit:has(.hit-title:focus)")
        if marking.lower() in hit.inner_text().lower():
            break
    title = hit.locator(".hit-title").inner_text()
    expert.press("Enter")
    expert.sees("#reader-title", title)
    expert.sees(".banner", marking)
    expert.sees(".sentence.lit mark", re.compile("боевик|fighter|возвра|return", re.IGNORECASE))
    expert.to(".sentence.original")
    sentence = page.locator(".sentence.original:focus .words").inner_text()
    expert.press("d")
    expert.sees(".quote-bar", collected)
    expert.go("dossier", "Dossier" if language == "en" else "Досье")
    expert.sees(".passages blockquote", " ".join(sentence.split()))
    expert.sees(".dossier-label .banner", marking)
    expert.use("#sign-out")
    expert.sees(".said", gone)
    assert sentence not in page.content()


def test_a_registrar_brings_a_paper_in_and_corrects_it(hands: Any, tmp_path: Path) -> None:
    registrar = hands("marat")
    page = registrar.page
    paper = canvas.Canvas(str(tmp_path / "by-keyboard.pdf"), invariant=1)
    paper.drawString(72, 700, "The bridges of the lower valley were counted in spring.")
    paper.save()
    registrar.go("add", "Bring files in")
    registrar.choose("#add-level", "restricted")
    registrar.to("#files")
    page.set_input_files("#files:focus", tmp_path / "by-keyboard.pdf")  # the dialog of files is no part of the page
    registrar.sees(".sending tr", re.compile(r"by-keyboard\.pdf.*searchable", re.DOTALL))
    registrar.use(".sending tr a")
    registrar.sees(".handling .banner", "RESTRICTED")
    registrar.use("#act-correct")
    registrar.write("#new-symbol", "T/2026/KEYS")
    registrar.gives_reason()
    registrar.sees(".handling dd", "T/2026/KEYS")

    registrar.speaks("ru")
    registrar.sees(".handling .banner", "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ")
    registrar.use("#act-correct")
    registrar.choose("#new-language", "en")
    registrar.write("#new-symbol", "T/2026/КЛАВИШИ")
    registrar.gives_reason()
    registrar.sees(".handling dd", "T/2026/КЛАВИШИ")
    registrar.sees(".handling dd", "Английский")
    registrar.go("intake", "Приём")
    registrar.write("#intake-filter", "by-keyboard")
    registrar.sees("#intake tbody tr:only-child", "The bridges of the lower valley")
    registrar.go("add", "Принять файлы")
    registrar.choose("#add-level", "confidential")
    registrar.to("#files")


def test_papers_are_kept_held_disposed_of_and_certified(hands: Any, tmp_path: Path) -> None:
    admin, other, registrar, second = hands("admin1"), hands("admin2", "ru"), hands("marat"), hands("saule", "ru")
    admin.go("schedules", "How long papers are kept")
    admin.sees(".schedules", "everything is kept for good")
    admin.use(".schedules .button.primary")
    admin.choose("#new-kind", "other")
    admin.choose("#new-level", "restricted")
    admin.write("#new-years", "21")
    admin.gives_reason()
    admin.sees(".outcome", "It waits")
    other.go("proposals", "На решение")
    other.sees(".proposal", "21 год; сейчас бессрочно")
    approve(other)

    paper = canvas.Canvas(str(tmp_path / "kept-long.pdf"), invariant=1)
    paper.drawString(72, 700, "The wells of the upper valley were counted in autumn.")
    paper.save()
    registrar.go("add", "Bring files in")
    registrar.choose("#add-level", "restricted")
    registrar.page.fill("#add-date", "2001-02-03")
    registrar.to("#files")
    registrar.page.set_input_files("#files:focus", tmp_path / "kept-long.pdf")
    registrar.sees(".sending tr", re.compile(r"kept-long\.pdf.*searchable", re.DOTALL))
    registrar.use(".sending tr a")
    registrar.sees("#act-hold", "Put a hold")
    registrar.use("#act-hold")
    registrar.gives_reason()
    registrar.sees(".handling", "whatever its schedule says")
    registrar.go("due", "Due for disposal")
    registrar.sees(".due", "Nothing is due.")
    registrar.page.go_back()
    registrar.sees("#act-hold", "Lift")
    registrar.use("#act-hold")
    registrar.gives_reason()
    registrar.sees(".outcome", "It waits")
    second.go("proposals", "На решение")
    approve(second)

    registrar.go("due", "Due for disposal")
    registrar.sees("#due tbody tr:only-child", "3 February 2001")
    registrar.use("#due tbody button")
    registrar.sees("dialog", "Kept since 3 February 2001; its schedule says 21 years.")
    registrar.gives_reason()
    registrar.sees("#due tbody tr", "waits for a second registrar")
    second.go("intake", "Приём")
    second.go("intake", "Приём")
    second.go("proposals", "На решение")
    second.sees(".proposal", "Уничтожить документ, срок хранения которого истёк")
    approve(second)
    registrar.go("removed", "Removed")
    registrar.sees("#removed tbody tr", "Disposed of by its schedule")

    auditor = hands("miriam")
    auditor.sees(".entries .button.slim", "Show the certificate")
    auditor.use(".entries .button.slim")
    auditor.sees("#certificate dd", "marat")
    auditor.sees("#certificate dd", "saule")
    auditor.sees("#certificate dd", "not yet")
    auditor.to("#take-certificate")
    with auditor.page.expect_download() as taken:
        auditor.press("Enter")
    taken.value.save_as(tmp_path / "certificate.json")
    assert json.loads((tmp_path / "certificate.json").read_text())["approved_by"] == "saule"
    auditor.write("#certificate-document", "0" * 32)
    auditor.press("Enter")
    auditor.sees("#certificate .notice", "no disposal of such a document")

    admin.go("proposals", "To decide")
    admin.go("schedules", "How long papers are kept")
    admin.sees("#schedules tbody tr", "21 years")
    admin.use("#schedules tbody button")
    admin.to("#new-years")
    admin.press("ControlOrMeta+a")
    admin.press("Delete")
    admin.gives_reason()
    admin.sees(".outcome", "Done.")
    admin.sees(".schedules", "everything is kept for good")


def approve(decider: Hands) -> None:
    """Let the proposal that waits happen."""
    decider.sees(".proposal .button.primary", "Одобрить")
    decider.use(".proposal .button.primary")
    decider.use("dialog .button.primary")
    decider.sees(".outcome", "Одобрено")


def test_an_administrator_sees_who_gains_and_a_second_one_rejects(hands: Any) -> None:
    admin, other = hands("admin1", "ru"), hands("admin2")
    admin.go("people", "Сотрудники")
    admin.write("#people-filter", "jonas")
    admin.sees("#people tbody tr:only-child", "jonas")
    admin.use("#people tbody button")
    admin.choose("#new-role", "expert")
    admin.choose("#new-clearance", "restricted")
    admin.use("dialog .fields > .buttons button")
    admin.sees("dialog .effect tbody tr", "jonas")
    admin.sees("dialog .effect .gain", "+")
    admin.gives_reason()
    admin.sees(".outcome", "Ждёт одобрения")
    admin.speaks("en")
    admin.write("#people-filter", "jonas")
    admin.sees("#people tbody tr:only-child", "jonas")
    admin.go("proposals", "To decide")
    admin.sees(".proposal", "jonas")
    other.go("proposals", "To decide")
    other.sees(".proposal", "jonas")
    other.use(".proposal button:nth-of-type(3)")
    other.sees(".proposal .effect", "jonas")
    other.speaks("ru")
    other.sees("#proposals-title", "На решение")
    other.use(".proposal button:nth-of-type(2)")
    other.gives_reason()
    other.sees(".outcome", "Отклонено.")
    expect(other.page.locator(".proposal")).to_have_count(0)


def test_an_auditor_finds_an_entry_and_proves_the_trail(hands: Any) -> None:
    auditor = hands("miriam", "ru")
    expect(auditor.page.locator("#trail-title")).to_be_focused()
    auditor.choose("#trail-action", "sign_in")
    auditor.press("Enter")
    auditor.use(".trail form .primary")
    auditor.sees(".entries tbody tr", re.compile("miriam.*Вход", re.DOTALL))
    auditor.use("#prove")
    auditor.sees(".proof-said.well", "Журнал цел")
    auditor.speaks("en")
    auditor.sees("#trail-title", "Audit trail")
    auditor.choose("#trail-action", "sign_in")
    auditor.use(".trail form .primary")
    auditor.sees(".entries tbody tr", re.compile("miriam.*Signing in", re.DOTALL))
    auditor.use("#prove")
    auditor.sees(".proof-said.well", "The trail is whole")


def test_a_translator_translates_and_a_reviewer_lets_it_pass(hands: Any) -> None:
    translator, reviewer = hands("dilnoza"), hands("farrukh", "ru")
    page = translator.page
    translator.go("translate", "Translate")
    translator.use("#queue tbody a")
    translator.to(".sentence-line")
    document = page.url.rpartition("/")[2]
    for _ in range(3):
        translator.press("Tab")
    number = page.evaluate("document.activeElement.dataset.sentence")
    source = page.locator(f".sentence-line[data-sentence='{number}'] [lang]").first.inner_text()
    translator.press("Enter")
    expect(page.locator("#translation")).to_be_focused()
    translator.sees(".source-text strong", source)
    translator.press("ControlOrMeta+o")
    expect(page.locator("#translation")).to_have_value(source)
    translator.press("Alt+End")
    last = page.locator(".sentence-line").last
    expect(last).to_have_attribute("aria-current", "true")
    translator.press("Alt+Home")
    expect(page.locator(".sentence-line").first).to_have_attribute("aria-current", "true")
    translator.use(f".sentence-line[data-sentence='{number}']", back=True)
    expect(page.locator("#translation")).to_be_focused()
    translator.press("ControlOrMeta+a")
    translator.type(f"Написано без мыши {number}")
    translator.press("ControlOrMeta+Enter")
    translator.sees(f".sentence-line[data-sentence='{number}']", f"Написано без мыши {number}")
    expect(page.locator(f".sentence-line[data-sentence='{number}'][aria-current]")).to_have_count(0)
    translator.use(f".sentence-line[data-sentence='{number}']", back=True)
    expect(page.locator("#translation")).to_have_value(f"Написано без мыши {number}")
    while page.locator(".open-finding").count():
        left = page.locator(".open-finding").count()
        translator.use(".open-finding button")
        translator.gives_reason()
        expect(page.locator(".open-finding")).to_have_count(left - 1)
    translator.use("#submit")
    expect(page.locator("#submit")).to_have_count(0)
    translator.speaks("ru")
    translator.use(".work-head a[href='#/translate']")
    translator.sees("#translate-title", "Перевод")
    translator.choose("#waiting-which", "mine")

    reviewer.page.goto(f"{reviewer.page.url.partition('#')[0]}#/translate/{document}")
    reviewer.choose("#translate-state", "submitted")
    reviewer.sees(f".sentence-line[data-sentence='{number}']", f"Написано без мыши {number}")
    reviewer.use(f".sentence-line[data-sentence='{number}']")
    reviewer.sees(".beside ins", "Написано")
    reviewer.speaks("en")
    reviewer.sees(".beside ins", "Написано")  # what is open stays open
    reviewer.use("#approve")
    reviewer.sees(f".sentence-line[data-sentence='{number}'] .work-approved", "approved")
    reviewer.speaks("ru")
    reviewer.sees(f".sentence-line[data-sentence='{number}'] .work-approved", "утверждён")
