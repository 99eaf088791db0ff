"""`weighbridge completion`: the script that lets a shell complete commands, options and names."""

import click
from click.shell_completion import get_completion_class

_NAME, _VARIABLE = "weighbridge", "_WEIGHBRIDGE_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, options, tools, models and sessions in SHELL."""
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, _NAME, _VARIABLE).source(), nl=False)
