"""Hooks of mkdocs: adds the pages that are made from code and data, and mends links that leave the site's folder.

The pages under docs/ are read on a code host too, where a link may lead to any file of the repository. On the site
such a link leads to the page made from that file, or is plain text.
"""

import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from docs_site.pages import generated_pages  # noqa: E402

_LINK = re.compile(r"(?P<image>!?)\[(?P<words>[^\]]*)\]\((?P<path>(?:\.\./)+[^)#\s]*)(?P<anchor>#[^)\s]*)?\)")
_TABLE = re.compile(r"(?:^|/)tools/data/(?P<name>[\w-]+)\.(?:yaml|csv)$")


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages, and the page's own icon."""
    for path, text in generated_pages().items():
        files.append(File.generated(config, path, content=text))
    icon = (ROOT / "ui" / "page" / "static" / "icon.svg").read_text(encoding="utf-8")
    files.append(File.generated(config, "images/icon.svg", content=icon))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Mend the links of one page."""
    here = posixpath.dirname(page.file.src_uri)

    def mended(match: re.Match[str]) -> str:
        table = _TABLE.search(match["path"])
        if table and f"reference/data/{table['name']}.md" in generated_pages():
            target = posixpath.relpath(f"reference/data/{table['name']}.md", here or ".")
            return f"[{match['words']}]({target})"
        if match["path"].endswith("README.md"):
            return f"[{match['words']}]({posixpath.relpath('index.md', here or '.')})"
        inside = posixpath.normpath(posixpath.join(here, match["path"]))
        return match.group() if not inside.startswith("..") else match["words"]

    return _LINK.sub(mended, markdown)
