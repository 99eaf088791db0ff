"""Intents that rules alone tell, and commands with their arguments."""

import pytest

from agent.reading.commands import command_in
from agent.reading.intents import plain_intent


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("show me the report", "report", ""),
        ("Could you please give me the final report now?", "report", ""),
        ("report", "report", ""),
        ("next workload", "next", ""),
        ("let's add another workload", "new", ""),
        ("I want to describe a new use case", "new", ""),
        ("switch to the contract summaries workload", "switch", "contract summaries"),
        ("go back to the translation workload", "switch", "translation"),
        ("Could you add another workload for translation?", "new", "translation"),
        ("switch to Invoices", "switch", "Invoices"),
        ("go back", "back", ""),
        ("back to the previous question please", "back", ""),
        ("undo that", "undo", ""),
        ("What have I told you so far?", "review", ""),
        ("show me all the facts", "review", ""),
        ("Let's stop here", "stop", ""),
        ("I'm done for today, thanks", "stop", ""),
        ("ok, quit", "stop", ""),
        ("export to pdf", "report", ""),
    ],
)
def test_commands(text: str, name: str, argument: str) -> None:
    command = command_in(text)
    assert command is not None
    assert (command.name, command.argument) == (name, argument)


@pytest.mark.parametrize(
    "text",
    [
        "it writes a report for every customer",
        "we want to generate reports from sensor data and send them to clients",
        "the business stops without it",
        "customers can go back to an agent",
        "we switched to Azure last year",
        "Another project of ours uses OpenAI",
        "stop words are removed before",
        "",
    ],
)
def test_descriptions_are_no_commands(text: str) -> None:
    assert command_in(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Why do you ask?", "why"),
        ("why?", "why"),
        ("What's that got to do with it?", "why"),
        ("Why did you recommend self-hosting?", "why"),
        ("What if the volume doubles?", "what_if"),
        ("and if we used half the tokens?", "what_if"),
        ("Suppose we had 100k requests a day", "what_if"),
        ("say volume doubled", "what_if"),
        ("And with 200k requests a day?", "what_if"),
        ("How does it look with three engineers?", "what_if"),
        ("Run it again assuming a million requests", "what_if"),
        ("on reflection the error cost is high", "correction"),
        ("I don't know", "skip"),
        ("no idea, sorry", "skip"),
        ("we haven't measured that", "skip"),
        ("Skip this one", "skip"),
        ("sorry, I meant 400k", "correction"),
        ("actually make that 500 tokens", "correction"),
        ("no wait, it's 12 pages", "correction"),
        ("not 40k but 14k", "correction"),
    ],
)
def test_plain_intents(text: str, intent: str) -> None:
    assert plain_intent(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "Is Llama open source?",
        "why is Llama not open source?",
        "about 40k a day",
        "we pass data to OpenAI",
        "no",
        "I suppose so",
        "You can imagine the rest.",
        "and with a DPA it may go out",
        "medium I suppose, the parcel comes back",
    ],
)
def test_what_rules_leave_open(text: str) -> None:
    assert plain_intent(text).intent is None


def test_the_question_is_quoted_from_the_message() -> None:
    assert plain_intent("It's 40k a day. Is Llama open source?").question == "Is Llama open source?"
