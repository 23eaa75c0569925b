"""Every address is classified, guarded as it says, and changes nothing without its token."""

import pytest
from flask import Blueprint, Flask

from portal.web import guards
from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.web import steps

# A new address stands here, with its guard, or the build stops.
EXPECTED = {
    "static": ("GET", None),
    "public.start": ("GET", "everyone"),
    "public.kinds": ("GET", "everyone"),
    "public.send": ("GET POST", "everyone"),
    "public.upload": ("POST", "everyone"),
    "public.latest_receipt": ("GET", "everyone"),
    "public.receipt": ("GET", "everyone"),
    "public.receipt_pdf": ("GET", "everyone"),
    "public.receipt_calendar": ("GET", "everyone"),
    "public.receipt_done": ("POST", "everyone"),
    "public.follow_start": ("GET", "everyone"),
    "public.follow_open": ("POST", "everyone"),
    "public.lost_code": ("GET", "everyone"),
    "public.new_code": ("GET POST", "everyone"),
    "public.new_code_sent": ("GET", "everyone"),
    "public.new_code_link": ("GET POST", "everyone"),
    "public.contest_code": ("POST", "everyone"),
    "public.contest_link": ("GET POST", "everyone"),
    "public.about_service": ("GET", "everyone"),
    "public.accessibility": ("GET", "everyone"),
    "public.personal_data": ("GET", "everyone"),
    "public.routines": ("GET", "everyone"),
    "public.said_and_done": ("GET", "everyone"),
    "public.theme": ("GET", "everyone"),
    "public.statistics_page": ("GET", "everyone"),
    "public.statistics_csv": ("GET", "everyone"),
    "public.statistics_json": ("GET", "everyone"),
    "public.robots": ("GET", "everyone"),
    "public.security": ("GET", "everyone"),
    "follow.latest": ("GET", "code_holder"),
    "follow.case": ("GET", "code_holder"),
    "follow.reply": ("POST", "code_holder"),
    "follow.calendar_of": ("GET", "code_holder"),
    "follow.pdf_of": ("GET", "code_holder"),
    "follow.readers": ("GET", "code_holder"),
    "follow.attachment": ("GET", "code_holder"),
    "follow.thumbnail": ("GET", "code_holder"),
    "follow.withdraw": ("POST", "code_holder"),
    "follow.close": ("POST", "code_holder"),
    "follow.take_along": ("POST", "code_holder"),
    "follow.open_part": ("POST", "code_holder"),
    "mina_sidor.take_along": ("GET", "citizen"),
    "mina_sidor.add_taken_along": ("POST", "citizen"),
    "public.language": ("GET", "everyone"),
    "mina_sidor.overview": ("GET", "citizen"),
    "mina_sidor.adopt": ("POST", "citizen"),
    "mina_sidor.case": ("GET", "citizen"),
    "mina_sidor.reply": ("POST", "citizen"),
    "mina_sidor.calendar_of": ("GET", "citizen"),
    "mina_sidor.pdf_of": ("GET", "citizen"),
    "mina_sidor.attachment": ("GET", "citizen"),
    "mina_sidor.thumbnail": ("GET", "citizen"),
    "mina_sidor.withdraw": ("POST", "citizen"),
    "mina_sidor.readers": ("GET", "citizen"),
    "mina_sidor.find": ("GET", "citizen"),
    "mina_sidor.sent_messages": ("GET", "citizen"),
    "mina_sidor.remove_draft": ("POST", "citizen"),
    "mina_sidor.about_me": ("GET", "citizen"),
    "mina_sidor.about_me_json": ("GET", "citizen"),
    "mina_sidor.about_me_pdf": ("GET", "citizen"),
    "mina_sidor.details": ("GET POST", "citizen"),
    "mina_sidor.notification": ("GET POST", "citizen"),
    "sign_in.choose": ("GET", "everyone"),
    "sign_in.start": ("GET", "everyone"),
    "sign_in.callback": ("GET", "everyone"),
    "sign_in.sign_out": ("POST", "everyone"),
    "sign_in.signed_out": ("GET", "everyone"),
    "sign_in.back_channel": ("POST", "everyone"),
    "messages.sms_report": ("POST", "everyone"),
    "messages.survey": ("GET POST", "everyone"),
    "messages.unsubscribe": ("GET", "everyone"),
    "messages.decline": ("POST", "everyone"),
    "sign_in.keys": ("GET", "everyone"),
    "sign_in.desk": ("GET POST", "everyone"),
    "sign_in.desk_confirm": ("GET", "everyone"),
    "sign_in.desk_show": ("POST", "everyone"),
    "sign_in.emergency": ("GET POST", "everyone"),
    "sessions.mine": ("GET", "signed_in"),
    "sessions.stay": ("GET", "signed_in"),
    "sessions.resume": ("GET", "signed_in"),
    "sessions.end": ("POST", "signed_in"),
    "sessions.end_all": ("POST", "signed_in"),
    "backoffice.queue": ("GET", "staff"),
    "backoffice.case": ("GET", "staff"),
    "backoffice.similar_cases": ("GET", "staff"),
    "backoffice.figures": ("GET", "staff"),
    "backoffice.figures_csv": ("GET", "staff"),
    "backoffice.figures_xlsx": ("GET", "staff"),
    "backoffice.figure_cases": ("GET", "staff"),
    "backoffice.figure_cases_xlsx": ("GET", "staff"),
    "backoffice.earlier_answers": ("GET", "staff"),
    "backoffice.use_earlier": ("POST", "staff"),
    "backoffice.next_case": ("GET", "staff"),
    "backoffice.previous_case": ("GET", "staff"),
    "backoffice.print_of": ("GET", "staff"),
    "backoffice.pdf_of": ("GET", "staff"),
    "backoffice.measures": ("GET", "staff"),
    "backoffice.register": ("GET", "staff"),
    "backoffice.register_print": ("GET", "staff"),
    "backoffice.register_file": ("GET", "staff"),
    "backoffice.register_case": ("GET POST", "staff"),
    "backoffice.case_receipt": ("GET", "staff"),
    "backoffice.case_receipt_print": ("GET", "staff"),
    "backoffice.case_receipt_done": ("POST", "staff"),
    "backoffice.attachment": ("GET", "staff"),
    "backoffice.thumbnail": ("GET", "staff"),
    "backoffice.original": ("GET", "staff"),
    "backoffice.act": ("POST", "staff"),
    "backoffice.save_draft": ("POST", "staff"),
    "backoffice.drafts": ("GET", "staff"),
    "backoffice.preview_answer": ("GET", "staff"),
    "backoffice.discard_draft": ("POST", "staff"),
    "backoffice.templates": ("GET", "staff"),
    "backoffice.new_template": ("GET POST", "staff"),
    "backoffice.template": ("GET POST", "staff"),
    "backoffice.archive_template": ("POST", "staff"),
    "backoffice.switch_membership": ("POST", "staff"),
    "backoffice.many": ("GET POST", "staff"),
    "backoffice.keys": ("GET", "staff"),
    "backoffice.reveal": ("POST", "staff"),
    "backoffice.finish_task": ("POST", "staff"),
    "backoffice.resend_message": ("POST", "staff"),
    "backoffice.outbox": ("GET", "staff"),
    "backoffice.message_texts": ("GET", "staff"),
    "backoffice.save_view": ("POST", "staff"),
    "backoffice.remove_view": ("POST", "staff"),
    "backoffice.notices": ("GET", "staff"),
    "backoffice.notices_seen": ("POST", "staff"),
    "backoffice.notice_choices": ("GET POST", "staff"),
    "backoffice.desk": ("GET", "staff"),
    "backoffice.desk_code": ("POST", "staff"),
    "backoffice.desk_public": ("GET", "staff"),
    "backoffice.desk_begin": ("POST", "staff"),
    "backoffice.desk_visit": ("GET", "staff"),
    "backoffice.desk_end": ("POST", "staff"),
    "backoffice.desk_case": ("GET", "staff"),
    "backoffice.desk_record": ("POST", "staff"),
    "backoffice.placing": ("GET", "staff"),
    "backoffice.guide": ("GET", "staff"),
    "backoffice.first_day": ("GET", "staff"),
    "backoffice.routines": ("GET", "staff"),
    "backoffice.places": ("GET", "staff"),
    "backoffice.routine": ("GET POST", "staff"),
    "backoffice.improvements": ("GET", "staff"),
    "backoffice.new_improvement": ("GET POST", "staff"),
    "backoffice.improvement": ("GET POST", "staff"),
    "backoffice.publish_improvement": ("GET POST", "staff"),
    "backoffice.unpublish_improvement": ("POST", "staff"),
    "backoffice.inform_more": ("POST", "staff"),
    "backoffice.compilations": ("GET", "staff"),
    "backoffice.board_reports": ("GET", "staff"),
    "backoffice.new_board_report": ("GET POST", "staff"),
    "backoffice.board_report": ("GET", "staff"),
    "backoffice.board_report_comments": ("GET POST", "staff"),
    "backoffice.count_board_report": ("POST", "staff"),
    "backoffice.choose_report_case": ("GET POST", "staff"),
    "backoffice.chosen_report_case": ("GET POST", "staff"),
    "backoffice.remove_report_case": ("POST", "staff"),
    "backoffice.fix_board_report": ("GET POST", "staff"),
    "backoffice.delete_board_report": ("GET POST", "staff"),
    "backoffice.board_report_print": ("GET", "staff"),
    "backoffice.board_report_pdf": ("GET", "staff"),
    "backoffice.board_report_xlsx": ("GET", "staff"),
    "backoffice.place_form": ("GET", "staff"),
    "backoffice.place_case": ("POST", "staff"),
    "backoffice.survey_comments": ("GET", "staff"),
    "backoffice.unit": ("GET", "staff"),
    "backoffice.assign_anew": ("GET", "staff"),
    "backoffice.absences": ("GET POST", "staff"),
    "backoffice.remove_absence": ("POST", "staff"),
    "operations.alive": ("GET", "everyone"),
    "operations.ready": ("GET", "everyone"),
    "operations.scrape": ("GET", "everyone"),
    "development.messages": ("GET", "everyone"),
    "development.letter": ("GET", "everyone"),
}
DOORS = {
    "code_holder": "/folj",
    "staff": "/logga-in/personal?",
    "citizen": "/logga-in/medborgare?",
    "signed_in": "/logga-in?",
}
# Who can come as far as the token, by guard; a link that never was is gone before it asks for one.
INSIDE = {
    "everyone": "stranger",
    "code_holder": "code_holder",
    "staff": "staff",
    "citizen": "citizen",
    "signed_in": "citizen",
}
# A provider that signs somebody out has a token of its own kind.
REFUSED = {
    "public.new_code_link": 410,
    "public.contest_link": 410,
    "sign_in.back_channel": 400,
    "messages.sms_report": 400,
    "messages.survey": 404,
    "messages.decline": 404,
    # Of those who walk here none makes improvements; tests/web/backoffice/test_improvements.py has a head.
    "backoffice.new_improvement": 404,
    "backoffice.improvement": 404,
    "backoffice.publish_improvement": 404,
    "backoffice.unpublish_improvement": 404,
    "backoffice.inform_more": 404,
    # Nor reports of a board; tests/web/backoffice/test_board_reports.py has a head.
    "backoffice.new_board_report": 404,
    "backoffice.board_report_comments": 404,
    "backoffice.count_board_report": 404,
    "backoffice.choose_report_case": 404,
    "backoffice.chosen_report_case": 404,
    "backoffice.remove_report_case": 404,
    "backoffice.fix_board_report": 404,
    "backoffice.delete_board_report": 404,
}


