"""Tells what a message wants: rules for what is said plainly, the encoder for the rest. It knows no graph."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.reading.asks import questions
from agent.reading.commands import command_in, loose_command
from agent.reading.patterns import pattern
from agent.reading.reading import Command, Intent

# What a rule adds to the encoder's probability of an intent (chosen on held-out messages).
_RULE_VOTE = 0.6
_QUESTION_VOTE = 0.7
# How sure the encoder has to be of a command that no rule names.
_COMMAND = 0.5


@dataclass(frozen=True, slots=True)
class Plain:
    """What rules alone say of a message, before its facts are read."""

    intent: Intent | None
    command: Command | None = None
    question: str = ""


def plain_intent(message: str) -> Plain:
    """Return what the message says plainly; the intent is None where it is left open."""
    text = message.replace("’", "'").strip()
    command = command_in(text)
    if command is not None:
        return Plain("command", command)
    if pattern("only_thanks").match(text):
        return Plain("other")
    question = questions(message)
    if _is_why(text):
        return Plain("why", None, message.strip())
    if pattern("of_vendors").search(text):
        return Plain("question", None, question or message.strip())
    if pattern("what_if").search(text):
        return Plain("what_if", None, question or message.strip())
    if pattern("correction").search(text) and not question:
        return Plain("correction")
    if pattern("skip").match(text):
        return Plain("skip", None, question)
    return Plain(None, None, question)


def settle_intent(message: str, plain: Plain, facts: int, asked: str | None) -> Intent:
    """Return the intent by rules alone, once it is known how many facts were read."""
    text = message.replace("’", "'").strip()
    if not any(char.isalnum() for char in text):
        return "other"
    if plain.intent == "skip" and facts:
        return "answer"
    if plain.intent is not None:
        return plain.intent
    if facts:
        return "answer"
    if plain.question or pattern("asks_for").match(text):
        return "question"
    return "answer" if asked and not pattern("thanks").match(text) else "other"


def weigh_intent(message: str, plain: Plain, facts: int, likely: Mapping[Intent, float]) -> Intent:
    """Return the intent that the encoder finds likeliest, where the rules' own counts as half a vote more."""
    if not any(char.isalnum() for char in message):
        return "other"
    if plain.command is not None:
        return "command"
    if plain.intent in ("why", "question", "other"):  # nothing else begins so
        return plain.intent
    # A command that no rule names cannot be carried out.
    votes: dict[Intent, float] = {intent: share for intent, share in likely.items() if intent != "command"}
    hinted = plain.intent or ("question" if plain.question else None)
    if hinted is not None:
        votes[hinted] = votes.get(hinted, 0.0) + (_RULE_VOTE if plain.intent else _QUESTION_VOTE)
    best = max(votes, key=lambda intent: votes[intent])
    return "answer" if facts and best in ("skip", "other") else best


def with_loose_command(message: str, plain: Plain, likely: Mapping[Intent, float]) -> Plain:
    """Return what is plain, with a command where the encoder is sure of one and no rule says anything else."""
    if plain.intent is None and not plain.question and likely.get("command", 0.0) >= _COMMAND:
        return Plain("command", loose_command(message))
    return plain


def looks_like_answer(message: str, plain: Plain) -> bool:
    """Say whether the message may answer the asked fact in words that no earlier stage understood."""
    if plain.intent not in (None, "correction") or pattern("thanks").match(message.strip()):
        return False
    return plain.question.strip() != message.strip()


def _is_why(text: str) -> bool:
    if not pattern("why").search(text):
        return False
    return not (pattern("why_world").search(text) and not pattern("interview").search(text))
