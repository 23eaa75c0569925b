"""`make pictures`: every main page as a picture, on a portal of its own with the demo.

Each page is held to WCAG and to its width on the way. Twelve are kept in docs/pictures; all of them, dark
too, go to pictures/, which git leaves alone, and beside each other to pictures/sheets/.
"""

import shutil
import tempfile
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from portal import create_app, db
from portal.cli import demo
from tests import authority_pictures, picture_sheets, service_pictures
from tests.browser import chromium, steps
from tests.browser.test_board_report_journey import closed_month
from tests.browser.visitor import Screen, Visitor, arrive
from tests.camera import ALL, Camera
from tests.conftest import settings
from tests.running import ROOT, Running, portal

STORY = Path(__file__).with_suffix(".toml")
KEPT = ROOT / "docs/pictures"
SCREENS = [Screen(1280, "light"), Screen(360, "light"), Screen(1280, "dark"), Screen(360, "dark")]
KEEP = ("start", "form", "receipt", "mina-sidor-maria", "queue-unit", "case-staff")
FILTERED = "/handlaggning/?vy=newest&typ=klagomal&lage=in_progress&lofte=in_time"
SUBJECT_MOST, BODY_MOST = 200, 3000


def tell(url: str) -> None:
    """Add the long ones to the demo."""
    told = tomllib.loads(STORY.read_text(encoding="utf-8"))["cases"]
    app = create_app(settings(url))
    with app.app_context(), db.transaction():
        demo.create_cases([_long(each) for each in told], demo.members(), "long")
    db.engine().dispose()


def _long(told: dict[str, Any]) -> dict[str, Any]:
    steps = [step | {"text": _stretched(step.get("text", ""), BODY_MOST)} for step in told["steps"]]
    plain = [{name: value for name, value in step.items() if value} for step in steps]
    subject, body = _stretched(told["subject"], SUBJECT_MOST), _stretched(told["body"], BODY_MOST)
    return told | {"subject": subject, "body": body, "steps": plain}


def _stretched(text: str, most: int) -> str:
    """A text that ends in an asterisk is repeated until it is as long as may be."""
    return (text[:-1] * most)[:most].strip() if text.endswith("*") else text


def stranger(camera: Camera) -> None:
    """Somebody who does not sign in."""
    who = camera.who
    camera.visit(start="/", kinds="/lamna", follow="/folj", sign_in="/logga-in", form="/lamna/klagomal")
    who.page.get_by_label("E-post", exact=True).check()
    who.write(email="maja", subject="a" * SUBJECT_MOST)
    who.press("Skicka klagomålet")
    camera.take("form-error")
    sent = steps.ask(who, "När öppnar badet?")
    camera.take("receipt")
    steps.open_case(who, sent)
    camera.take("case-by-code")
    camera.visit(fault_form="/lamna/felanmalan")
    camera.visit(new_code="/folj/ny-kod", about="/om", figures="/statistik")
    camera.visit(lost="/finns-inte", emergency="/logga-in/nodatkomst", desk_screen="/disken")
    steps.ask(who, "När öppnar badet?", email="maja@exempel.se")
    camera.take("receipt-by-email")
    who.follow("English")
    camera.visit(start_in_english="/", form_in_english="/lamna/klagomal")


def citizen(camera: Camera, name: str) -> None:
    """Somebody's own pages, and each of their cases."""
    camera.sign_in(name, "Logga in med e-legitimation")
    mine = f"mina-sidor-{name.split()[0].lower()}"
    camera.take(mine)
    links = camera.who.page.locator("main a[href*='/arenden/']").all()
    # By number, so that a name means the same case on every screen: what a screen adds comes last.
    addresses = sorted(link.get_attribute("href") or "" for link in links)
    camera.visit(**{f"{mine}-{place}": address for place, address in enumerate(addresses)})


