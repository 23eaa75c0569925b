"""The profile files: what each municipality says, and what a wrong file is told."""

import re
from datetime import date
from pathlib import Path

import pytest

from portal.organisation.consistency import examples
from portal.organisation.loading import SHIPPED, ProfileError, load, parse
from portal.organisation.profile import Profile

BURLOV, BOTKYRKA, NACKA = ALL = load("burlov"), load("botkyrka"), load("nacka")


def reasons(text: str) -> str:
    with pytest.raises(ProfileError) as caught:
        parse(text, "trial.toml")
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert old in BURLOV.text
    return BURLOV.text.replace(old, new, 1)


def without_section(heading: str) -> str:
    start = BURLOV.text.index(f"\n{heading}\n")
    end = BURLOV.text.index("\n[", start + 2)
    return BURLOV.text[:start] + BURLOV.text[end:]


def test_burlov_promises_an_answer_in_ten_working_days_and_no_contact() -> None:
    assert BURLOV.promise.answer_working_days == 10
    assert BURLOV.promise.contact_working_days is None


def test_burlov_takes_all_five_kinds() -> None:
    assert BURLOV.kinds == ("question", "complaint", "praise", "suggestion", "fault_report")


def test_burlov_names_what_its_guidelines_leave_out() -> None:
    found = {each.key: each.separate_system for each in BURLOV.not_handled}
    assert found == {
        "partipolitik": False,
        "vard-och-omsorg": True,
        "krankningar": True,
        "medarbetare": False,
    }


def test_burlov_marks_as_examples_what_its_guidelines_do_not_say() -> None:
    assert BURLOV.summer
    parts = (*BURLOV.boards, *BURLOV.administrations, *BURLOV.units, *BURLOV.categories, *BURLOV.doors)
    assert all(part.example for part in (BURLOV.contact, BURLOV.summer, *parts))
    assert not any(part.example for part in (BURLOV, BURLOV.promise, *BURLOV.not_handled))


def test_burlov_has_a_number_that_rings_nobody() -> None:
    assert BURLOV.phone == "040-628 04 00"
    assert BURLOV.phone_e164 == "+46406280400"


def test_burlov_keeps_social_care_secret_from_the_start() -> None:
    secret = [category.key for category in BURLOV.categories if category.secrecy_default]
    assert secret == ["aldre"]
    assert not BURLOV.category("aldre").answer_by_email


def test_medborgarservice_is_the_first_line() -> None:
    assert BURLOV.first_line == BURLOV.unit("medborgarservice")


def test_every_unit_is_responsible_for_a_category() -> None:
    assert {category.responsible_unit for category in BURLOV.categories} == {
        unit.key for unit in BURLOV.units
    }


def test_a_door_for_one_kind_is_shown_for_that_kind_only() -> None:
    assert [door.key for door in BURLOV.doors_for("fault_report")] == ["akut-fel"]
    assert BURLOV.doors_for("praise") == ()
    general = [door.key for door in BURLOV.general_doors()]
    assert general == ["fara", "overklaga", "orosanmalan"]


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.key)
@pytest.mark.parametrize("kind", ["question", "complaint"])
def test_a_worried_or_dissatisfied_sender_sees_the_right_doors_first(profile: Profile, kind: str) -> None:
    doors = " ".join(door.key for door in profile.doors_for(kind))
    assert all(key in doors for key in ("overklag", "orosanmalan", "skadestand", "skola"))


def test_the_text_of_a_profile_makes_the_same_profile_again() -> None:
    assert parse(BURLOV.text, "version 1") == BURLOV


def test_a_profile_is_read_from_any_path(tmp_path: Path) -> None:
    path = tmp_path / "lund.toml"
    path.write_text(changed('short = "Burlöv"', 'short = "Lund"'), encoding="utf-8")
    assert load(str(path)).short == "Lund"


