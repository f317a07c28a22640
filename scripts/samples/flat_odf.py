"""Writes flat OpenDocument files: the small part of the format that the samples need.

A block is a tuple whose first element names it:
  ("p", style, text)                          paragraph; style is a key of TEXT_STYLES
  ("table", widths in cm, alignments, rows)   first row is the heading; alignment per column: l, c or r
"""

from xml.sax.saxutils import escape

MINCHO, GOTHIC = "ＭＳ 明朝", "ＭＳ ゴシック"
NAVY, GREY, PALE, LINE = "#1f3864", "#e7e6e6", "#dae3f3", "#7f7f7f"

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing",
        "fo": "xsl-fo-compatible", "svg": "svg-compatible", "number": "datastyle",
        "presentation": "presentation", "meta": "meta",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'

# name: (paragraph properties, font, size in pt, bold)
TEXT_STYLES = {
    "title": ('fo:text-align="center" fo:margin-top="0.5cm" fo:margin-bottom="0.5cm" fo:keep-with-next="always"', GOTHIC, 16, True),
    "subtitle": ('fo:text-align="center" fo:margin-bottom="0.4cm"', GOTHIC, 11, False),
    "right": ('fo:text-align="end"', MINCHO, 10.5, False),
    "mark": ('fo:text-align="end" fo:margin-bottom="0.2cm"', GOTHIC, 10.5, True),
    "h1": ('fo:margin-top="0.45cm" fo:margin-bottom="0.15cm" fo:keep-with-next="always"', GOTHIC, 12, True),
    "h2": ('fo:margin-left="0.4cm" fo:margin-top="0.2cm" fo:keep-with-next="always"', GOTHIC, 10.5, False),
    "body": ('fo:margin-left="0.4cm" fo:text-indent="0.37cm" fo:line-height="140%" fo:text-align="justify"', MINCHO, 10.5, False),
    "item": ('fo:margin-left="1.3cm" fo:text-indent="-0.55cm" fo:line-height="135%"', MINCHO, 10.5, False),
    "note": ('fo:margin-left="0.4cm" fo:margin-top="0.1cm"', MINCHO, 9, False),
    "caption": ('fo:text-align="center" fo:margin-top="0.3cm" fo:margin-bottom="0.1cm" fo:keep-with-next="always"', GOTHIC, 10, False),
    "cell-l": ("", MINCHO, 9.5, False),
    "cell-c": ('fo:text-align="center"', MINCHO, 9.5, False),
    "cell-r": ('fo:text-align="end"', MINCHO, 9.5, False),
    "cell-h": ('fo:text-align="center"', GOTHIC, 9.5, True),
    "foot": ('fo:text-align="center"', MINCHO, 9, False),
}
OUTLINE = {"title": None, "h1": 1, "h2": 2}


def font(name, size, bold, colour=None):
    weight = "bold" if bold else "normal"
    paint = f' fo:color="{colour}"' if colour else ""
    return (
        f'<style:text-properties style:font-name="{name}" style:font-name-asian="{name}" fo:font-size="{size}pt" '
        f'style:font-size-asian="{size}pt" fo:font-weight="{weight}" style:font-weight-asian="{weight}" '
        f'fo:language="ja" fo:country="JP" style:language-asian="ja" style:country-asian="JP"{paint}/>'
    )


def font_faces():
    faces = "".join(f'<style:font-face style:name="{f}" svg:font-family="&apos;{f}&apos;"/>' for f in (MINCHO, GOTHIC))
    return f"<office:font-face-decls>{faces}</office:font-face-decls>"


def meta(title, unit):
    return (
        f"<office:meta><dc:title>{escape(title)}</dc:title><dc:creator>{escape(unit)}</dc:creator>"
        "<dc:date>2026-07-01T09:00:00</dc:date><meta:creation-date>2026-07-01T09:00:00</meta:creation-date></office:meta>"
    )


