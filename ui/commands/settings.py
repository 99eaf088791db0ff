"""`weighbridge settings`: the values in use, where each comes from, and changes that are kept in the settings file."""

from dataclasses import replace
from typing import Any

import click

from ui.cli import print_json, settings_of
from ui.completion import setting_values
from ui.setting_list import BY_KEY, SETTINGS, Setting
from ui.settings import NO_MODEL, Settings, change_setting, model_path


@click.group("settings", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The settings as JSON.")
@click.pass_context
def settings_command(ctx: click.Context, as_json: bool) -> None:
    """Show the settings in use; what the command line says overrules the environment, and that the settings file."""
    if ctx.invoked_subcommand is not None:
        return
    settings = settings_of(ctx)
    if as_json:
        print_json({"file": str(settings.file), "settings": [_plain(settings, setting) for setting in SETTINGS]})
        return
    rows = [(one.key, one.shown(getattr(settings, one.key)), _where(settings, one)) for one in SETTINGS]
    keys, values = (max(len(row[column]) for row in rows) for column in (0, 1))
    for key, value, where in rows:
        click.echo(f"{key:<{keys}}  {value:<{values}}  {where}")
    there = "" if settings.file.is_file() else " (made by the first change)"
    click.echo(f"\nSettings file: {settings.file}{there}. Change one: weighbridge settings set KEY VALUE")


@settings_command.command("set")
@click.argument("key", type=click.Choice([setting.key for setting in SETTINGS if setting.stored]), metavar="KEY")
@click.argument("value", shell_complete=setting_values)
@click.pass_context
def set_command(ctx: click.Context, key: str, value: str) -> None:
    """Keep VALUE for KEY in the settings file."""
    settings = settings_of(ctx)
    if key == "model" and value != NO_MODEL:
        model_path(replace(settings, model=value, origins={}))
    change_setting(settings, key, value)
    click.echo(f"{key} is {value!r} in {settings.file}", err=True)
    _say_overruled(settings, key)


@settings_command.command("unset")
@click.argument("key", type=click.Choice([setting.key for setting in SETTINGS if setting.stored]), metavar="KEY")
@click.pass_context
def unset_command(ctx: click.Context, key: str) -> None:
    """Forget KEY in the settings file, so that its default holds again."""
    settings = settings_of(ctx)
    change_setting(settings, key, None)
    click.echo(f"{key} is no longer in {settings.file}", err=True)
    _say_overruled(settings, key)


def _say_overruled(settings: Settings, key: str) -> None:
    if settings.origin(key) in ("environment", "command line"):
        click.echo(f"For now {settings.place(key).rstrip('=')} in the {settings.origin(key)} overrules it.", err=True)


def _where(settings: Settings, setting: Setting) -> str:
    origin = settings.origin(setting.key)
    return f"{origin} ({BY_KEY[setting.key].variable})" if origin == "environment" else origin


def _plain(settings: Settings, setting: Setting) -> dict[str, Any]:
    value = getattr(settings, setting.key)
    shown = value if isinstance(value, bool | int) else setting.shown(value)
    return {
        "key": setting.key, "value": shown, "from": settings.origin(setting.key), "variable": setting.variable,
        "stored": setting.stored, "help": setting.help,
    }  # fmt: skip
