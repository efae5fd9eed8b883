#!/usr/bin/env python3
"""The rules of docs/formats/bill.md, worked with fractions over the rows of this folder: an independent reckoning of
every bill of bills.csv. `rule.py` compares lines.csv and totals.csv with it and prints TAP; `rule.py --write` writes
them. It shares no code with mizo and knows no rounding but Fraction's."""
import csv
import datetime as dt
import functools
import math
import os
import sys
from fractions import Fraction as F

HERE = os.path.dirname(os.path.abspath(__file__))
# National holidays of the months that are billed (domain rules: equinoxes, moved days of 2021, substitutes).
HOLIDAYS = {dt.date.fromisoformat(d) for d in (
    '2016-02-11 2016-03-20 2016-03-21 2019-09-16 2019-09-23 2019-10-14 2019-10-22 2020-02-11 2020-02-23 2020-02-24 '
    '2020-12-31 2021-01-01 2021-01-11 2021-02-11 2021-02-23 2021-04-29 2021-05-03 2021-05-04 2021-05-05 2021-07-22 '
    '2021-07-23 2021-08-08 2021-08-09 2021-09-20 2021-09-23 2021-11-03 2021-11-23 2022-01-01 2022-01-10 2022-03-21 '
    '2022-05-03 2022-05-04 2022-05-05 2022-07-18 2022-11-03 2022-11-23 2023-01-01 2023-01-02 2023-01-09 2023-02-11 '
    '2023-02-23 2023-04-29 2023-05-03 2023-05-04 2023-05-05 2023-07-17 2024-02-11 2024-02-12 2024-02-23').split()} - {
        dt.date(2020, 12, 31)}


