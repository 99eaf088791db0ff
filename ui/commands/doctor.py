"""`weighbridge doctor`: what is installed and ready, and how to fix what is not."""

from dataclasses import asdict

import click

from ui.cli import print_json, settings_of

_MARKS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "problem": ("PROBLEM", "red")}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def doctor_command(ctx: click.Context, as_json: bool) -> None:
    """Say what is installed, which accelerator, model and index are used, and how to fix what is not right."""
    from ui.diagnosis import diagnose

    checks = diagnose(settings_of(ctx))
    problems = [check for check in checks if check.state == "problem"]
    if as_json:
        print_json({"ok": not problems, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            mark, colour = _MARKS[check.state]
            click.echo(f"{click.style(f'{mark:>7}', fg=colour)}  {check.name:<14}  {check.text}")
            if check.state == "problem":
                click.echo(f"{'':>25}fix: {click.style(check.fix, bold=True)}")
        click.echo("\nAll is well." if not problems else f"\n{len(problems)} to mend.")
    ctx.exit(3 if problems else 0)