def test_own_closed_days_are_dates_with_names() -> None:
    text = BURLOV.text + '\n[[closed_days]]\ndate = 2026-05-15\nname = "klämdagen"\n'
    assert parse(text, "trial.toml").closed_days == {date(2026, 5, 15): "klämdagen"}
    assert BURLOV.closed_days == {}


def test_a_profile_may_promise_no_number_at_all() -> None:
    promise = parse(changed("answer_working_days = 10", ""), "trial.toml").promise
    assert promise.answer_working_days is promise.contact_working_days is None


def test_a_profile_may_be_without_summer() -> None:
    assert parse(without_section("[summer]"), "trial.toml").summer is None


def test_a_profile_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        BURLOV.short = "Lund"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('board = "ks"', 'board = "kd"', "units.medborgarservice.board: there is no 'kd'"),
        ('administration = "kommunledning"', 'administration = "x"', "units.medborgarservice.administration"),
        ('responsible_unit = "park"', 'responsible_unit = "parc"', "categories.parker.responsible_unit"),
        ('handling_unit = "park"', 'handling_unit = "parc"', "categories.parker.handling_unit: there is no"),
        ("first_line = true", "", "units: exactly one must have first_line = true, not 0"),
        ('key = "park"', 'key = "park"\nfirst_line = true', "first_line = true, not 2"),
        ('key = "gata"', 'key = "park"', "units.park: stands 2 times"),
        ('key = "gator"', 'key = "parker"', "categories.parker: stands 2 times"),
        ('key = "ks"', 'key = "tekniska"', "boards.tekniska: stands 2 times"),
        ('key = "statistik"', 'key = "muntligt"', "routines.muntligt: stands 2 times"),
        ('key = "statistik"', 'key = "statistik"\ntopics = ["x"]', "routines.statistik.topics: there is no"),
        ('"complaint"', '"question"', "kinds.question: stands 2 times"),
        ('"complaint"', '"klagan"', "kinds.#2: "),
        ("answer_by_email = false", "", "categories.aldre.answer_by_email: must be false"),
        ('link_text = "Ring 112"', "", "doors.fara: link_text and href stand together"),
        ('href = "tel:112"', 'href = "javascript:1"', "doors.fara.href: must begin with https://"),
        ('kinds = ["fault_report"]', 'kinds = ["fel"]', "doors.akut-fel.kinds.#1: "),
        ('"praise", ', "", "kinds: lacks 'praise', and no door or not_handled"),
        ("answer_working_days = 10", "answer_working_days = 0", "promise.answer_working_days: "),
        ("answer_working_days = 10", 'answer_working_days = "10"', "promise.answer_working_days: "),
        ("answer_working_days = 10", "answer_days = 10", "promise.answer_days: "),
        ('start = "06-22"', 'start = "06-31"', "summer.start: day is out of range"),
        ('end = "08-16"', 'end = "06-01"', "summer.end: comes before the start"),
        ('phone_e164 = "+46406280400"', 'phone_e164 = "040"', "contact.phone_e164: "),
        ('short = "Burlöv"', 'short = " "', "short: "),
        ('short = "Burlöv"', 'shorts = "Burlöv"', "shorts: "),
        ('short = "Burlöv"', 'short = "Burlöv"\ntext = "x"', "text: is the file itself"),
        ('short = "Burlöv"', "short = ", "trial.toml:9: not TOML: Invalid value (at line 9"),
        ("secrecy_default = true", "secrecy_default = true\nrosa_level = 7", "categories.aldre.rosa_level: "),
        ("secrecy_default = true", "secrecy_default = 1", "categories.aldre.secrecy_default: "),
        ('key = "ivo"', 'key = "jo"', "external_ways.jo: stands 2 times"),
        (
            'categories = ["aldre"]',
            'categories = ["x"]',
            "external_ways.ivo.categories: there is no topic with",
        ),
        (
            'secrecy_provision = "visselblasning"',
            'secrecy_provision = "x"',
            "whistleblowing.secrecy_provision: ",
        ),
        (
            '"visselblasning"\n\n# ---- Sidor',
            '"visselblasning"\nunit = "x"\n\n# ----',
            "whistleblowing.unit: there",
        ),
        ('category = "tillganglighet"', 'category = "x"', "accessibility.category: there is no 'x'"),
        ('officer_email = "data', 'officer_email = "da ta', "privacy.officer_email: "),
        ("updated = 2026-11-28", 'updated = "i dag"', "privacy.updated: "),
        ('conformance = "partial"', 'conformance = "nearly"', "accessibility.conformance: "),
    ],
)
def test_a_wrong_file_is_told_where_and_why(old: str, new: str, expected: str) -> None:
    told = reasons(changed(old, new))
    assert expected in told
    assert all(re.match(r"trial\.toml:\d+: ", line) for line in told.splitlines())