@functools.lru_cache
def rows(name):
    with open(os.path.join(HERE, name), encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def day(s):
    return dt.date.fromisoformat(s)


def kind_of(d):
    if d in HOLIDAYS or d.weekday() == 6:
        return 'holiday'
    if d.weekday() == 5:
        return 'saturday'
    quiet = (d.month, d.day) >= (12, 29) or (d.month, d.day) <= (1, 3) or d.month == 8 and 13 <= d.day <= 16
    return 'quiet' if quiet else 'weekday'


def slot(s):
    h, m = s.split(':')
    return int(h) * 2 + int(m) // 30


def months(s):
    out = set()
    for part in s.split():
        a, _, b = part.partition('-')
        m, end = int(a), int(b or a)
        out.add(m)
        while m != end:
            m = m % 12 + 1
            out.add(m)
    return out or set(range(1, 13))


# ---- rounding ----
def nearest(x):
    return -nearest(-x) if x < 0 else F(math.floor(x + F(1, 2)))


HOW = {'half-up': nearest, 'cut': lambda x: F(math.trunc(x)), 'down': lambda x: F(math.floor(x)),
       'up': lambda x: F(math.ceil(x)), 'none': None}
CHAINS = {}
for r in rows('roundings.csv'):
    CHAINS[r['chain'], r['step']] = (F(r['unit']), HOW[r['how']])


def micro(x):
    return nearest(x * 1000000) / 1000000


class Missing(Exception):
    pass


class Bill:
    def __init__(self, row):
        self.row = row
        self.c = next(c for c in rows('contracts.csv') if c['id'] == row['contract'])
        self.t = next(t for t in rows('tariffs.csv') if t['id'] == self.c['tariff'])
        self.point = next(p for p in rows('points.csv') if p['id'] == self.c['point'])
        self.month = day(row['month'] + '-01')
        self.period()
        self.charges = [r for r in rows('charges.csv') if r['tariff'] == self.t['id']] or self.plain()
        self.lines = []

    def round(self, step, x):
        unit, how = CHAINS.get((self.c['rounding'], step), (None, None))
        return how(x / unit) * unit if how else x

    # ---- days ----
    def period(self):
        d = int(self.c['reading_day'])
        nxt = (self.month + dt.timedelta(31)).replace(day=1)
        if d == 1:
            self.p0, self.p1 = self.month, nxt
        else:
            before = self.month - dt.timedelta(1)
            self.p0 = before.replace(day=min(d, before.day))
            self.p1 = self.month.replace(day=min(d, (nxt - dt.timedelta(1)).day))
        self.of = (self.p1 - self.p0).days
        self.d0 = max(self.p0, day(self.c['from'] or '1900-01-01'))
        self.d1 = min(self.p1, day(self.c['to'] or '2199-01-01'))
        self.days = [self.d0 + dt.timedelta(i) for i in range((self.d1 - self.d0).days)]

    def param(self, name, key, d):
        for p in rows('params.csv'):
            if p['name'] == name and p['key'] == key and day(p['from'] or '1900-01-01') <= d < day(p['to'] or '2199-01-01'):
                return F(p['value'])
        raise Missing(name, key, d)

    def any_param(self, name):
        try:
            return self.param(name, '', self.month)
        except Missing:
            return self.param(name, self.point['voltage'], self.month)

    # ---- use ----
    def pattern(self, text):
        """'all 500; weekday 8:00-22:00 2000; 2021-07-03 1:00-1:30 -': later words overrule."""
        v = {d: [None] * 48 for d in self.all_days()}
        for part in text.split(';'):
            word = part.split()
            lo, hi = (0, 48) if len(word) == 2 else map(slot, word[1].split('-'))
            for d in v:
                if word[0] in ('all', kind_of(d), d.isoformat()):
                    for s in range(lo, hi):
                        v[d][s] = None if word[-1] == '-' else int(word[-1])
        return v

    def all_days(self):
        return [self.p0 + dt.timedelta(i) for i in range(self.of)]

    def read(self):
        row = self.row
        if self.point['reading'] == 'lamp':
            lamp = next(r for r in rows('lamps.csv') if r['point'] == self.point['id'])
            w = F(lamp['watts']) * int(lamp['count'])
            self.wh, self.max, self.v = nearest(w * F(lamp['hours_a_day']) * len(self.days)), None, None
        elif row['use']:
            self.v = {d: s for d, s in self.pattern(row['use']).items() if d in self.days}
            self.fill()
            self.wh = sum(sum(s) for s in self.v.values())
            self.max = 2 * max(max(s) for s in self.v.values())
        else:
            self.v, self.wh = None, F(row['period_kwh']) * 1000
            self.max = F(row['max_kw']) * 1000 if row['max_kw'] else None

    def fill(self):
        known = {d: list(s) for d, s in self.v.items()}
        for d, s in self.v.items():
            for i in range(48):
                if s[i] is None:
                    sort = [known[o][i] for o in known if known[o][i] is not None and
                            (kind_of(o) in ('weekday', 'quiet')) == (kind_of(d) in ('weekday', 'quiet'))]
                    s[i] = int(nearest(F(sum(sort), len(sort))))

    # ---- rows ----
    def plain(self):
        out, base = [], F(self.t['base_yen_per_kw'])
        empty = dict.fromkeys(('name_ja', 'from', 'to', 'months', 'days', 'time_from', 'time_to', 'step_from_kwh',
                               'step_to_kwh', 'param'), '')
        if base:
            out.append(dict(empty, kind='base', price=str(base), tax='consumption-tax', tax_added='no'))
            if self.c['agreed_kw']:
                times = self.param('excess-multiple', '', self.month)
                out.append(dict(empty, kind='excess', price=str(base * times), tax='consumption-tax', tax_added='no'))
        for r in rows('rates.csv'):
            if r['tariff'] == self.t['id']:
                out.append(dict(empty, kind='energy', price=r['yen_per_kwh'], tax='consumption-tax', tax_added='no',
                                months=r['months'], days=r['days'], time_from=r['time_from'], time_to=r['time_to']))
        return out

    def holds(self, r, d):
        return (day(r['from'] or '1900-01-01') <= d < day(r['to'] or '2199-01-01') and d.month in months(r['months']))

    def first(self, kind, d):
        return next((r for r in self.charges if r['kind'] == kind and self.holds(r, d)), None)

    def at(self, kinds, d, s):
        for r in self.charges:
            if (r['kind'] in kinds and self.holds(r, d) and kind_of(d) in (r['days'].split() or [kind_of(d)]) and
                    slot(r['time_from'] or '0:00') <= s < slot(r['time_to'] or '24:00')):
                return r
        raise Missing(kinds, d, s)

    def price(self, r):
        """(before, after its own rounding)"""
        if not r['param']:
            return F(r['price']), F(r['price'])
        if r['kind'] != 'fuel':
            v = self.any_param(r['param'])
            return v, v
        try:
            base = self.param(r['param'], 'base', self.month)
        except Missing:
            v = self.any_param(r['param'])
            return v, self.round('fuel-unit', v)
        lag = int(self.param(r['param'], 'lag', self.month))
        at = self.month.year * 12 + self.month.month - 1 - lag
        then = dt.date(at // 12, at % 12 + 1, 1)
        mean = sum(self.param(r['param'], k, self.month) * self.param('fuel-price', f, then)
                   for k, f in (('alpha', 'crude'), ('beta', 'lng'), ('gamma', 'coal')))
        mean = self.round('fuel-average', micro(mean))
        try:
            mean = min(mean, base * self.param(r['param'], 'cap', self.month))
        except Missing:
            pass
        unit = micro((mean - base) * self.param(r['param'], 'rate', self.month) / 1000)
        return unit, self.round('fuel-unit', unit)

    # ---- lines ----
    def line(self, r, days, q, billed, price, raw, amount):
        raw, amount = micro(raw), self.round('line', micro(amount))
        self.lines.append(dict(kind=r['kind'], name=r['name_ja'], days=days, quantity=q, billed=billed, price=price,
                               raw=raw, amount=amount, tax=r['tax'], added=r['tax_added'] == 'yes'))

    def kilo(self, step, x):
        return nearest(self.round(step, F(x) / 1000) * 1000)

    def power(self, r, days, w, billed, factor=True):
        raw, price = self.price(r)
        f = g = F(1)
        if factor and int(self.t['power_factor_pct']):
            pf = F(self.row['power_factor'] or self.t['power_factor_pct'])
            f, g = (185 - pf) / 100, (185 - self.round('power-factor', pf)) / 100
        share = F(days, self.of)
        self.line(r, days, w, billed, price, F(w) / 1000 * raw * f * share, F(billed) / 1000 * price * g * share)

    def by_day(self, kind, w, factor):
        seen = []
        for d in self.days:
            r = self.first(kind, d)
            if r and r not in seen:
                seen.append(r)
        for r in self.charges:
            if r in seen:
                n = sum(self.first(kind, d) is r for d in self.days)
                self.power(r, n, w, self.kilo('kw', w), factor)

    def demand(self):
        if self.c['agreed_kw']:
            return F(self.c['agreed_kw']) * 1000
        if self.t['measured_demand'] != 'yes':
            return None
        before = [F(x) * 1000 for x in self.row['before_kw'].split() if x != '-']
        if not before and self.point['standing_kw']:
            before = [F(self.point['standing_kw']) * 1000]
        return max([self.max] + before)

    def energy(self, r, q, billed):
        raw, price = self.price(r)
        self.line(r, len(self.days), q, billed, price, F(q) / 1000 * raw, F(billed) / 1000 * price)

    def times(self, kinds, skip=()):
        sums = {}
        for d in self.days:
            for s in range(48):
                r = self.at(kinds, d, s)
                sums.setdefault(id(r), [r, 0, []])
                if self.v:
                    sums[id(r)][1] += self.v[d][s]
                    sums[id(r)][2].append((d, s))
        if not self.v:
            (only,) = sums.values()
            only[1] = self.wh
        for r in self.charges:
            if id(r) in sums and sums[id(r)][1]:
                yield r, sums[id(r)][1], sums[id(r)][2]

    def market(self, r, q, at):
        loss, price = self.any_param(r['param']), self.pattern(self.row['price'])
        raw = amount = F(0)
        for d, s in at:
            unit = micro(F(price[d][s], 1000) / (1 - loss)) + F(r['price'])
            raw += F(self.v[d][s], 1000) * unit
            amount += F(self.v[d][s], 1000) * self.round('market-unit', unit)
        self.line(r, len(self.days), q, q, None, raw, amount)

    def of_groups(self, kinds):
        return sum(x['amount'] for x in self.lines if x['kind'] in kinds)

    def make(self):
        self.read()
        has, d0 = {r['kind'] for r in self.charges}, self.d0
        w, share = self.demand(), F(len(self.days), self.of)
        self.w = w
        if 'base' in has:
            self.by_day('base', w, True)
        base = self.of_groups(('base',))
        r = self.first('unused', d0)
        if r and not self.wh and base:
            self.line(r, len(self.days), 1, 1, self.price(r)[1], base * (self.price(r)[1] - 1), base * (self.price(r)[1] - 1))
        if self.c['agreed_kw'] and self.max is not None and self.max > w:
            self.power(self.first('excess', d0), self.of, self.max - w, max(0, self.kilo('kw', self.max) - w))
        if 'energy' in has:
            for r, q, _ in self.times(('energy',)):
                self.energy(r, q, self.kilo('kwh', q))
        if 'step' in has:
            kwh = self.kilo('kwh', self.wh)
            for r in self.charges:
                if r['kind'] == 'step' and self.holds(r, d0):
                    lo = nearest(F(r['step_from_kwh'] or 0) * 1000 * share)
                    hi = nearest(F(r['step_to_kwh']) * 1000 * share) if r['step_to_kwh'] else None
                    part = [max(0, (x if hi is None else min(x, hi)) - lo) for x in (self.wh, kwh)]
                    if any(part):
                        self.energy(r, *part)
        if 'market' in has:
            for r, q, at in self.times(('market',)):
                self.market(r, q, at)
        if 'fuel' in has and self.wh:
            self.energy(self.first('fuel', d0), self.wh, self.kilo('kwh', self.wh))
        if 'wheeling-base' in has:
            self.by_day('wheeling-base', w, False)
        if 'wheeling' in has:
            for r, q, _ in self.times(('wheeling',)):
                self.energy(r, q, self.kilo('kwh', q))
        for r in self.charges:
            n = sum(self.holds(r, d) for d in self.days)
            if r['kind'] == 'fixed' and n:
                yen = F(r['price']) * n / self.of
                self.line(r, n, 1, 1, F(r['price']), yen, yen)
        of = self.of_groups(('base', 'unused', 'excess', 'energy', 'step', 'market'))
        for r in self.charges:
            if r['kind'] == 'discount' and self.holds(r, d0) and of:
                self.line(r, len(self.days), 1, 1, F(r['price']), -of * F(r['price']), -of * F(r['price']))
        r = self.first('minimum', d0)
        if r and F(r['price']) * share > sum(x['amount'] for x in self.lines):
            wanting = F(r['price']) * share - sum(x['amount'] for x in self.lines)
            self.line(r, len(self.days), 1, 1, F(r['price']), wanting, wanting)
        if 'levy' in has and self.wh:
            self.energy(self.first('levy', d0), self.wh, self.kilo('kwh', self.wh))
        self.sums()
        return self

    # ---- sums ----
    GROUP = dict(base='demand', unused='demand', excess='demand', energy='energy', step='energy', market='energy',
                 fuel='fuel', fixed='other', discount='other', minimum='other', levy='levy',
                 **{'wheeling-base': 'wheeling', 'wheeling': 'wheeling'})

    def sums(self):
        groups, taxes = {}, {}
        for x in self.lines:
            groups.setdefault((self.GROUP[x['kind']], x['tax'], x['added']), []).append(x['amount'])
        for (g, tax, added), amounts in groups.items():
            cut = self.round('levy' if g == 'levy' else 'subtotal', sum(amounts))
            taxes.setdefault(tax, [F(0), F(0)])[added] += cut
        self.exact, self.total, self.taxes = sum(x['raw'] for x in self.lines), F(0), []
        for name, (included, net) in taxes.items():
            rate = self.param(name, '', self.d1 - dt.timedelta(1)) if name else F(0)
            added = micro(net * rate)
            total = self.round('total', included + net + added)
            tax = self.round('tax', micro(total * rate / (1 + rate)))
            self.exact += added
            self.total += total
            self.taxes.append((name, total, tax))


def dec(x):
    if x is None:
        return ''
    v = int(F(x) * 1000000)
    assert F(v, 1000000) == F(x), x
    return f"{'-' if v < 0 else ''}{abs(v) // 1000000}.{abs(v) % 1000000:06d}"


def reckon():
    lines, totals = [], []
    for row in rows('bills.csv'):
        b = Bill(row).make()
        for x in b.lines:
            lines.append([row['id'], x['kind'], x['name'], str(x['days']), str(int(x['quantity'])), str(int(x['billed'])),
                          dec(x['price']), dec(x['raw']), dec(x['amount'])])
        totals.append([row['id'], b.d0.isoformat(), b.d1.isoformat(), str(int(b.wh)), '' if b.w is None else str(int(b.w)),
                       dec(b.exact), dec(b.total), dec(b.exact - b.total),
                       ' '.join(f"{n or '-'}:{dec(t)}:{dec(x)}" for n, t, x in b.taxes)])
    return lines, totals


def calculator(text):
    """A side of a sum in hand.csv: numbers, + - * / and brackets, nothing else."""
    import ast
    ops = {ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.Div: lambda a, b: a / b}

    def of(x):
        if isinstance(x, ast.BinOp):
            return ops[type(x.op)](of(x.left), of(x.right))
        if isinstance(x, ast.UnaryOp) and isinstance(x.op, ast.USub):
            return -of(x.operand)
        return F(ast.get_source_segment(text, x))
    return of(ast.parse(text, mode='eval').body)


def wrong_sums(row):
    """Sums of a row of hand.csv that a calculator shows otherwise, and last figures that are not its total and tax."""
    bad, last = [], []
    for sum_ in row['worked'].split(';'):
        way, shown = (x.strip() for x in sum_.split('='))
        shown, _, kept = (x.strip() for x in shown.partition('>'))
        v = calculator(way)
        cut = F(math.trunc(v * 100), 100)
        good = v == F(shown) if not shown.endswith('..') else cut == F(shown[:-2]) and v != cut
        if kept:
            good = good and F(kept) in (F(math.trunc(v)), cut)
        bad += [] if good else [sum_.strip()]
        last.append(F(kept or shown.rstrip('.')))
    return bad + ([] if F(row['total']) in last and last[-1] == F(row['tax']) else ['total, tax'])


HEADS = {'lines.csv': 'bill,kind,name,days,quantity,billed,price,raw,amount',
         'totals.csv': 'bill,from,to,wh,demand_w,exact,total,left,taxes'}


def main():
    made = dict(zip(HEADS, reckon()))
    if '--write' in sys.argv:
        for name, head in HEADS.items():
            with open(os.path.join(HERE, name), 'w', encoding='utf-8', newline='') as f:
                f.write(head + '\n')
                csv.writer(f, lineterminator='\n').writerows(made[name])
        return 0
    bad = 0
    ids = [r['id'] for r in rows('bills.csv')]
    hand = rows('hand.csv')
    print(f'1..{len(ids) + len(hand)}')
    for n, row in enumerate(hand, len(ids) + 1):
        wrong = wrong_sums(row)
        bad += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {n} - {row['id']} by hand" + ''.join(f'\n#  {x}' for x in wrong))
    for n, i in enumerate(ids, 1):
        kept = {f: [list(r.values()) for r in rows(f) if r['bill'] == i] for f in HEADS}
        same = all(kept[f] == [r for r in made[f] if r[0] == i] for f in HEADS)
        bad += not same
        print(f"{'' if same else 'not '}ok {n} - {i}")
        if not same:
            for f in HEADS:
                for a in kept[f]:
                    print('#  kept', a)
                for a in (r for r in made[f] if r[0] == i):
                    print('#  made', a)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