def guard_of(endpoint: str) -> str | None:
    blueprint = endpoint.rpartition(".")[0]
    return guards.GUARDS[blueprint].__name__ if blueprint else None


def classified(app: Flask) -> dict[str, tuple[str, str | None]]:
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return {name: (" ".join(sorted(found)), guard_of(name)) for name, found in methods.items()}


def test_every_address_is_classified(app: Flask) -> None:
    assert classified(app) == EXPECTED


def test_a_blueprint_that_nobody_classified_stops_the_start() -> None:
    app = Flask(__name__)
    app.register_blueprint(Blueprint("new", __name__))
    with pytest.raises(KeyError, match="new"):
        guards.install(app)


def test_a_stranger_is_sent_to_the_door_of_every_guarded_address(app: Flask, visitors: Visitors) -> None:
    stranger, tried = visitors["stranger"].client, 0
    for rule in app.url_map.iter_rules():
        door = DOORS.get(EXPECTED[rule.endpoint][1] or "")
        for method in (rule.methods or set()) & {"GET", "POST", "HEAD", "OPTIONS"} if door else ():
            answer = stranger.open(routes.address(rule), method=method)
            assert (answer.status_code, answer.location.startswith(door or "-")) == (303, True), rule
            tried += 1
    assert tried > 20