@pytest.mark.parametrize("wrong", ["2026-02-30", "20260515", "true"])
def test_an_own_closed_day_must_be_a_date(wrong: str) -> None:
    assert reasons(f'{BURLOV.text}\n[[closed_days]]\ndate = {wrong}\nname = "klämdagen"\n')


def test_an_own_closed_day_stands_once() -> None:
    day = '\n[[closed_days]]\ndate = 2026-05-15\nname = "klämdagen"\n'
    assert "closed_days.2026-05-15: stands 2 times" in reasons(BURLOV.text + day * 2)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    text = changed('board = "tekniska"', 'board = "x"').replace("first_line = true", "")
    assert len(reasons(text).splitlines()) == 2


def test_a_missing_profile_is_told_with_the_shipped_names() -> None:
    with pytest.raises(ProfileError, match=r"lomma: cannot be read: .*shipped profiles: .*burlov"):
        load("lomma")


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(BURLOV.text.encode("latin-1", errors="replace"))
    with pytest.raises(ProfileError, match=r"latin\.toml: cannot be read"):
        load(str(path))


def test_three_profiles_are_shipped() -> None:
    assert sorted(path.stem for path in SHIPPED.glob("*.toml")) == ["botkyrka", "burlov", "nacka"]


def test_botkyrka_promises_contact_in_two_working_days_and_no_number_for_the_answer() -> None:
    assert BOTKYRKA.promise.contact_working_days == 2
    assert BOTKYRKA.promise.answer_working_days is None


def test_botkyrka_takes_no_fault_reports_and_shows_each_exclusion_of_its_policy() -> None:
    assert BOTKYRKA.kinds == ("question", "complaint", "praise", "suggestion")
    assert [way.key for way in BOTKYRKA.doors_for("fault_report")] == ["felanmalan"]
    assert {each.key for each in BOTKYRKA.not_handled} == {
        "medarbetare",
        "arbetsgivare",
        "felanmalan",
        "medborgarforslag",
        "skadestand",
        "overklaganden",
    }


def test_botkyrkas_centre_is_the_first_line_up_to_level_three_and_handles_four_and_five_for_others() -> None:
    topics = [topic for topic in BOTKYRKA.categories if topic.rosa_level]
    assert len(topics) == len(BOTKYRKA.categories)
    assert all(topic.handling_unit == "medborgarcenter" for topic in topics if topic.rosa_level in (1, 2, 3))
    agreed = [
        topic for topic in topics if topic.handling_unit == "medborgarcenter" and topic.rosa_level in (4, 5)
    ]
    assert {topic.rosa_level for topic in agreed} == {4, 5}
    assert all(topic.responsible_unit != "medborgarcenter" for topic in agreed)
    assert not any(topic.handling_unit == "medborgarcenter" for topic in topics if topic.rosa_level == 6)


def test_nacka_promises_no_number() -> None:
    assert NACKA.promise.contact_working_days is NACKA.promise.answer_working_days is None
    assert NACKA.summer is None


