"""Pictures of files, the place of a fault, the desk, the survey, and what a head reads of a unit."""

from tests import files
from tests.browser import steps
from tests.camera import Camera


def files_and_place(camera: Camera) -> steps.Sent:
    """A fault report with a picture and a place, twice: then the question whether it is the same fault."""
    who = camera.who
    for _time in range(2):
        who.open("/lamna/felanmalan")
        steps.fill(who, "Ett hål i gatan")
        who.write(place="Havsgatan 3")
        picture = {"name": "hål i gatan.jpg", "mimeType": "image/jpeg", "buffer": files.photograph()}
        who.page.locator("#attachments").set_input_files([picture])
        who.page.get_by_label("Beskriv bilden").fill("Ett djupt hål")
        camera.take("form-with-file")
        who.press("Skicka felanmälan")
    camera.take("same-fault")
    who.page.get_by_label("Nej, det är ett annat fel").check()
    who.press("Skicka felanmälan")
    sent = steps.receipt(who, "")
    steps.open_case(who, sent)
    camera.take("case-with-file")
    who.follow("Vem har öppnat ärendet?")
    camera.take("case-readers")
    return sent


def survey(sender: Camera, officer: Camera) -> None:
    """A case that is answered and closed, and the questions about it."""
    sent = steps.ask(sender.who)
    steps.sign_in(officer.who)
    officer.visit(notices="/handlaggning/nytt", notice_choices="/handlaggning/nytt/val")
    steps.find(officer.who, sent)
    steps.answer(officer.who, "Badet öppnar den 1 juni.", button="Skicka och avsluta")
    officer.take("case-closed")
    steps.open_case(sender.who, sent)
    sender.take("case-closed-by-code")
    sender.who.follow("Svara på två frågor")
    sender.take("survey")
    sender.who.press("Skicka svaren")
    sender.take("survey-error")
    for name, value in (("got_answer", "no"), ("treatment", "neither")):
        sender.who.page.locator(f"input[name={name}][value={value}]").press("Space")
    sender.who.press("Skicka svaren")
    sender.take("survey-thanks")


def desk(clerk: Camera, visitor: Camera) -> None:
    """A visit at the desk, from the number to the case; and a call that is registered."""
    steps.sign_in(clerk.who, steps.EVA)
    clerk.visit(desk="/handlaggning/fraga")
    clerk.who.press("Visa ett nummer för besökaren")
    clerk.take("desk-number")
    number = clerk.who.page.locator("[data-number]").get_attribute("data-number") or ""
    visitor.who.open("/disken")
    visitor.who.write(number=number)
    visitor.who.press("Fortsätt")
    visitor.who.go(visitor.who.page.get_by_role("button", name=steps.MARIA))
    visitor.who.press("Bekräfta")
    visitor.take("desk-confirm")
    visitor.who.press("Visa mina ärenden")
    visitor.take("desk-done")
    clerk.who.go(clerk.who.page.get_by_role("link", name="Visa personens ärenden"))
    clerk.take("desk-visit")
    clerk.who.go(clerk.who.page.locator("main .case-rows a").first)
    clerk.take("desk-case")
    clerk.who.press("Avsluta besöket")
    clerk.who.open("/handlaggning/registrera")
    clerk.who.write(body="När töms återvinningen?")
    clerk.who.press("Registrera")
    clerk.take("registration-receipt")


def head(camera: Camera) -> None:
    """What the head of a unit reads, and an improvement from its plan to the text for everybody."""
    who = camera.who
    steps.sign_in(who, "Per Holm")
    camera.visit(unit="/handlaggning/enheten", absences="/handlaggning/franvaro")
    camera.visit(figures_inside="/handlaggning/uppfoljning?grupp=amne")
    camera.visit(compilations="/handlaggning/sammanstallningar", comments="/handlaggning/enkatsvar")
    camera.visit(improvement_new="/handlaggning/forbattringar/ny")
    who.write(title=steps.unique("Skyltar"), plan="Skyltarna kommer upp samma dag.", due_on="2029-01-01")
    who.press("Spara förbättringen")
    who.page.get_by_label("Läge", exact=True).select_option("done")
    who.press("Spara ändringen")
    who.follow("Skriv texten")
    camera.take("improvement-text")
    who.write(you_said="Ni ville veta varför lekplatser är stängda.", we_did="Vi skyltar samma dag.")
    who.press("Förhandsgranska")
    camera.take("improvement-preview")
    who.press("Publicera")
    camera.visit(said_and_done="/ni-sa-vi-gjorde")
