"""A site with two holes, which shows that the tools find what they are run for."""

import sqlite3
from contextlib import closing

from flask import Flask, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

app = Flask(__name__)
app.secret_key = "vulnerable"
CSRFProtect(app)

PAGE = """<!doctype html><title>Search</title>
<form method="post" action="/search"><input type="hidden" name="csrf_token" value="{token}">
<input name="name" value="anna"><button>Search</button></form>
<a href="/greet?who=anna">Greet</a> {content}"""


@app.get("/")
def start() -> str:
    return page("")


@app.post("/search")
def search() -> str:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE person (name TEXT)")
        database.execute("INSERT INTO person VALUES ('anna')")
        rows = database.execute(f"SELECT name FROM person WHERE name = '{request.form['name']}'").fetchall()
    return page(f"<p>{len(rows)} found</p>")


@app.get("/greet")
def greet() -> str:
    return page(f"<p>{request.args.get('who')}</p>")


def page(content: str) -> str:
    return PAGE.format(token=generate_csrf(), content=content)
