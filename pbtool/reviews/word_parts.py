"""The fixed parts of a Word file: content types, relations, styles, settings; and how they become one archive.

The one idea: nothing in the archive depends on the clock or the machine, so the same manuscript gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: The one moment that all revisions, comments and parts of the archive carry.
MOMENT = "2000-01-01T00:00:00Z"
_MEMBER_MOMENT = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SONG, _HEI, _KAI = "宋体", "黑体", "楷体"

#: Style -> name in Word's list, the built-in style it follows, paragraph properties, run properties.
_STYLES = {
    "title": ("Article Title", "Heading1", '<w:spacing w:before="480" w:after="120"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>', (_HEI, 36)),
    "kicker": ("Article Kicker", "Normal", '<w:keepNext/><w:spacing w:before="360"/><w:jc w:val="center"/>', (_KAI, 24)),
    "subtitle": ("Article Subtitle", "Normal", '<w:keepNext/><w:spacing w:after="120"/><w:jc w:val="center"/>', (_KAI, 26)),
    "byline": ("Article Byline", "Normal", '<w:keepNext/><w:spacing w:after="160"/><w:jc w:val="center"/>', (_KAI, 22)),
    "note": ("Article Note", "Normal", '<w:spacing w:after="120"/><w:ind w:left="420" w:right="420"/>', (_KAI, 21)),
    "heading": ("Article Heading", "Heading2", '<w:spacing w:before="160" w:after="60"/><w:outlineLvl w:val="1"/>', (_HEI, 24)),
    "body": ("Article Body", "Normal", '<w:spacing w:line="360" w:lineRule="auto"/>{indent}<w:jc w:val="both"/>', (_SONG, 21)),
    "affiliation": ("Article Affiliation", "Normal", '<w:spacing w:before="60"/><w:jc w:val="right"/>', (_KAI, 21)),
    "caption": ("Article Caption", "Normal", '<w:spacing w:before="60" w:after="120"/><w:jc w:val="center"/>', (_KAI, 18)),
    "furniture": ("Page Furniture", "Normal", "", (_SONG, 16)),
}  # fmt: skip
_INDENT = '<w:ind w:firstLine="420" w:firstLineChars="200"/>'


def style_id(style: str) -> str:
    """The id under which a paragraph names its style."""
    return _STYLES[style][0].replace(" ", "")


def archive(
    title: str, body: str, comments: str | None = None, properties: dict[str, str] | None = None
) -> bytes:
    """A .docx with this body (WordprocessingML paragraphs), these comments and these custom properties.

    With `comments`, even none, the file is one for review: lines are not indented, and whatever is typed is tracked.
    """
    review = comments is not None
    parts = {
        "[Content_Types].xml": _content_types(review),
        "_rels/.rels": _relations(
            ("officeDocument", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("custom", f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
        ),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{W}"><w:body>{body}{_SECTION}</w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(
            ("styles", f"{_OFFICE}/relationships/styles", "styles.xml"),
            ("settings", f"{_OFFICE}/relationships/settings", "settings.xml"),
            *((("comments", f"{_OFFICE}/relationships/comments", "comments.xml"),) if review else ()),
        ),
        "word/styles.xml": _styles(review),
        "word/settings.xml": _settings(review),
        "docProps/core.xml": _core(title),
        "docProps/custom.xml": _custom(properties or {}),
    }
    if comments is not None:
        parts["word/comments.xml"] = f'{_HEAD}<w:comments xmlns:w="{W}">{comments}</w:comments>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, _MEMBER_MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            member.create_system = 3
            packed.writestr(member, text.encode("utf-8"))
    return out.getvalue()


_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/>'
    "</w:sectPr>"
)


def _content_types(review: bool) -> str:
    kinds = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    if review:
        kinds["/word/comments.xml"] = f"{_WORD}.comments+xml"
    named = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    named = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in relations
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{named}</Relationships>'


def _styles(review: bool) -> str:
    written = []
    for style, (name, parent, paragraph, (font, size)) in _STYLES.items():
        paragraph = paragraph.replace("{indent}", "" if review else _INDENT)
        written.append(
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style_id(style)}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="{parent}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
            f'<w:rPr><w:rFonts w:eastAsia="{font}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        )
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="{style_id("body")}"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/>'
        f'<w:outlineLvl w:val="{n - 1}"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        for n in (1, 2)
    )
    return (
        f'{_HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="{_SONG}"/>'
        '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"<w:qFormat/></w:style>{headings}{''.join(written)}</w:styles>"
    )


def _settings(review: bool) -> str:
    tracked = "<w:trackRevisions/>" if review else ""
    return (
        f'{_HEAD}<w:settings xmlns:w="{W}">{tracked}<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _core(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>pbtool</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{MOMENT}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{MOMENT}</dcterms:modified></cp:coreProperties>'
    )


def _custom(properties: dict[str, str]) -> str:
    named = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return (
        f'{_HEAD}<Properties xmlns="{_OFFICE}/custom-properties" '
        f'xmlns:vt="{_OFFICE}/docPropsVTypes">{named}</Properties>'
    )
