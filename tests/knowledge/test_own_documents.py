"""Own documents are kept apart from the guidance, searched together with it, and removed without trace."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from knowledge import store
from knowledge.documents.library import Library, safe_name
from knowledge.documents.part import Part
from knowledge.documents.search import OwnRetriever, Together, is_own
from knowledge.embedder import Embedder
from knowledge.retrieve import Retriever
from tests.knowledge.document_files import docx, pdf
from tools.errors import InvalidInput, UnknownName

DAY = date(2026, 11, 22)
MENU = b"# Kitchen\n\nThe lunch menu is decided by the kitchen every Friday.\n"
POLICY = pdf(["AI policy of Acme", "2.1 Lunch\nThe zebra committee approves every language model before it is used."])


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Library:
    return Library(tmp_path / "documents", embedder)


@pytest.fixture
def own(library: Library, embedder: Embedder) -> Iterator[OwnRetriever]:
    retriever = OwnRetriever(library.index, embedder)
    yield retriever
    retriever.close()


def test_a_passage_says_file_page_and_heading(library: Library, own: OwnRetriever) -> None:
    library.add_content("policy.pdf", POLICY, DAY)
    (passage, *_) = own.search("who approves language models?")
    assert passage.source == "policy.pdf, page 2"
    assert passage.title == "Your policy.pdf, page 2 – 2.1 Lunch"
    assert "zebra committee" in passage.text
    assert is_own(passage)


def test_guidance_and_documents_are_searched_together(
    library: Library, own: OwnRetriever, retriever: Retriever
) -> None:
    library.add_content("policy.docx", docx([("Heading 1", "Quantisation"), ("", "We use int4 weights only.")]), DAY)
    together = Together(retriever, own)
    found = together.search("what does int4 quantisation do to the weights?")
    assert {is_own(passage) for passage in found} == {True, False}
    assert not any(is_own(passage) for passage in together.search("what is quantisation?", topics=["cost"]))
    assert is_own(together.search("what does our policy say about int4 weights?")[0])
    assert not any(is_own(passage) for passage in retriever.search("what does int4 quantisation do to the weights?"))


def test_without_documents_the_guidance_answers_as_ever(own: OwnRetriever, retriever: Retriever) -> None:
    query = "is llama open source?"
    assert Together(retriever, own).search(query) == retriever.search(query)


def test_a_removed_document_leaves_no_trace_and_the_others_stay(library: Library, own: OwnRetriever) -> None:
    library.add_content("menu.md", MENU, DAY)
    kept = library.add_content("policy.pdf", POLICY, DAY)
    library.keep_offers(library.documents()[0], [{"quote": "lunch menu"}])
    assert own.search("who decides the lunch menu?")[0].source == "menu.md"
    library.remove("menu.md")
    assert library.documents() == [kept]
    assert not any("menu" in passage.text for passage in own.search("who decides the lunch menu?"))
    assert _files_with(library.folder, b"lunch menu") == []
    assert _files_with(library.folder, b"zebra") != []
    library.remove(kept.id)
    assert own.search("who approves language models?") == []
    assert _files_with(library.folder, b"zebra") == []
    assert not library.index.exists()


def test_a_file_of_the_same_name_replaces_the_one_before(library: Library, own: OwnRetriever) -> None:
    library.add_content("menu.md", MENU, DAY)
    library.add_content("menu.md", b"The lunch menu is decided by the chef.", DAY)
    assert [document.parts for document in library.documents()] == [(Part("The lunch menu is decided by the chef."),)]
    assert _files_with(library.folder, b"kitchen") == []
    assert "chef" in own.search("who decides the lunch menu?")[0].text


def test_what_cannot_be_indexed_is_not_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add_content("menu.md", MENU, DAY)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "write", fail)
    with pytest.raises(OSError, match="no space"):
        library.add_content("policy.pdf", POLICY, DAY)
    assert [document.name for document in library.documents()] == ["menu.md"]


def test_only_the_user_can_read_them(library: Library) -> None:
    library.add_content("menu.md", MENU, DAY)
    assert stat.S_IMODE(library.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (library.folder / "library").iterdir()} == {0o600}


def test_an_unknown_name_is_refused_with_the_near_ones(library: Library) -> None:
    with pytest.raises(UnknownName, match="you have added no documents"):
        library.remove("menu.md")
    library.add_content("menu.md", MENU, DAY)
    with pytest.raises(InvalidInput, match=r"Did you mean: menu\.md"):
        library.remove("menus.md")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\docs\\our policy (2).pdf", "our policy (2).pdf"),
        ("<img src=x onerror=alert(1)>.md", "_img src_x onerror_alert(1)_.md"),
        ("a" * 300 + ".md", "a" * 100 + ".md"),
    ],
)
def test_names_carry_no_markup_and_no_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def _files_with(folder: Path, words: bytes) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and words in file.read_bytes()]
