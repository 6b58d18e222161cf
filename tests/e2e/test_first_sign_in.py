"""An administrator's first day at the page: the one-time code, a password, a second factor; and one's own sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest

NEW = "seven lamps above the harbour"
STATUS = """() => fetch("/api/status", { headers: { "X-Tolmach": "1" } }).then((answer) => answer.status)"""


def test_an_administrator_is_led_from_the_code_to_a_second_factor(newcomer: Any, first_day: Any) -> None:
    page, keys = newcomer.page, newcomer.page.keyboard
    admin = first_day.sign_ins[0]
    newcomer.arrive()
    page.wait_for_selector("#username:focus")
    keys.type(admin["username"])
    keys.press("Tab")
    keys.type(admin["code"].lower().replace("-", " "))
    keys.press("Enter")

    page.wait_for_selector("#old-password:focus")
    assert page.evaluate(STATUS) == 403
    newcomer.speak("ru")
    assert page.inner_text("h1") == "Выберите пароль"
    newcomer.speak("en")
    for typed in (admin["code"], NEW, "another one than before"):
        keys.type(typed)
        keys.press("Tab")
    keys.press("Enter")
    assert page.inner_text(".said") == "The two new passwords differ."
    page.fill("#new-password-again", NEW)
    page.press("#new-password-again", "Enter")

    page.wait_for_selector("#factor-password:focus")
    assert page.evaluate(STATUS) == 403
    keys.type(NEW)
    keys.press("Enter")
    page.wait_for_selector("#factor-digits:focus")
    page.wait_for_function("document.querySelector('.qr').naturalWidth > 100")
    secret = page.inner_text("#factor-secret").replace(" ", "")
    clock = pyotp.TOTP(secret)
    keys.type(wrong(clock))
    keys.press("Enter")
    page.wait_for_selector(".said:not([hidden])")
    assert "digits" in page.inner_text(".said")
    page.fill("#factor-digits", clock.now())
    page.press("#factor-digits", "Enter")

    page.wait_for_selector("#recovery-kept:focus")
    recovery = page.locator(".codes code").all_inner_texts()
    assert len(set(recovery)) == 10
    keys.press("Enter")
    page.wait_for_selector("#home-title:focus")
    assert page.evaluate(STATUS) == 200

    with page.expect_response("**/api/session"):
        page.click("#sign-out")
    page.wait_for_selector("#username:focus")
    assert page.evaluate(STATUS) == 401
    page.fill("#username", admin["username"])
    page.fill("#password", NEW)
    page.press("#password", "Enter")
    page.wait_for_selector(".said:not([hidden])")
    assert "do not belong together" in page.inner_text(".said")
    page.fill("#otp", recovery[0].lower())
    page.press("#otp", "Enter")
    page.wait_for_selector("#home-title:focus")
    assert page.evaluate(STATUS) == 200


def wrong(clock: pyotp.TOTP) -> str:
    """Six digits that the device does not show now, nor just before or after."""
    shown = {clock.at(datetime.now(UTC), counter_offset=off) for off in range(-2, 3)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in shown)


def test_a_reload_on_the_way_goes_on_where_it_was(newcomer: Any, first_day: Any) -> None:
    page = newcomer.page
    newcomer.arrive()
    page.fill("#username", first_day.sign_ins[1]["username"])
    page.fill("#password", first_day.sign_ins[1]["code"])
    page.press("#password", "Enter")
    page.wait_for_selector("#old-password")
    page.reload()
    page.wait_for_selector("#old-password:focus")
    assert page.locator(".menu, #query").count() == 0  # nothing else is open to them yet
    page.click("#sign-out")
    page.wait_for_selector("#username")
    assert page.inner_text(".said") == "You have signed out."
    assert page.input_value("#username") == page.input_value("#password") == ""


def test_the_token_is_out_of_the_scripts_reach(expert: Any) -> None:
    page = expert.page
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("Object.keys(localStorage)") in ([], ["tolmach.language"])
    (cookie,) = page.context.cookies()
    assert cookie["name"] == "__Host-tolmach"
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "Strict", "/")
    assert page.evaluate("fetch('/api/me').then((answer) => answer.status)") == 401  # without our header
    assert page.evaluate(STATUS) == 403


@pytest.mark.parametrize("by", ["Sign out", "Sign out everywhere"])
def test_signing_out_in_one_tab_is_seen_in_the_others(expert: Any, by: str) -> None:
    page = expert.page
    other = page.context.new_page()
    other.goto(f"{expert.demo.address}/")
    other.wait_for_selector("#query")
    if by == "Sign out everywhere":
        page.click(".account a")
        page.wait_for_selector("#account-title:focus")
    page.get_by_role("button", name=by, exact=True).click()
    page.wait_for_selector("#username")
    assert page.inner_text(".said") == "You have signed out."
    other.wait_for_selector("#username")
    assert other.locator(".account").count() == 0
    assert page.context.cookies() == []


def test_ones_own_sign_in_can_be_looked_after(expert: Any, demo: Any) -> None:
    page = expert.page
    page.click(".account a")
    page.wait_for_selector("#account-title:focus")
    expert.speak("ru")
    assert page.inner_text("#account-title") == "Ваш вход"
    expert.speak("en")
    page.fill("#old-password", "wrong")
    page.fill("#new-password", "password1234")
    page.fill("#new-password-again", "password1234")
    page.press("#new-password-again", "Enter")
    page.wait_for_selector(".said:not([hidden])")
    assert "tried first" in page.inner_text(".said:not([hidden])")
    page.keyboard.press("Tab")
    page.click(".brand")
    page.wait_for_selector("#query:focus")
    page.go_back()
    page.wait_for_selector("#account-title:focus")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
