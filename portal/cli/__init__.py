"""Command line of the application: flask --app wsgi …"""

import click
from flask import Flask
from flask.cli import AppGroup


class Commands(AppGroup):
    """The application's commands, imported when one is asked for: a web process needs none of them."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name."""
        self._import()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        self._import()
        return super().list_commands(ctx)

    def _import(self) -> None:
        from portal.cli.commands import COMMANDS

        for command in COMMANDS:
            self.add_command(command)


def install(app: Flask) -> None:
    """Give the application its commands."""
    app.cli = Commands()
