"""Small files of every kind that may be sent, made on the spot."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(20)
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for name in names:
            written.writestr(name, "<x/>")
    return out.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
PPTX = archive("[Content_Types].xml", "ppt/presentation.xml")
OFD = archive("OFD.xml", "Doc_0/Document.xml")
ZIP = archive("照片/一.jpg")
MACROS = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