def document(kind, title, unit, styles, automatic, master, body):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMESPACES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">{meta(title, unit)}{font_faces()}'
        f"<office:styles>{styles}</office:styles><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:master-styles>{master}</office:master-styles><office:body>{body}</office:body></office:document>"
    )


def paragraph_style(name):
    properties, family, size, bold = TEXT_STYLES[name]
    return (
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties {properties}/>'
        f"{font(family, size, bold)}</style:style>"
    )


def text_block(block):
    _, style, text = block
    inner = escape(text).replace("\n", "<text:line-break/>")
    if OUTLINE.get(style):
        return f'<text:h text:style-name="{style}" text:outline-level="{OUTLINE[style]}">{inner}</text:h>'
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def text_table(number, block, automatic):
    _, widths, alignments, rows = block
    name = f"T{number}"
    automatic.append(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties style:width="{sum(widths)}cm" '
        'table:align="center" fo:margin-bottom="0.2cm"/></style:style>'
    )
    columns = ""
    for index, width in enumerate(widths):
        automatic.append(
            f'<style:style style:name="{name}.{index}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        )
        columns += f'<table:table-column table:style-name="{name}.{index}"/>'
    lines = []
    for at, row in enumerate(rows):
        cells = ""
        for alignment, text in zip(alignments, row):
            box, style = ("head", "cell-h") if at == 0 else ("box", f"cell-{alignment}")
            cells += f'<table:table-cell table:style-name="{box}" office:value-type="string">' + "".join(
                f'<text:p text:style-name="{style}">{escape(line)}</text:p>' for line in text.split("\n")
            ) + "</table:table-cell>"
        line = f'<table:table-row table:style-name="row">{cells}</table:table-row>'
        lines.append(f"<table:table-header-rows>{line}</table:table-header-rows>" if at == 0 else line)
    return f'<table:table table:name="表{number}" table:style-name="{name}">{columns}{"".join(lines)}</table:table>'


def text_document(title, unit, blocks):
    automatic = [
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
        'fo:margin-top="2.2cm" fo:margin-bottom="1.5cm" fo:margin-left="2.5cm" fo:margin-right="2.5cm"/>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0.9cm" fo:margin-top="0.4cm"/></style:footer-style>'
        "</style:page-layout>",
        '<style:style style:name="row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>',
    ]
    for name, fill in (("head", f' fo:background-color="{GREY}"'), ("box", "")):
        automatic.append(
            f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties '
            f'fo:border="0.5pt solid {LINE}" fo:padding="0.1cm" style:vertical-align="middle"{fill}/></style:style>'
        )
    body, tables = "", 0
    for block in blocks:
        if block[0] == "table":
            tables += 1
            body += text_table(tables, block, automatic)
        else:
            body += text_block(block)
    master = (
        '<style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer><text:p text:style-name="foot">'
        "－ <text:page-number/> －</text:p></style:footer></style:master-page>"
    )
    styles = "".join(paragraph_style(name) for name in TEXT_STYLES)
    return document("text", title, unit, styles, "".join(automatic), master, f"<office:text>{body}</office:text>")


def sheet_cell(value, style):
    """A number, a formula (starts with =) or a text."""
    if isinstance(value, (int, float)):
        return f'<table:table-cell table:style-name="{style}" office:value-type="float" office:value="{value}"/>'
    if value.startswith("="):
        return f'<table:table-cell table:style-name="{style}" table:formula="of:{escape(value, {chr(34): "&quot;"})}" office:value-type="float"/>'
    if not value:
        return f'<table:table-cell table:style-name="{style}"/>'
    return f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def spreadsheet(title, unit, sheets):
    """sheets: (name, widths in cm, rows); a row is (kind, values) with kind title, note, head, row or sum."""
    automatic = [
        '<style:page-layout style:name="A4L"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
        'style:print-orientation="landscape" fo:margin="1.5cm" style:scale-to-X="1" style:scale-to-Y="0" style:table-centering="horizontal"/>'
        '<style:header-style/><style:footer-style/></style:page-layout>',
        '<number:number-style style:name="N1"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>',
        '<number:percentage-style style:name="N2"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>',
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Default"/>',
        '<style:style style:name="tall" style:family="table-row"><style:table-row-properties style:row-height="0.75cm"/></style:style>',
    ]
    border = f'fo:border="0.5pt solid {LINE}"'
    cells = {
        "title": ("", GOTHIC, 14, True, "start", "N0"),
        "note": ("", MINCHO, 9, False, "start", "N0"),
        "head": (f'{border} fo:background-color="{PALE}" fo:wrap-option="wrap"', GOTHIC, 10, True, "center", "N0"),
        "row": (f'{border} fo:wrap-option="wrap"', MINCHO, 10, False, None, "N1"),
        "rate": (border, MINCHO, 10, False, None, "N2"),
        "sum": (f'{border} fo:background-color="{GREY}"', GOTHIC, 10, True, None, "N1"),
        "sumrate": (f'{border} fo:background-color="{GREY}"', GOTHIC, 10, True, None, "N2"),
    }
    for name, (box, family, size, bold, align, form) in cells.items():
        text_align = f'<style:paragraph-properties fo:text-align="{align}"/>' if align else ""
        data = "" if form == "N0" else f' style:data-style-name="{form}"'
        automatic.append(
            f'<style:style style:name="{name}" style:family="table-cell"{data}>'
            f'<style:table-cell-properties style:vertical-align="middle" {box}/>{text_align}{font(family, size, bold)}</style:style>'
        )
    body = ""
    for at, (name, widths, rows) in enumerate(sheets):
        columns = ""
        for index, width in enumerate(widths):
            automatic.append(
                f'<style:style style:name="C{at}.{index}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
            )
            columns += f'<table:table-column table:style-name="C{at}.{index}"/>'
        lines = ""
        for kind, values in rows:
            line = ""
            for value in values:
                rate = isinstance(value, str) and value.startswith("=") and "/" in value
                line += sheet_cell(value, {"row": "rate", "sum": "sumrate"}.get(kind, kind) if rate else kind)
            lines += f'<table:table-row table:style-name="tall">{line}</table:table-row>'
        body += f'<table:table table:name="{escape(name)}" table:style-name="sheet">{columns}{lines}</table:table>'
    master = '<style:master-page style:name="Default" style:page-layout-name="A4L"><style:header style:display="false"/><style:footer style:display="false"/></style:master-page>'
    return document("spreadsheet", title, unit, "", "".join(automatic), master, f"<office:spreadsheet>{body}</office:spreadsheet>")


class Slides:
    """Slides of 25.4 × 14.29 cm, drawn from boxes, arrows and tables; positions and sizes in cm."""

    def __init__(self, title, unit):
        self.title, self.unit = title, unit
        self.automatic, self.pages = [], []

    def _style(self, family, xml):
        name = f"{family[0]}{len(self.automatic)}"
        self.automatic.append(f'<style:style style:name="{name}" style:family="{family}">{xml}</style:style>')
        return name

    def _paragraphs(self, text, size, bold, colour, align):
        name = self._style(
            "paragraph", f'<style:paragraph-properties fo:text-align="{align}"/>{font(GOTHIC, size, bold, colour)}'
        )
        return "".join(f'<text:p text:style-name="{name}">{escape(line)}</text:p>' for line in text.split("\n"))

    def page(self, heading):
        self.pages.append([f"{len(self.pages) + 1}", ""])
        if heading:
            self.box(0, 0, 25.4, 1.6, heading, 20, fill=NAVY, colour="#ffffff", bold=True, align="start")
            self.box(23.2, 13.4, 1.8, 0.7, self.pages[-1][0], 10, align="end")

    def box(self, x, y, w, h, text, size, *, fill=None, line=None, colour="#000000", bold=False, align="center", shape="rectangle", top=False):
        paint = f'draw:fill="solid" draw:fill-color="{fill}"' if fill else 'draw:fill="none"'
        stroke = f'draw:stroke="solid" svg:stroke-color="{line}" svg:stroke-width="0.04cm"' if line else 'draw:stroke="none"'
        vertical = "top" if top else "middle"
        style = self._style(
            "graphic",
            f'<style:graphic-properties {paint} {stroke} draw:textarea-vertical-align="{vertical}" fo:wrap-option="wrap" '
            'fo:padding-left="0.3cm" fo:padding-right="0.3cm" fo:padding-top="0.15cm" fo:padding-bottom="0.15cm"/>',
        )
        path = {
            "rectangle": "M 0 0 L 21600 0 21600 21600 0 21600 0 0 Z N",
            "right-arrow": "M 0 5400 L 14400 5400 14400 0 21600 10800 14400 21600 14400 16200 0 16200 Z N",
            "pentagon-right": "M 0 0 L 18000 0 21600 10800 18000 21600 0 21600 Z N",
        }[shape]
        geometry = f'<draw:enhanced-geometry svg:viewBox="0 0 21600 21600" draw:type="{shape}" draw:enhanced-path="{path}"/>'
        self.pages[-1][1] += (
            f'<draw:custom-shape draw:style-name="{style}" svg:x="{x}cm" svg:y="{y}cm" svg:width="{w}cm" svg:height="{h}cm">'
            f"{self._paragraphs(text, size, bold, colour, align)}{geometry}</draw:custom-shape>"
        )

    def table(self, x, y, widths, height, alignments, rows, size=11):
        columns = ""
        for width in widths:
            style = self._style("table-column", f'<style:table-column-properties style:column-width="{width}cm"/>')
            columns += f'<table:table-column table:style-name="{style}"/>'
        line = self._style("table-row", f'<style:table-row-properties style:row-height="{height / len(rows)}cm"/>')
        lines = ""
        for at, row in enumerate(rows):
            lines += f'<table:table-row table:style-name="{line}">'
            for alignment, text in zip(alignments, row):
                fill = NAVY if at == 0 else ("#ffffff" if at % 2 else "#f2f5fb")
                edges = f'fo:border="0.03cm solid {LINE}"'
                cell = self._style(
                    "table-cell",
                    f'<style:graphic-properties draw:fill="solid" draw:fill-color="{fill}" draw:textarea-vertical-align="middle"/>'
                    f"<style:paragraph-properties {edges}/>",
                )
                align = "center" if at == 0 else {"l": "start", "c": "center", "r": "end"}[alignment]
                text = self._paragraphs(text, size, at == 0, "#ffffff" if at == 0 else "#000000", align)
                lines += f'<table:table-cell table:style-name="{cell}">{text}</table:table-cell>'
            lines += "</table:table-row>"
        self.pages[-1][1] += (
            f'<draw:frame svg:x="{x}cm" svg:y="{y}cm" svg:width="{sum(widths)}cm" svg:height="{height}cm">'
            f"<table:table>{columns}{lines}</table:table></draw:frame>"
        )

    def xml(self):
        layout = (
            '<style:page-layout style:name="wide"><style:page-layout-properties fo:margin="0cm" fo:page-width="25.4cm" '
            'fo:page-height="14.29cm" style:print-orientation="landscape"/></style:page-layout>'
            '<style:style style:name="dp" style:family="drawing-page"><style:drawing-page-properties draw:fill="solid" draw:fill-color="#ffffff"/></style:style>'
        )
        master = '<style:master-page style:name="Default" style:page-layout-name="wide" draw:style-name="dp"/>'
        pages = "".join(
            f'<draw:page draw:name="スライド{number}" draw:master-page-name="Default" draw:style-name="dp">{content}</draw:page>'
            for number, content in self.pages
        )
        return document(
            "presentation", self.title, self.unit, "", layout + "".join(self.automatic), master,
            f"<office:presentation>{pages}</office:presentation>",
        )
