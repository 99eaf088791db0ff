"""The report as a download of the page: every format, without the conversation, shown safely, refused in a sentence."""

import re

import pytest
from report_sample import sample_report
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tools.errors import UnknownName
from tools.report import Report
from ui.page.cards import card
from ui.page.downloads import report_route
from ui.render import FORMATS


@pytest.fixture(scope="module")
def client() -> TestClient:
    def report_of(session: str) -> Report:
        if session != "abc":
            raise UnknownName.of("session", session, ["abc"])
        return sample_report()

    return TestClient(Starlette(routes=[report_route(report_of)]))


@pytest.mark.parametrize("suffix", [suffix.removeprefix(".") for suffix in FORMATS])
def test_every_format_comes_as_a_file(suffix: str, client: TestClient) -> None:
    answer = client.get(f"/report/abc.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="tickets-more.{suffix}"'
    content = FORMATS[f".{suffix}"](sample_report())
    assert answer.content == (content if isinstance(content, bytes) else content.encode())


def test_the_conversation_can_be_left_out(client: TestClient) -> None:
    assert "The conversation" in client.get("/report/abc.html").text
    assert "The conversation" not in client.get("/report/abc.html?transcript=off").text


def test_a_look_is_shown_in_the_browser_and_runs_nothing(client: TestClient) -> None:
    headers = client.get("/report/abc.html?look=1").headers
    assert headers["content-disposition"].startswith("inline")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert client.get("/report/abc.docx?look=1").headers["content-disposition"].startswith("attachment")


def test_what_is_not_there_is_said(client: TestClient) -> None:
    assert client.get("/report/abc.odt").text == "There is .html, .pdf, .docx, .md, .json."
    answer = client.get("/report/other.pdf")
    assert answer.status_code == 404
    assert "unknown session 'other'" in answer.text


def test_every_link_of_the_card_is_served(client: TestClient) -> None:
    links = re.findall(r'href="([^"]+)"', card("downloads", ready=True, session="abc"))
    assert len(links) == 12
    assert len({link for link in links if "transcript=off" in link}) == 6
    assert all(client.get(f"/{link.replace('&amp;', '&')}").status_code == 200 for link in links)
