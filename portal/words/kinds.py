"""The words of each kind of case, from the start page to the letters."""

from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal.cases.enums import Kind
from portal.translation import lazy_gettext as _l


@dataclass(frozen=True)
class KindWords:
    """The texts of one kind: `verb` and `text` on the start page, the rest on form, receipt and timeline."""

    verb: LazyString
    text: LazyString
    name: LazyString
    yours: LazyString
    heading: LazyString
    body_label: LazyString
    body_missing: LazyString
    body_hint: LazyString
    send: LazyString
    thanks: LazyString
    arrived: LazyString


_HINT = _l("Var och när? Skriv inte personnummer eller uppgifter om hälsa.")

KINDS: dict[Kind, KindWords] = {
    Kind.QUESTION: KindWords(
        verb=_l("Fråga"),
        text=_l("Du undrar över något."),
        name=_l("fråga"),
        yours=_l("din fråga"),
        heading=_l("Ställ en fråga"),
        body_label=_l("Vad undrar du?"),
        body_missing=_l("Skriv vad du undrar"),
        body_hint=_l("Skriv inte personnummer eller uppgifter om hälsa."),
        send=_l("Skicka frågan"),
        thanks=_l("Tack. Din fråga är framme."),
        arrived=_l("Vi har tagit emot frågan"),
    ),
    Kind.COMPLAINT: KindWords(
        verb=_l("Klaga"),
        text=_l("Något blev fel eller dåligt."),
        name=_l("klagomål"),
        yours=_l("ditt klagomål"),
        heading=_l("Lämna ett klagomål"),
        body_label=_l("Berätta vad som hände"),
        body_missing=_l("Berätta vad som hände"),
        body_hint=_HINT,
        send=_l("Skicka klagomålet"),
        thanks=_l("Tack. Ditt klagomål är framme."),
        arrived=_l("Vi har tagit emot klagomålet"),
    ),
    Kind.PRAISE: KindWords(
        verb=_l("Berömma"),
        text=_l("Någon gjorde ett bra jobb."),
        name=_l("beröm"),
        yours=_l("ditt beröm"),
        heading=_l("Lämna beröm"),
        body_label=_l("Berätta vad som var bra"),
        body_missing=_l("Berätta vad som var bra"),
        body_hint=_HINT,
        send=_l("Skicka berömmet"),
        thanks=_l("Tack. Ditt beröm är framme."),
        arrived=_l("Vi har tagit emot berömmet"),
    ),
    Kind.SUGGESTION: KindWords(
        verb=_l("Föreslå"),
        text=_l("Du vet hur det kan bli bättre."),
        name=_l("förslag"),
        yours=_l("ditt förslag"),
        heading=_l("Lämna ett förslag"),
        body_label=_l("Berätta om ditt förslag"),
        body_missing=_l("Berätta om ditt förslag"),
        body_hint=_l("Vad skulle bli bättre, och för vem? Skriv inte personnummer."),
        send=_l("Skicka förslaget"),
        thanks=_l("Tack. Ditt förslag är framme."),
        arrived=_l("Vi har tagit emot förslaget"),
    ),
    Kind.FAULT_REPORT: KindWords(
        verb=_l("Felanmäla"),
        text=_l("En lampa, ett hål, en trasig gunga."),
        name=_l("felanmälan"),
        yours=_l("din felanmälan"),
        heading=_l("Gör en felanmälan"),
        body_label=_l("Berätta vad som är fel"),
        body_missing=_l("Berätta vad som är fel"),
        body_hint=_l("Vad är trasigt, och sedan när? Skriv inte personnummer."),
        send=_l("Skicka felanmälan"),
        thanks=_l("Tack. Din felanmälan är framme."),
        arrived=_l("Vi har tagit emot felanmälan"),
    ),
}
