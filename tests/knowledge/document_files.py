"""Makes the small files that the tests of own documents read: honest ones and hostile ones."""

import io
import zipfile
from collections.abc import Sequence

_PAGE_HEAD = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents "


def pdf(pages: Sequence[str], password: str = "") -> bytes:
    """Return a PDF with one line of text per line of each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T*\n" for line in text.split("\n"))
        stream = f"BT /F1 11 Tf 13 TL 40 740 Td\n{shown}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(_PAGE_HEAD + b"%d 0 R >>" % len(objects))
        kids.append(len(objects))
    return _locked(_written(objects, kids, len(kids)), password)


def pdf_of_pages(count: int) -> bytes:
    """Return a small PDF whose page tree names the same page `count` times."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    objects.append(b"<< /Length 31 >>\nstream\nBT /F1 11 Tf (a page) Tj ET     \nendstream")
    objects.append(_PAGE_HEAD + b"4 0 R >>")
    return _written(objects, [5] * count, count)


def _written(objects: list[bytes], kids: Sequence[int], count: int) -> bytes:
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, count)
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _locked(plain: bytes, password: str) -> bytes:
    if not password:
        return plain
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(lines: Sequence[tuple[str, str]], hidden: str = "") -> bytes:
    """Return a Word file of (style, text) paragraphs; `hidden` is a run that Word does not show."""
    from docx import Document

    document = Document()
    for style, text in lines:
        document.add_paragraph(text, style=style or None)
    if hidden:
        document.paragraphs[-1].add_run(hidden).font.hidden = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_with(name: str, content: bytes) -> bytes:
    """Return a Word file in which one entry of the archive is replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx([("", "Some text.")]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def zip_bomb() -> bytes:
    """Return an archive of a quarter of a megabyte that unpacks to 250 MB."""
    return docx_with("word/media/image1.png", b"\0" * 250_000_000)


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10 if n > 1 else b"&lol;" * 10) for n in range(1, 10)
    )
    + b"]><document>&lol9;</document>"
)
EXTERNAL_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
)


def painted_pdf(stream: str) -> bytes:
    """Return a PDF of one page with this content stream, in which the font is called F1."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    content = stream.encode("latin-1")
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects.append(_PAGE_HEAD + b"4 0 R >>")
    return _written(objects, [5], 1)
