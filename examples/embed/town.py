#!/usr/bin/env python3
"""The ten homes of town.c through ctypes: the same town, the same figures.

    LD_LIBRARY_PATH=... python3 town.py        (or MIZO_LIBRARY=/path/to/libmizo.so)
"""
import ctypes
import os
from ctypes import POINTER, Structure, byref, c_bool, c_double, c_int, c_int32, c_int64, c_size_t, c_uint32, c_void_p

HOMES, SLOTS, MOST, BATTERIES, VEHICLES, RUNS = 10, 48, 384, 8, 192, 8
series = POINTER(c_int32)


def struct(name, *fields):
    """Fields as mizo/optimize.h has them: (type, "name name ...")."""
    return type(name, (Structure,), {"_fields_": [(f, t) for t, names in fields for f in names.split()]})


Battery = struct("Battery", (c_int32, "energy_wh charge_w discharge_w soc_min_wh soc_max_wh reserve_wh soc_now_wh"),
                 (c_int32, "charge_ppm discharge_ppm wear_myen end_myen loss_ppm_h"), (series, "use_w"),
                 (c_int, "from_ to"), (c_int32, "leave_wh"), (series, "reserved_w reserved_wh"),
                 (c_bool, "own_pv_only site_only"))
Vehicle = struct("Vehicle", (c_int, "from_ to"), (c_int32, "need_wh max_w efficiency_ppm min_w"))
Run = struct("Run", (c_int, "from_ to slots"), (c_int32, "power_w"))
Site = struct("Site", (c_uint32, "size"), (c_int64, "from_"), (c_int, "n step_min"),
              (series, "load_w pv_w buy_myen sell_myen"), (c_int32, "limit_w export_w standing_w peak_myen_per_kw"),
              (c_int, "nbattery nvehicle"), (Battery * BATTERIES, "battery"), (Vehicle * VEHICLES, "vehicle"),
              (c_int, "nrun"), (Run * RUNS, "run"), (c_int32, "agreed_w over_agreed_myen_per_kw keep_import_w money_myen"))
Node = struct("Node", (c_int, "parent"), (series, "import_w export_w own_w"), (c_int32, "over_myen"))
Market = struct("Market", (series, "buy_myen sell_myen"), (c_int32, "standing_w peak_myen_per_kw"),
                (series, "g_per_kwh"), (c_int32, "carbon_yen_per_t unmatched_myen"))
Shape = struct("Shape", (c_uint32, "size"), (c_int64, "from_"), (c_int, "n step_min nnode"), (POINTER(Node), "node"),
               (c_int, "nscenario"), (series, "weight_ppm"), (POINTER(Market), "market"),
               (series, "ahead_myen ahead_w"))
Options = struct("Options", (c_uint32, "size"), (c_double, "gap"), (c_int, "iterations"), (c_bool, "cold"),
                 (c_void_p, "crew stop arg"))
Result = struct("Result", (c_int, "status"), (c_double, "objective bound gap residual"), (c_int, "iterations"),
                (c_bool, "warm"), (c_size_t, "sites bytes"), (c_double, "over_kwh"))
Flow = struct("Flow", (c_int32 * MOST, "net_w over_w price_myen shadow_myen ahead_w"), (c_int32, "peak_w"))

mizo = ctypes.CDLL(os.environ.get("MIZO_LIBRARY", "libmizo.so"))
mizo.mizo_area_add.argtypes = [c_void_p, c_int, POINTER(POINTER(Site))]
mizo.mizo_area_solve.argtypes = [c_void_p, POINTER(Options), POINTER(Result)]
mizo.mizo_area_node_read.argtypes = [c_void_p, c_int, c_int, POINTER(Flow)]
mizo.mizo_area_free.argtypes = [c_void_p]
mizo.mizo_err_text.restype = ctypes.c_char_p


def call(function, *args):
    error = function(*args)
    if error:
        raise SystemExit(f"town: {mizo.mizo_err_text(error).decode()}")


def slots(value):
    """A list of the day: value(t) for each half-hour."""
    return (c_int32 * SLOTS)(*(value(t) for t in range(SLOTS)))


def home(i):
    """Each home a little larger than the one before; every other has PV, every third a car that leaves at 7:00."""
    load = slots(lambda t: (300 + 30 * i) * (4 if 36 <= t < 44 else 2 if 13 <= t < 18 else 1))
    sun = slots(lambda t: 4000 - 330 * abs(24 - t) if i % 2 == 0 and 12 < t < 36 else 0)
    site = Site(size=ctypes.sizeof(Site), n=SLOTS, step_min=30, load_w=load, pv_w=sun, buy_myen=levy, sell_myen=sale,
                limit_w=6000, export_w=5000, nbattery=1, nvehicle=i % 3 == 0)
    site.battery[0] = Battery(energy_wh=9000, charge_w=3000, discharge_w=3000, soc_max_wh=9000, soc_now_wh=3000,
                              leave_wh=3000, charge_ppm=950000, discharge_ppm=950000)
    site.vehicle[0] = Vehicle(0, 14, 8000, 3000, 900000, 0)
    return site


levy, sale = slots(lambda t: 8000), slots(lambda t: 0)  # network and levies, on top of the market's price
market = slots(lambda t: 30000 if 34 <= t < 42 else 6000 if 20 <= t < 28 else 14000)
surplus, limit = slots(lambda t: market[t] - 500), slots(lambda t: 12000)
transformer = Node(parent=-1, import_w=limit, export_w=limit)
spot = Market(buy_myen=market, sell_myen=surplus)
shape = Shape(size=ctypes.sizeof(Shape), n=SLOTS, step_min=30, nnode=1, node=ctypes.pointer(transformer),
              nscenario=1, market=ctypes.pointer(spot))
town, result, flow = c_void_p(), Result(), Flow()
call(mizo.mizo_area_new, byref(shape), byref(town))
for i in range(HOMES):
    call(mizo.mizo_area_add, town, 0, byref(ctypes.pointer(home(i))))  # one future; what is needed is copied
call(mizo.mizo_area_solve, town, byref(Options(size=ctypes.sizeof(Options))), byref(result))
call(mizo.mizo_area_node_read, town, 0, 0, byref(flow))
print(f"{result.sites} homes: {result.objective:.3f} yen, nothing beats {result.bound:.3f} yen")
for t in range(SLOTS):
    print(f"{t // 2:02d}:{t % 2 * 30:02d}  {flow.net_w[t]:6d} W  {flow.price_myen[t] / 1e3:6.2f} yen/kWh")
mizo.mizo_area_free(town)