@pytest.mark.parametrize(
    ("profile", "topic", "law"),
    [
        *(
            (profile, topic, "skollagen 4 kap. 7–8 §§")
            for profile in ALL
            for topic in ("skola", "forskoleplats")
        ),
        *((profile, "bygga", "plan- och bygglagen") for profile in ALL),
        (NACKA, "plan", "egna regler i lag"),
        *((NACKA, topic, "SOSFS 2011:9") for topic in ("ekonomi", "social", "flykting")),
        *((BOTKYRKA, topic, "SOSFS 2011:9") for topic in ("ekonomi", "aldre")),
        (BOTKYRKA, "fardtjanst", "lagen om färdtjänst"),
        (BURLOV, "aldre", "SOSFS 2011:9"),
    ],
    ids=lambda value: value.key if isinstance(value, Profile) else None,
)
def test_a_topic_with_a_procedure_in_law_names_the_law(profile: Profile, topic: str, law: str) -> None:
    assert law in profile.category(topic).special_procedure


# What each source leaves out, in its own words, and a word of where it belongs instead.
EXCLUSIONS = [
    (BURLOV, "Synpunkter från politiska partier och ärenden av politisk karaktär.", "partiet"),
    (BURLOV, "enligt hälso- och sjukvårdslagen eller socialtjänstlagen", "Ivo"),
    (BURLOV, "Avvikelser och anmälningar som rör kränkningar.", "barn- och elevombudet"),
    (BURLOV, "Interna synpunkter från den som arbetar i kommunen.", "närmaste chef"),
    (BOTKYRKA, "Medarbetares synpunkter på verksamheten", "närmaste chef"),
    (BOTKYRKA, "Synpunkter på kommunen som arbetsgivare", "skyddsombud"),
    (BOTKYRKA, "Gör en felanmälan.", "Ring 08-465 004 20"),
    (BOTKYRKA, "Du vill lämna ett medborgarförslag", "kommunfullmäktige"),
    (BOTKYRKA, "Du vill ha skadestånd", "jurister"),
    (BOTKYRKA, "Du vill ändra ett beslut", "Överklaga det."),
]


@pytest.mark.parametrize(("profile", "exclusion", "way"), EXCLUSIONS)
def test_each_exclusion_of_a_source_has_its_right_way(profile: Profile, exclusion: str, way: str) -> None:
    texts = [
        " ".join([matter.title, matter.text, matter.way, matter.link_text]) for matter in profile.not_handled
    ]
    assert len([text for text in texts if exclusion in text and way in text]) == 1
    named = [exclusion for source, exclusion, _way in EXCLUSIONS if source is profile]
    assert len(named) == len(profile.not_handled)


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.key)
def test_who_has_the_supervision_is_named_at_the_topics(profile: Profile) -> None:
    ways = {way.key: way for way in profile.external_ways}
    assert set(ways) == {
        "visselblasning",
        "ivo",
        "patientnamnden",
        "skolinspektionen",
        "beo",
        "do",
        "jo",
        "polis",
    }
    secret = {topic.key for topic in profile.categories if topic.secrecy_default}
    assert set(ways["ivo"].categories) <= secret
    assert ways["beo"].categories == ways["skolinspektionen"].categories == ("skola", "forskoleplats")
    assert all(way.href for way in ways.values())


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.key)
def test_how_one_was_treated_is_a_topic(profile: Profile) -> None:
    assert profile.category("bemotande").name == "Bemötande och service"


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.key)
def test_every_unit_has_a_routine_and_secret_topics_answer_in_no_letter(profile: Profile) -> None:
    assert {routine.unit for routine in profile.routines} == {unit.key for unit in profile.units}
    assert any(topic.secrecy_default for topic in profile.categories)


def test_a_routine_for_some_topics_is_followed_on_those_alone() -> None:
    assert [routine.key for routine in NACKA.routines_for("gata", "gator")] == ["snorojning"]
    assert NACKA.routines_for("gata", "bemotande") == NACKA.routines_for("gata", None) == ()
    assert [routine.key for routine in NACKA.routines_for("park", None)] == ["park"]


