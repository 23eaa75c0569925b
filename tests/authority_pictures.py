"""Pictures of secrecy, jäv, a handover to another board, its register, and cases without a handler."""

from tests.browser import steps
from tests.camera import Camera


def secret(camera: Camera) -> str:
    """A case that is marked, concerns a colleague and goes to another board, to the address of its page."""
    who = camera.who
    steps.sign_in(who, steps.ANNA)
    who.open("/handlaggning/?vy=newest")
    who.go(who.page.locator("main a", has_text="När öppnar badet?").first)
    steps.take(who)
    steps.note(who, "Det här är inte vårt.")
    case = who.page.url
    for name in ("mark_secrecy", "recuse", "mark_concerned", "reclassify"):
        who.page.locator(f"details:has(form[action$='/{name}']) > summary").first.click()
    camera.take("case-authority-forms")
    mark = who.page.locator("form[action$='/mark_secrecy']")
    mark.locator("select").select_option(index=1)
    who.go(mark.locator("button"))
    concerned = "form[action$='/mark_concerned']"
    who.page.locator(f"details:has({concerned}) > summary").click()
    who.page.locator(f"{concerned} select").select_option(index=1)
    who.go(who.page.locator(f"{concerned} button"))
    camera.take("case-secret")
    hand_over(camera, "Enheten för äldre och funktionsstöd")
    return case


def hand_over(camera: Camera, unit: str) -> None:
    """The case that is open goes to a unit of another board, after the question about the ground."""
    who = camera.who
    form = "form[action$='/hand_over']"
    who.page.locator(f"details:has({form}) > summary").click()
    who.page.locator(f"{form} select").select_option(label=unit)
    who.go(who.page.locator(f"{form} button"))
    camera.take("handover")
    who.page.locator(f"{form} [name=ground]").first.check()
    who.go(who.page.locator(f"{form} button"))


def keeper(camera: Camera, case: str) -> None:
    """The register of a board, and what it has left of a case that went to another."""
    steps.work_as(camera.who, steps.NILS, "Registrator, Tekniska nämnden")
    camera.visit(transferred=case, register="/handlaggning/register")
    camera.visit(register_paper="/handlaggning/register/utskrift")


def placing(sender: Camera, registrar: Camera) -> None:
    """A case of a unit without handlers, in the list and at its form."""
    sent = steps.ask(sender.who, "När börjar skolan?", topic="Förskola och skola")
    steps.sign_in(registrar.who, steps.EVA)
    registrar.visit(placing="/handlaggning/utan-handlaggare")
    registrar.who.follow(f"Placera {sent.number}")
    registrar.take("place")
