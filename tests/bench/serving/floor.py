"""The floor: what Flask, Jinja and the database cost where a page does nothing else."""

import sqlalchemy as sa
from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader

from portal import db

PREFIX = "/floor"
TABLE = sa.Table(
    "bench_floor",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
ROWS = 1_000
WANTED = "Ett golv att stå på"
# Some 10 kB, as a page of the portal has.
PAGE = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>{{ row.subject }}</title></head><body>
<h1>{{ row.subject }}</h1><p>{{ row.body }}</p>
<form method="post"><input name="subject"><textarea name="body"></textarea><button>Skicka</button></form>
<ul>{% for number in range(100) %}
<li class="list-item"><a href="{{ prefix }}/select/{{ number }}">Rad {{ number }}, {{ word }}</a></li>
{%- endfor %}</ul></body></html>"""
FIND = sa.select(TABLE.c.subject, TABLE.c.body).where(TABLE.c.id == sa.bindparam("row"))
ADD = sa.insert(TABLE)


def fill() -> None:
    """Make the table of the floor in the database of this process."""
    TABLE.metadata.create_all(db.engine())
    with db.engine().begin() as connection:
        if not connection.scalar(sa.select(sa.func.count()).select_from(TABLE)):
            rows = [{"subject": WANTED, "body": f"Rad {number}"} for number in range(ROWS)]
            connection.execute(ADD, rows)


def create() -> Flask:
    """The application of the floor, on the engine of this process."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"floor.html": PAGE})

    @app.get(f"{PREFIX}/bare")
    def bare() -> str:
        return WANTED

    @app.get(f"{PREFIX}/select/<int:number>")
    def select(number: int) -> str:
        return _page(number)

    @app.get(f"{PREFIX}/insert/<int:number>")
    def insert(number: int) -> str:
        html = _page(number)
        with db.engine().begin() as connection:
            connection.execute(ADD, {"subject": WANTED, "body": "En rad till"})
        return html

    @app.route(f"{PREFIX}/form", methods=["GET", "POST"])
    def form() -> ResponseReturnValue:
        if request.method == "GET":
            return _page(1)
        subject, body = request.form["subject"].strip(), request.form["body"].strip()
        if not subject or len(body) > 10_000:
            return "Fel", 422
        with db.engine().begin() as connection:
            connection.execute(ADD, {"subject": subject, "body": body})
        return redirect(f"{PREFIX}/form", 303)

    return app


def _page(number: int) -> str:
    with db.engine().connect() as connection:
        row = connection.execute(FIND, {"row": number}).one()
    return render_template("floor.html", row=row, prefix=PREFIX, word="som i en lista i portalen")
