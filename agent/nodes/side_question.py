"""Answers a side question from the guidance, and a follow-up with its subject. It changes no fact."""

from typing import Any

from langgraph.runtime import Runtime

from agent.answer import answer_question
from agent.context import Context
from agent.events import Token
from agent.follow_up import asked_before, standing_alone
from agent.nodes.why import asks_about_option, asks_about_verdict, comparison, explanation
from agent.speak import Voice
from agent.state import Interview
from tools.errors import IndexMissing


def side_question(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Look the question up and answer it; say so where the guidance is silent."""
    context = runtime.context
    voice = Voice(state, context)
    question = state["reading"]["question"] or state["inbox"]["text"]
    if asks_about_verdict(question) and (explained := explanation(state, voice, context)):
        voice.answer(explained, ())
        return voice.update()
    if asks_about_option(question) and (compared := comparison(state, voice, context)):
        voice.answer(compared, ())
        return voice.update()
    if context.retriever is None or context.embedder is None:
        voice.answer(voice.line("no_guidance"), ())
        return voice.update()
    question = standing_alone(question, asked_before(state["transcript"]))
    try:
        passages = context.retriever.search(question, k=3)
    except IndexMissing:
        voice.answer(voice.line("no_guidance"), ())
        return voice.update()
    if not passages:
        voice.answer(voice.line("no_passage"), ())
        return {**voice.update(), "reading": {**state["reading"], "unanswered": True}}
    answered = answer_question(
        question,
        passages,
        context.embedder,
        context.model,
        on_token=lambda piece: context.emit(Token(piece)),
        cancel=context.cancel,
    )
    context.meter.add(answered.usage)
    voice.answer(answered.text, answered.citations)
    return voice.update()