def test_an_interval_that_no_document_gives_is_an_example() -> None:
    marked = [routine.key for routine in BURLOV.routines if routine.follow_up_example]
    assert marked == ["muntligt", "statistik"]
    assert "routines.muntligt" in examples(BURLOV)


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.key)
def test_all_but_an_address_has_its_english(profile: Profile) -> None:
    assert set(profile.untranslated("en")) <= {profile.about[1]}
    assert profile.translated(profile.units[0].name, "en") != profile.units[0].name
    assert profile.translated(profile.units[0].name, "sv") == profile.units[0].name
    assert profile.translated(profile.units[0].name, "fi") is None


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.key)
def test_every_number_of_a_profile_rings_nobody(profile: Profile) -> None:
    numbers = set(re.findall(r"\b0\d[\d -]{6,}\d", profile.text))
    assert numbers
    assert all(re.match(r"040-628 04 \d\d|08-465 004 \d\d", number) for number in numbers)
    linked = set(re.findall(r"\+46\d+", profile.text))
    assert all(re.fullmatch(r"\+464062804\d\d|\+468465004\d\d", number) for number in linked)


def test_a_translation_of_what_is_no_text_is_known_and_stops_nothing() -> None:
    assert [profile.unused("en") for profile in ALL] == [[], [], []]
    strange = BOTKYRKA.text.replace('"Skola" = "School"', '"Skolan" = "School"')
    assert parse(strange, "trial.toml").unused("en") == ["Skolan"]
    assert parse(strange, "trial.toml").untranslated("en") == ["Skola"]


def test_no_two_municipalities_share_the_prefix_of_their_numbers() -> None:
    assert len({profile.number_prefix for profile in ALL}) == len(ALL)


def test_a_unit_is_rung_from_any_country() -> None:
    assert BOTKYRKA.first_line.phone_href == "tel:+46846500400"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('\nunit = "bygg"', '\nunit = "bygge"', "routines.bygg.unit: there is no 'bygge'"),
        ("follow_up_months = 6", "follow_up_months = 0", "routines.forsta-kontakten.follow_up_months: "),
        ("follow_up_months = 6", "follow_up_months = 25", "routines.forsta-kontakten.follow_up_months: "),
        ('phone = "08-465 004 40"', 'phone = "ring"', "units.bygg.phone: "),
        ('accent = "#6b2346"', 'accent = "#d18aa9"', "theme.accent: has too little contrast on the page"),
        ('accent = "#6b2346"', 'accent = "red"', "theme.accent: "),
        ('mark_text = "#2b1204"', 'mark_text = "#8a5a2b"', "theme: has too little contrast on mark"),
        ("stranger_sms_per_day = 500", "stranger_sms_per_day = 0", "limits.stranger_sms_per_day: "),
        ('sms_countries = ["+46"]', "sms_countries = []", "limits.sms_countries"),
        ("south = 59.05", "south = 59.95", "area: is empty"),
        ("south = 59.05", "south = 0", "area.south: "),
        ('"Skola" = "School"', '"Skola" = ""', "translations.en.Skola: "),
        ("[translations.en]", "[translations.English]", "translations.English"),
        ('kinds = ["fault_report"]', "", "kinds: lacks 'fault_report'"),
    ],
)
def test_the_line_of_a_fault_is_where_it_stands(old: str, new: str, expected: str) -> None:
    assert old in BOTKYRKA.text
    text = BOTKYRKA.text.replace(old, new, 1)
    (told, *_rest) = reasons(text).splitlines()
    assert expected in told
    found = text.splitlines()[int(told.split(":")[1]) - 1]
    wanted = {"theme: ": "[theme]", "area: ": "[area]", "kinds: ": "kinds = ["}
    assert next((line for place, line in wanted.items() if f" {place}" in told), new.strip()) in found
