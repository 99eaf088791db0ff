"""The last chapters: assumptions, method, data with sources, what left the machine, the conversation."""

from collections.abc import Iterator

from tools.report import SentOut, Utterance
from ui.render.blocks import (
    Block,
    Column,
    Heading,
    Item,
    Items,
    Paragraph,
    Run,
    Sources,
    Speech,
    Table,
    Verbatim,
    bullets,
    cells,
    plain,
    strong,
)
from ui.render.document import Document

_DECISION_MATERIAL = (
    "“Decision material” with a letter and a number is a claim of the article that Weighbridge began with. The "
    "guidance tells each in its own words, with sources and dates: weighbridge ask, or docs/guidance.md."
)
_METHOD = (
    "Every concrete option in the catalogues (model, precision, accelerator, provider) was listed for each workload.",
    "Rules about data, licence, country, context, team and time ruled options out; each rule is shown with its source.",
    (
        "What is left was costed line by line over twelve months: token prices on the date, or whole accelerators for "
        "the peak hour with a spare, power, storage and the people it takes."
    ),
    (
        "Facts that nobody stated were drawn many times from their assumed ranges, with a fixed seed. “Expected” is "
        "the mean of those cases; the range runs from the 5th to the 95th percentile."
    ),
    (
        "The kind of place that comes out best in most cases wins. Within it the option with the lowest average sum "
        "is recommended, where a case that it does not pass counts several times over; sums close to each other count "
        "as equal, and then control, capability and vendor risk decide."
    ),
)
_NO_MODEL = (
    "The figures, rules and rankings come from these calculations. The language model only read and phrased the "
    "conversation. The formulas are in docs/decision.md of Weighbridge."
)


def closing_blocks(doc: Document, sources: Sources) -> Iterator[Block]:
    """Yield what stands behind the chapters before."""
    yield from _assumed(doc)
    yield Heading(2, "How this was calculated", "method")
    yield Items(tuple(Item(plain(text)) for text in _METHOD), "numbers")
    yield Paragraph(plain(_NO_MODEL))
    yield from _data(doc, sources)
    yield Heading(2, "What left this machine", "sent")
    if not doc.sent_out:
        yield Paragraph(plain("Nothing left this machine."))
    for sent in doc.sent_out:
        yield from _sent(sent)
    if doc.transcript:
        yield Heading(2, "The conversation", "conversation", page=True)
        yield from (_speech(line) for line in doc.transcript)


def _assumed(doc: Document) -> Iterator[Block]:
    if doc.own:
        yield Heading(2, "Your own figures", "own")
        yield Paragraph(plain("These replace the listed assumptions."))
        columns = (
            Column("Figure", share=5),
            Column("Yours", share=3),
            Column("Listed", share=3),
            Column("Unit", share=5),
        )
        yield Table(columns, tuple(cells(strong(row.name), row.value, row.listed, row.unit) for row in doc.own))
    if doc.assumptions:
        yield Heading(2, "Assumptions", "assumptions")
        text = (
            "Nobody stated these; each was drawn from the values below, and every one can be replaced by telling "
            "Weighbridge the fact."
        )
        yield Paragraph(plain(text))
        columns = (
            Column("Fact", share=4),
            Column("Assumed", share=6),
            Column("Why", share=6),
            Column("Only for", share=3),
        )
        rows = (cells(strong(row.label), row.value, row.why, row.workloads or "all") for row in doc.assumptions)
        yield Table(columns, tuple(rows))


def _data(doc: Document, sources: Sources) -> Iterator[Block]:
    yield Heading(2, "Data and sources", "sources")
    text = (
        f"Token prices: {doc.prices}. Weighbridge {doc.version}. Sources marked [unverified] or [judgement] have no "
        "public source behind them; check them before you sign."
    )
    yield Paragraph(plain(text))
    columns = (
        Column("Table", share=6), Column("Entries", right=True), Column("Oldest check", share=3),
        Column("Unverified entries", right=True, share=3),
    )  # fmt: skip
    rows = (cells(strong(row.file), row.entries, row.oldest, row.unverified) for row in doc.tables)
    yield Table(columns, tuple(rows))
    if doc.data_notes:
        yield bullets(doc.data_notes)
    if sources.numbers:
        yield Heading(3, "Sources cited")
        yield Items(
            tuple(Item(plain(source), f"source-{number}") for source, number in sources.numbers.items()), "sources"
        )
        if any("decision material" in source for source in sources.numbers):
            yield Paragraph(plain(_DECISION_MATERIAL), "note")


def _sent(sent: SentOut) -> Iterator[Block]:
    yield Heading(3, f"To {sent.to} ({sent.model}), {sent.at}")
    yield Verbatim(sent.text)
    yield Paragraph(plain("The reply, which changed no figure above:"))
    yield Verbatim(sent.reply)


def _speech(line: Utterance) -> Speech:
    citations = tuple(
        (
            Run(f"{found.title} ({found.id}{f', {found.source}' if found.source else ''}): ", "soft"),
            Run(found.quote, "quote"),
        )
        for found in line.citations
    )
    return Speech(line.role == "user", line.text, citations)
