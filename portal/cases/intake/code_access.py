"""Access by code: the grant of one browser, and the one-time link that replaces a lost code."""

import secrets
from collections.abc import Collection
from datetime import timedelta

import structlog
from sqlalchemy import delete, func, or_, select

from portal import clock, crypto
from portal.cases import parties
from portal.cases.enums import ReaderChange
from portal.cases.events import AdoptedCodeRequested, CodeLinkRequested, CodeReplaced
from portal.cases.intake import codes, earlier_readers
from portal.cases.intake.models import CodeGrant, CodeLink, CodeRequest
from portal.cases.models import Case
from portal.config import settings
from portal.database.errors import DatabaseUnavailable
from portal.db import changed_rows, session
from portal.events import publish
from portal.identity.actors import CodeHolder, System

log: structlog.stdlib.BoundLogger = structlog.get_logger()
GRANT_TTL = timedelta(minutes=30)
LINK_TTL = timedelta(hours=24)
MAX_LINKS = 3
# Answered at a time, so that one transaction of the worker stays short.
MAX_REQUESTS = 50


def grant(holder: CodeHolder) -> str:
    """Open a case in one browser for 30 minutes; returns the token for its cookie."""
    token = secrets.token_urlsafe(24)
    now = clock.now()
    # Expired rows are deleted here: no scheduled job is needed for them.
    session().execute(delete(CodeGrant).where(CodeGrant.expires_at < now))
    # Only a fingerprint is stored, so that a copy of the database opens no case.
    row = CodeGrant(token=crypto.fingerprint("grant", token), case_id=holder.case, expires_at=now + GRANT_TTL)
    session().add(row)
    return token


def end_grants(tokens: Collection[str]) -> None:
    """Delete grants of a browser: a copy of its cookie opens nothing any more."""
    fingerprints = [crypto.fingerprint("grant", token) for token in tokens]
    session().execute(delete(CodeGrant).where(CodeGrant.token.in_(fingerprints)))


def delete_expired() -> int:
    """Delete expired grants and links; returns their number."""
    models = CodeGrant, CodeLink
    return sum(changed_rows(delete(model).where(model.expires_at < clock.now())) for model in models)


def request_link(year: int, number: int, email: str) -> None:
    """Store a request for a link to a new code, for answer_requests(). A malformed number is 0 and 0.

    The same work whether or not there is such a case: neither answer nor time reveals who sent what.
    """
    session().add(CodeRequest(year=year, number=number, email=email))


def answer_requests() -> None:
    """Answer the stored requests, oldest first; for the worker. Each is tried once."""
    # The ids alone: a request that no key decrypts must not stop the others.
    query = select(CodeRequest.id).order_by(CodeRequest.id).limit(MAX_REQUESTS)
    for id_ in session().scalars(query.with_for_update(skip_locked=True)).all():
        _try_to_answer(id_)
        session().execute(delete(CodeRequest).where(CodeRequest.id == id_))


def _try_to_answer(id_: int) -> None:
    try:
        with session().begin_nested():
            _answer(session().get_one(CodeRequest, id_))
    except DatabaseUnavailable:
        raise
    # Such as an address of the request or of the case that no key decrypts: it would fail each time.
    except Exception:
        log.exception("code_link.unanswered", code_request=id_)


def _answer(request: CodeRequest) -> None:
    """Mail a one-time link if the address is that of the case; at most three are valid at a time."""
    # Locked, so that concurrent requests cannot exceed MAX_LINKS.
    case = _locked(year=request.year, number=request.number)
    if case is None or case.reader_contested_at or not _has_address(case, request.email):
        return
    if _links(case) >= MAX_LINKS or not (case.code or _is_on_mina_sidor(case)):
        return
    token = secrets.token_urlsafe(24)
    now = clock.now()
    row = CodeLink(token=crypto.fingerprint("link", token), case_id=case.id, expires_at=now + LINK_TTL)
    session().add(row)
    if case.code:
        publish(CodeLinkRequested(case=case.id, at=now, actor=System(), token=token))
    else:
        # The link would open nothing; its row counts towards MAX_LINKS, and its token is never sent.
        publish(AdoptedCodeRequested(case=case.id, at=now, actor=System()))


def _is_on_mina_sidor(case: Case) -> bool:
    return case.party is not None and case.party.person_id is not None


def _locked(**criteria: int) -> Case | None:
    """The case, its row locked to the end of the transaction."""
    return session().scalar(select(Case).filter_by(**criteria).with_for_update())


def _has_address(case: Case, email: str) -> bool:
    known, _phone = parties.reached_at(case)
    return bool(known) and str(known).casefold() == email.casefold()


def _links(case: Case) -> int:
    session().execute(delete(CodeLink).where(CodeLink.expires_at < clock.now()))
    return session().scalar(select(func.count(CodeLink.id)).where(CodeLink.case_id == case.id)) or 0


def is_renewable(case: Case) -> bool:
    """Whether a lost code can be replaced by a link: only an e-mail address gets one."""
    email, _phone = parties.reached_at(case)
    return bool(email)


def link_holds(token: str) -> bool:
    """Whether a one-time link is valid. A GET must not spend it: mail scanners follow links."""
    return _link(token) is not None


def _link(token: str) -> CodeLink | None:
    query = select(CodeLink).where(CodeLink.token == crypto.fingerprint("link", token))
    return session().scalar(query.where(CodeLink.expires_at > clock.now()))


def spend_link(token: str) -> tuple[Case, str] | None:
    """Replace the code of a case; returns both. None if the link is spent or expired."""
    link = _link(token)
    case = _locked(id=link.case_id) if link else None
    # Check again: another request may have spent the link while this one waited for the lock.
    if case is None or case.code is None or not link_holds(token):
        return None
    code = codes.code(settings().code_key, token)
    for member in earlier_readers.family(case):
        _replace_code(member, crypto.fingerprint("code", code) if member.code else None)
    return case, code


def _replace_code(case: Case, code: bytes | None) -> None:
    letter = earlier_readers.keep_reader(case, ReaderChange.NEW_CODE)
    case.code = code
    # A lost code may have been found by someone else: end their access, and all other links.
    for model in (CodeGrant, CodeLink):
        session().execute(delete(model).where(model.case_id == case.id))
    # One letter, of the case that has the code, and none to a protected sender.
    token = "" if code is None or parties.is_protected(case) else letter
    publish(CodeReplaced(case=case.id, at=clock.now(), actor=CodeHolder(case.id), token=token))


def code_holder_for(code: str, year: int, number: int) -> CodeHolder | None:
    """The actor for a case number and its code; None if either is wrong, without telling which.

    The code of a case also opens the cases that were split from it.
    """
    readable = Case.reader_contested_at.is_(None)
    opened = select(Case.id).where(Case.code == crypto.fingerprint("code", code), readable)
    query = select(Case.id).where(Case.year == year, Case.number == number, readable)
    case = session().scalar(query.where(or_(Case.id.in_(opened), Case.split_from_id.in_(opened))))
    return CodeHolder(case) if case else None


def opens_by_code(case: Case) -> bool:
    """Whether a code opens the case: its own, or that of the case it was split from."""
    first = session().get(Case, case.split_from_id) if case.split_from_id else None
    return bool(case.code or (first and first.code))


def code_holder_for_grant(token: str) -> CodeHolder | None:
    """The actor for the grant of a browser; None if it has expired."""
    query = select(CodeGrant.case_id).where(CodeGrant.token == crypto.fingerprint("grant", token))
    case = session().scalar(query.where(CodeGrant.expires_at > clock.now()))
    return CodeHolder(case) if case else None
