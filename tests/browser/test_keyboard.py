"""Everything by keyboard alone, and the focus always to be seen."""

from tests.browser import steps
from tests.browser.visitor import Visitor

TABS_MOST = 60
# The focus ring of a radio button is drawn on its card, that of a checkbox on its field.
SHOWN = """(() => {
  const ring = it => { const {outlineStyle, outlineWidth} = getComputedStyle(it)
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0 }
  const at = document.activeElement
  return ring(at) || ring(at.parentElement) || ring(at.closest(".ds-field") ?? at)
})()"""


def tab_to(visitor: Visitor, selector: str) -> None:
    """Tab until the element has the focus; each stop on the way shows that it has it."""
    wanted = visitor.page.locator(selector).first
    for _stop in range(TABS_MOST):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(SHOWN), f"no focus to be seen: {visitor.focused!r}"
        if wanted.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {selector} on {visitor.page.url}")


def enter(visitor: Visitor) -> None:
    """Press Enter, and look at where it leads."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()


def test_a_question_is_sent_from_the_start_page_with_the_keyboard_alone(stranger: Visitor) -> None:
    keyboard, subject = stranger.page.keyboard, steps.unique("Badet")
    stranger.open("/")
    tab_to(stranger, "a[href='/lamna/fraga']")
    enter(stranger)

    tab_to(stranger, "[name=category]")
    keyboard.press("ArrowDown")
    tab_to(stranger, "[name=subject]")
    keyboard.type(subject)
    tab_to(stranger, "[name=body]")
    keyboard.type("När öppnar det?")
    tab_to(stranger, "[name=reply_by]")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    assert stranger.page.locator("[name=reply_by][value=email]").is_checked()
    tab_to(stranger, "[name=email]")
    keyboard.type("maria@exempel.se")
    tab_to(stranger, "main form button[type=submit]")
    enter(stranger)

    assert stranger.h1 == "Tack. Din fråga är framme."
    tab_to(stranger, "form[action='/folj'] button")
    enter(stranger)
    assert stranger.h1 == subject


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menu(stranger: Visitor) -> None:
    stranger.open("/lamna/fraga")
    tab_to(stranger, "a[href='#innehall']")
    assert stranger.page.locator("a[href='#innehall']").bounding_box()["height"] > 20  # type: ignore[index]
    stranger.page.keyboard.press("Enter")
    assert stranger.focused == "innehall"
    tab_to(stranger, "main a, main button")
    assert stranger.focused == "Tillbaka till start"


def test_an_officer_answers_with_the_keyboard_alone(stranger: Visitor) -> None:
    sent = steps.ask(stranger)
    stranger.open("/handlaggning/?vy=newest")
    tab_to(stranger, f"button:has-text('{steps.ANNA}')")
    enter(stranger)
    tab_to(stranger, "button.main")
    enter(stranger)
    tab_to(stranger, f"tr:has-text('{sent.number}') a")
    enter(stranger)
    tab_to(stranger, "#answer-body")
    stranger.page.keyboard.type("Den 1 juni.")
    tab_to(stranger, "form[action$='/answer'] .actions button")
    enter(stranger)
    stranger.sees("Svaret ligger i ärendet. Avsändaren läser med sin kod.")