def signed_in(camera: Camera) -> None:
    """What the forms look like to somebody who has signed in."""
    who = camera.who
    who.page.get_by_text("Lägg till det på Mina sidor").click()
    who.press("Lägg till ärendet")
    camera.take("adopt-error")
    camera.visit(sessions="/inloggningar", stay="/inloggad", details="/mina-sidor/uppgifter")
    who.page.get_by_label("Med sms", exact=True).check()
    who.press("Spara")
    camera.take("details-error")
    camera.visit(messages="/mina-sidor/meddelanden", about_me="/mina-sidor/allt-om-mig")
    camera.visit(own_search="/mina-sidor/sok?sok=lekplats", lost_code="/folj/tappad-kod")
    who.open("/lamna/forslag")
    who.write(subject="Fler bänkar vid ån", body="Tre räcker.")
    who.press("Spara utkast")
    camera.take("mina-sidor-draft")
    camera.visit(signed_in_form="/lamna/fraga")
    who.page.get_by_label("Sms", exact=True).check()
    who.write(subject="När öppnar badet?", body="I sommar?", phone="12")
    who.press("Skicka frågan")
    camera.take("signed-in-form-error")
    who.page.get_by_label("Mina sidor", exact=True).check()
    who.press("Skicka frågan")
    camera.take("signed-in-receipt")
    steps.open_case(who, steps.ask(who, "När öppnar badet?"))
    who.press("Logga in och ta med ärendet")
    camera.take("take-along")


NewCamera = Callable[[], Camera]


def new_camera(browser: Browser, running: Running, screen: Screen) -> Camera:
    """Somebody new at a screen."""
    return Camera(arrive(browser, running.address, screen))


def officer(camera: Camera, name: str, queue: str, **cases: str) -> None:
    """The queue, and cases found by their subjects."""
    camera.sign_in(name, "Logga in som personal")
    camera.visit(**{queue: "/handlaggning/", f"{queue}_filtered": FILTERED})
    for picture, subject in cases.items():
        _find(camera.who, subject)
        camera.take(picture.replace("_", "-"))


def _find(who: Visitor, subject: str) -> None:
    """Open a case of the demo, which newer ones may have moved from the first page."""
    who.open("/handlaggning/?vy=newest")
    while not (link := who.page.locator("main a", has_text=subject).first).is_visible():
        who.follow("Nästa", "main")
    who.go(link)


def many(camera: Camera) -> None:
    """An answer to several, from the marked rows to the preview; and the keys."""
    who = camera.who
    camera.visit(keys="/handlaggning/tangenter", registration="/handlaggning/registrera")
    camera.visit(queue_marked="/handlaggning/?vy=newest")
    for box in who.page.locator("[name=case]").all()[:4]:
        box.check()
    camera.take("queue-marked")
    who.press("Svara")
    camera.take("many-answer")
    who.write(
        body="Vi beklagar att det har dröjt.\n\nLekplatsen öppnar den 1 juni. Tack för att du hörde av dig."
    )
    who.press("Förhandsgranska")
    camera.take("many-preview")


def answering(camera: Camera) -> None:
    """A template fetched into the answer of the case that is open, its preview, and the pages of both."""
    who = camera.who
    who.page.get_by_label("Svarsmall, om du vill").select_option(index=1)
    who.press("Hämta mallen")
    camera.take("answer-template")
    who.press("Förhandsgranska")
    camera.take("answer-preview")
    camera.visit(drafts="/handlaggning/utkast", templates="/handlaggning/mallar")
    camera.visit(template="/handlaggning/mallar/1", template_new="/handlaggning/mallar/ny")


