"""Small files of the network operator, of plants and archives, made on the fly: no person's name is in the tree.

Imported by network_operator.py and xlsx.py; run alone it writes them into a directory.
"""

import datetime
import io
import zipfile

SECRET_NAME, SECRET_CODE, SECRET_PLACE = "テスト需要家ＡＢ髙﨑", "CONSUMER-0001", "テスト地点三丁目"
DEPOT, HALL, SCHOOL = (f"03000000000000000000{n:02d}" for n in (3, 2, 1))


def wrap(inside, encoding="UTF-8", head=""):
    text = (f'<?xml version="1.0" encoding="{encoding}"?>\n{head}<SBD-MSG><JPMGRP><JPMGH><JPC03>x</JPC03></JPMGH>'
            f"<JPTRM>{inside}</JPTRM></JPMGRP></SBD-MSG>\n")
    return text.encode("cp932" if encoding != "UTF-8" else "utf-8")


def facility(number, kwh, flag="0", low=False, personal=True):
    who = f"<JP06119>{SECRET_CODE}</JP06119><JP06120>{SECRET_NAME}</JP06120>" if personal else ""
    code = "JP06125" if low else "JP06123"
    value = f"<{code}>{kwh}</{code}>" if kwh is not None else ""
    return f"<JP06400>{number}</JP06400>{who}<JP06122>{flag}</JP06122>{value}"


def same_day(day, slot, rows, **kw):
    records = "".join(f"<JPMR00010>{facility(*r)}</JPMR00010>" for r in rows)
    return wrap(f"<JP06116>{day}</JP06116><JP06219>{slot:02d}</JP06219><JPM00010>{records}</JPM00010>", **kw)


def daily(day, points, slots=range(1, 49), **kw):
    """points: {number: function of the slot, giving kWh}"""
    out = ""
    for s in slots:
        rows = "".join(f"<JPMR00011>{facility(n, f(s))}</JPMR00011>" for n, f in points.items())
        out += f"<JPMR00010><JP06219>{s}</JP06219><JPM00011>{rows}</JPM00011></JPMR00010>"
    return wrap(f"<JP06116>{day}</JP06116><JPM00010>{out}</JPM00010>", **kw)


def days_of(month):
    first = datetime.date(int(month[:4]), int(month[4:]), 1)
    day = first
    while day.month == first.month:
        yield day.strftime("%Y%m%d")
        day += datetime.timedelta(days=1)


def confirmed_point(number, month, kwh, item="", item_kwh=None, total=None, days=None, whole=True, absent="0", extra=""):
    out, total_sum = "", 0.0
    for day in days or list(days_of(month)):
        slots = ""
        for s in range(1, 49):
            v = kwh(day, s)
            total_sum += v or 0
            part = f"<JP06425>{item_kwh(day, s)}</JP06425>" if item_kwh else ""
            slots += (f"<JPMR00014><JP06219>{s}</JP06219>" + (f"<JP06424>{v}</JP06424>" if whole and v is not None else "")
                      + part + "</JPMR00014>")
        out += f"<JPMR00013><JP06423>{day}</JP06423><JPM00014>{slots}</JPM00014></JPMR00013>"
    total = total if total is not None else f"{total_sum:.1f}"
    return (f"<JPMR00010><JP06400>{number}</JP06400><JP06119>{SECRET_CODE}</JP06119><JP06120>{SECRET_NAME}</JP06120>"
            f"<JP06402>{SECRET_PLACE}</JP06402><JP06403>2</JP06403><JP06404>{item}</JP06404><JP06405>{absent}</JP06405>"
            f"<JP06406>98</JP06406><JP06426>{total}</JP06426><JP06445>42.5</JP06445><JP06446>20230601</JP06446>{extra}"
            f"<JPM00013>{out}</JPM00013></JPMR00010>")


def confirmed(month, points, **kw):
    return wrap(f"<JP00002>0001</JP00002><JP06110>T0003</JP06110><JP06112>R0001</JP06112><JP06401>{month}</JP06401>"
                f"<JPM00010>{''.join(points)}</JPM00010>", **kw)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)
    return out.getvalue()


# ---- workbooks ----

CONTENT = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
           '<Default Extension="xml" ContentType="application/xml"/></Types>')
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = (f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
          '<numFmt numFmtId="165" formatCode="h:mm"/><numFmt numFmtId="166" formatCode="0.0&quot; kWh d&quot;"/></numFmts>'
          '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
          '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/>'
          '<xf numFmtId="22"/></cellXfs></styleSheet>')


def letters(column):
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def escape(s):
    return s.replace("&", "&amp;").replace("<", "&lt;")


def cell(row, column, value):
    """A number, a text, or ready XML after '='"""
    at = f"{letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith("="):
        return value[1:].replace("@", at)
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def sheet(rows, extra="", attributes=None):
    """rows: {row: {column: value}}"""
    body = "".join(f'<row r="{r}"{(attributes or {}).get(r, "")}>' + "".join(cell(r, c, rows[r][c]) for c in sorted(rows[r])) + "</row>"
                   for r in sorted(rows))
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{extra}</worksheet>'


def workbook(sheets, shared="", epoch=""):
    """sheets: [(name, xml)]"""
    names = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="rId{i}"/>' for i, (n, _) in enumerate(sheets, 1))
    rels = "".join(f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1))
    parts = [("[Content_Types].xml", CONTENT),
             ("_rels/.rels", f'<Relationships xmlns="x"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
             ("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr {epoch}/><sheets>{names}</sheets></workbook>'),
             ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="x">{rels}<Relationship Id="rs" Type="{REL}/styles" Target="styles.xml"/>'
              f'<Relationship Id="rt" Type="{REL}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'),
             ("xl/styles.xml", STYLES),
             ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')]
    return zipped(parts + [(f"xl/worksheets/sheet{i}.xml", x) for i, (_, x) in enumerate(sheets, 1)])


def serial(day):
    return (datetime.date.fromisoformat(day) - datetime.date(1899, 12, 30)).days


def plant_sheet(plant, day, values, outages=(), unit="発電量(kWh)", times=None):
    rows = {1: {1: "発電所", 2: plant}, 2: {1: "対象日", 2: f'=<c r="@" s="2"><v>{serial(day)}</v></c>'}, 4: {1: "コマ", 2: unit}}
    for i, v in enumerate(values):
        rows[5 + i] = {1: times[i] if times else i + 1, 2: v}
    at = 7 + len(values)
    if outages:
        rows[at] = {1: "停止開始", 2: "停止終了", 3: "炉", 4: "理由"}
    for i, o in enumerate(outages):
        rows[at + 1 + i] = dict(enumerate(o, 1))
    return workbook([("明日", sheet(rows))])
