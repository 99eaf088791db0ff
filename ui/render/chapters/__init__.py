"""The chapters of a report as blocks, in the order in which a decision-maker reads them."""

from ui.render.blocks import Block, Sources
from ui.render.chapters.closing import closing_blocks
from ui.render.chapters.summary import summary_blocks
from ui.render.chapters.whole import whole_blocks
from ui.render.chapters.workload import workload_blocks
from ui.render.document import Document

__all__ = ["report_blocks"]
# More chapters than this follow each other without a new page.
_OWN_PAGES = 8


def report_blocks(doc: Document) -> tuple[Block, ...]:
    """Return the whole report, from the summary to the conversation."""
    sources = Sources()
    chapters = [*summary_blocks(doc, sources)]
    own_page = len(doc.workloads) <= _OWN_PAGES
    for part in doc.workloads:
        chapters += workload_blocks(part, sources, own_page=own_page)
    chapters += whole_blocks(doc, sources)
    chapters += closing_blocks(doc, sources)
    return tuple(chapters)