def test_a_code_does_not_open_the_back_office_nor_a_session_a_case(app: Flask, visitors: Visitors) -> None:
    for rule in app.url_map.iter_rules():
        guard = EXPECTED[rule.endpoint][1]
        if guard in DOORS:
            other = visitors["staff" if guard == "code_holder" else "code_holder"]
            method = "POST" if "POST" in (rule.methods or set()) else "GET"
            assert other.client.open(routes.address(rule), method=method).location.startswith(DOORS[guard])


def without_token(app: Flask, visitors: Visitors) -> list[str]:
    """Every POST that does not refuse somebody who may be there but sends no token."""
    accepting = []
    for rule in routes.rules(app, "POST"):
        name = INSIDE.get(EXPECTED.get(rule.endpoint, ("", None))[1] or "", "stranger")
        who = "staff" if rule.endpoint == "sign_in.sign_out" else name
        fields = steps.MAILED | {"number": routes.PARTS["number"], "code": "x", "officer": "1", "body": "Hej"}
        before = changing()
        status = visitors[who].client.post(routes.address(rule), data=fields).status_code
        if status != REFUSED.get(rule.endpoint, 422) or changing() != before:
            accepting.append(f"{rule.endpoint} {status}")
    return accepting


def changing() -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, apart from who has read what."""
    return {table: rows for table, rows in steps.stored().items() if table != "read_log"}


def test_every_post_refuses_without_its_token_and_changes_nothing(app: Flask, visitors: Visitors) -> None:
    assert without_token(app, visitors) == []


@pytest.mark.own_app
def test_a_post_that_asks_for_no_token_is_found(app: Flask, request: pytest.FixtureRequest) -> None:
    app.add_url_rule("/slarvig", "careless", lambda: "ok", methods=["POST"])
    assert without_token(app, request.getfixturevalue("visitors")) == ["careless 200"]