def together(first: Camera, second: Camera, subject: str) -> None:
    """Two at the same case: the later one gets all back. Then the case on paper, and measures."""
    for each in (second, first):
        each.who.open(f"/handlaggning/?vy=newest&q={subject}")
        each.take("found")
        each.who.go(each.who.page.locator("td.what a").first)
    case = first.who.page.url.partition("?")[0]
    first.take("case-company")
    for name, text in {
        "note": "Per ringde.",
        "measure": "Skylten är uppe.",
        "propose": "Skylta genast.",
    }.items():
        first.who.open(case)
        steps.choose_tab(first.who, name)
        first.who.page.locator(f"#{name}-body").fill(text)
        first.who.go(first.who.page.locator(f"form[action$='/{name}'] button[type=submit]").first)
    first.take("case-measures")
    first.visit(case_paper=f"{case}/utskrift", similar_cases=f"{case}/liknande")
    first.visit(earlier_answers=f"{case}/liknande-svar")
    first.visit(measures="/handlaggning/atgarder", guide="/handlaggning/guide")
    first.visit(first_day="/handlaggning/guide/forsta-dagen", routines_staff="/handlaggning/rutiner")
    first.visit(routine="/handlaggning/rutiner/park", places="/handlaggning/platser")
    first.visit(routine="/handlaggning/rutiner/park", improvements="/handlaggning/forbattringar")
    first.visit(improvement="/handlaggning/forbattringar/1", said_and_done="/ni-sa-vi-gjorde")
    second.who.page.get_by_label("Ditt svar", exact=True).fill("Den öppnar den 1 juni.")
    second.who.press("Skicka svar")
    second.take("conflict")
    second.visit(found_nothing="/handlaggning/?q=zebra", queue_wrong="/handlaggning/?vy=x&typ=y&efter=z")


def board_report(camera: Camera, number: str, month: str) -> None:
    """A report of a board, from its form to the page that asks before it is fixed."""
    who, reports = camera.who, "/handlaggning/namndrapporter"
    steps.sign_in(who, "Ingrid Sandell")
    camera.visit(board_reports=reports, board_report_new=f"{reports}/ny")
    who.page.get_by_label("Nämnd", exact=True).select_option("tekniska")
    who.write(first_month=month, last_month=month)
    who.press("Gör rapporten")
    camera.take("board-report")
    report = who.page.url
    for page in ("kommentarer", f"arende?nummer={number}", "faststall", "ta-bort", "utskrift"):
        camera.visit(**{f"board_report_{page.partition('?')[0]}": f"{report}/{page}"})


def usual(camera: NewCamera) -> None:
    """What people meet on most days, each with a browser of their own."""
    eva, anna = camera(), camera()
    officer(eva, "Eva Nilsson", "queue", case_asked="Lampan utanför")
    many(eva)
    officer(anna, "Anna Lindqvist", "queue_unit", case_staff="Lekplatsen i Svens")
    answering(anna)
    together(eva, anna, "gungställning")
    citizen(camera(), "Elsa Nyström")
    maria = camera()
    citizen(maria, "Maria Ekdahl")
    maria.who.open("/mina-sidor")
    signed_in(maria)
    stranger(camera())
    authority_pictures.keeper(camera(), authority_pictures.secret(camera()))
    authority_pictures.placing(camera(), camera())
    service_pictures.files_and_place(camera())
    service_pictures.survey(camera(), camera())
    service_pictures.desk(camera(), camera())
    service_pictures.head(camera())
    reader = camera()
    reader.visit(outbox="/utkorg")
    reader.who.page.get_by_text("Läs meddelandet").first.click()
    reader.take("outbox-open")


def long(camera: NewCamera) -> None:
    """The same with as much text as goes in."""
    officer(camera(), "Anna Lindqvist", "queue_long", case_staff_long="Lekplats" * 9, case_late="Gungst")
    citizen(camera(), "Yusuf Demir")


def keep() -> None:
    """The few that the documents show: wide by their names, and as on a telephone."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in KEEP:
        shutil.copy(ALL / "1280-light" / f"{name}.png", KEPT)
        shutil.copy(ALL / "360-light" / f"{name}.png", KEPT / f"{name}-360.png")


def main() -> None:
    """Take them all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        portal(Path(folder), PORTAL_LIMITS="off") as running,
        sync_playwright() as playwright,
    ):
        browser = chromium.launch(playwright)
        steps.add_records_officer(running, steps.NILS, "tekniska")
        counted = closed_month(running)
        for screen in SCREENS:
            usual(partial(new_camera, browser, running, screen))
            board_report(new_camera(browser, running, screen), *counted)
        tell(f"sqlite:///{folder}/kontakt.db")
        for screen in SCREENS:
            long(partial(new_camera, browser, running, screen))
        picture_sheets.draw(browser, SCREENS)
        browser.close()
    keep()


if __name__ == "__main__":
    main()
