"""Makes cp932_table.h from Python's codec of Windows-31J. Run it by hand:
    python3 src/base/make_cp932.py > src/base/cp932_table.h
Only rows that exist are written; the private area F040-F9FC is a formula in cp932.c."""

LEADS = [b for b in list(range(0x81, 0xA0)) + list(range(0xE0, 0xFD)) if not 0xF0 <= b <= 0xF9]
TRAILS = [b for b in range(0x40, 0xFD) if b != 0x7F]


def decode(lead, trail):
    try:
        return ord(bytes([lead, trail]).decode("cp932"))
    except UnicodeDecodeError:
        return 0


def show(name, kind, values, per):
    print(f"static const {kind} {name}[] = {{")
    for i in range(0, len(values), per):
        print("    " + ", ".join(values[i : i + per]) + ",")
    print("};\n")


rows = {lead: [decode(lead, t) for t in TRAILS] for lead in LEADS}
rows = {lead: row for lead, row in rows.items() if any(row)}
# A letter with several codes: Windows writes the lowest, but never the NEC copies ED40-EEFC.
back = {}
for lead, row in rows.items():
    for trail, cp in zip(TRAILS, row):
        if cp and lead not in (0xED, 0xEE):
            back[cp] = min(back.get(cp, 0xFFFF), lead << 8 | trail)

print("/* cp932_table.h: made by make_cp932.py; do not edit. */")
print("/* clang-format off */")
print("#ifndef BASE_CP932_TABLE_H\n#define BASE_CP932_TABLE_H\n\n#include <stdint.h>\n")
print(f"enum {{ CP932_ROWS = {len(rows)}, CP932_TRAILS = {len(TRAILS)}, CP932_CODES = {len(back)} }};\n")
print("/* The lead byte of each row of cp932_row. */")
show("cp932_lead", "uint8_t", [f"0x{b:02x}" for b in rows], 16)
print("/* Unicode of each trail byte (40-7e, 80-fc); 0: no letter. */")
show("cp932_row", "uint16_t", [f"0x{c:04x}" for row in rows.values() for c in row], 16)
print("/* The two-byte codes in the order of their Unicode. */")
show("cp932_code", "uint16_t", [f"0x{back[c]:04x}" for c in sorted(back)], 16)
print("#endif")
