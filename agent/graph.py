"""Wires the interview: which node follows which. What the nodes do is in `agent/nodes`."""

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.context import Context
from agent.follow_up import follows_answer
from agent.nodes.apply import apply
from agent.nodes.ask import ask
from agent.nodes.check import check
from agent.nodes.choose import choose
from agent.nodes.command import command
from agent.nodes.read import read
from agent.nodes.settle import settle
from agent.nodes.side_question import side_question
from agent.nodes.skip import skip
from agent.nodes.tell import tell
from agent.nodes.what_if import what_if
from agent.nodes.why import why
from agent.state import Interview

InterviewGraph = CompiledStateGraph[Interview, Context, Any, Any]


def build_graph(checkpointer: BaseCheckpointSaver[Any]) -> InterviewGraph:
    """Compile the interview; each session is a thread of the checkpointer."""
    graph: StateGraph[Interview, Context, Any, Any] = StateGraph(Interview, context_schema=Context)
    for node in (choose, ask, apply, read, settle, command, check, skip, side_question, why, what_if, tell):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "choose")
    graph.add_edge("choose", "ask")
    graph.add_conditional_edges("ask", after_ask, ["read", "apply"])
    graph.add_conditional_edges("read", after_read, ["settle", "command", "check", "choose"])
    graph.add_conditional_edges("settle", after_settle, ["command", "check"])
    graph.add_edge("command", "check")
    graph.add_conditional_edges("check", after_check, ["skip", "side_question", "why", "what_if", "tell"])
    graph.add_conditional_edges("skip", after_skip, ["side_question", "tell"])
    graph.add_conditional_edges("apply", after_apply, ["tell", "ask"])
    for node_name in ("side_question", "why", "what_if"):
        graph.add_edge(node_name, "tell")
    graph.add_edge("tell", "choose")
    return graph.compile(checkpointer=checkpointer)


def after_ask(state: Interview) -> str:
    """Read a message; apply anything else that a face sends."""
    return "read" if "text" in state["inbox"] else "apply"


def after_apply(state: Interview) -> str:
    """Recompute after an edit; anything else leaves the question as it stands."""
    return "tell" if {"edit", "assumption", "offer"} & set(state["inbox"]) else "ask"


def after_read(state: Interview) -> str:
    """Settle an open contradiction first; a message that could not be read leads back to the question."""
    if state["reading"]["intent"] == "stopped":
        return "choose"
    if state["pending"]["kind"] == "confirm" and state["doubts"]:
        return "settle"
    return after_settle(state)


def after_settle(state: Interview) -> str:
    """Do a command before its facts are noted: they may belong to the workload that it opens."""
    return "command" if state["reading"]["command"] else "check"


def after_check(state: Interview) -> str:
    """Go where the intent of the message leads."""
    reading = state["reading"]
    if reading["intent"] in ("why", "what_if"):
        about_answer = not reading["supposed"] and follows_answer(state["transcript"], state["pending"]["kind"])
        return "side_question" if about_answer else str(reading["intent"])
    if reading["skips"] and not reading["settled"]:
        return "skip"
    return after_skip(state)


def after_skip(state: Interview) -> str:
    """Answer a question that stands beside facts or beside "I don't know"."""
    reading = state["reading"]
    return "side_question" if reading["intent"] == "question" or reading["question"] else "tell"
