#!/usr/bin/env python3
"""2,000 generated cases for the siting check, with figures computed by other means under the same rule.

    python3 cases.py        writes cases.txt beside this file

The shapes are made by formula from one stream of numbers, here and in tests/suite/siting_cases.rs alike, so that only the
figures are stored: relation, overlap in square metres on the ellipsoid, distance in metres. They are computed as
oracle.py tells (edges cut to 8 m, EPSG:4549, GEOS, geodesic areas on GRS 80); invalid rings are mended first by GEOS's
make_valid (linework, odd turns). pyproj 3.7, shapely 2.
"""
import math
import multiprocessing
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Polygon

import oracle

KX, M = oracle.KX, oracle.M
COUNT = 2000


class Dice:
    def __init__(self, seed):
        self.state = seed

    def roll(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53

    def between(self, low, high):
        return low + (high - low) * self.roll()

    def below(self, count):
        return int(self.roll() * count)


def star(dice, x, y, size, points, rough):
    phase = dice.between(0, 6)
    ring = []
    for number in range(points):
        angle = math.tau * number / points
        reach = size * (1 + rough * math.sin(3 * angle + phase) + 0.3 * rough * math.cos(11 * angle))
        ring.append((x + reach * math.cos(angle) / KX, y + reach * math.sin(angle) / M))
    return ring


def scaled(ring, x, y, factor):
    return [(x + (px - x) * factor, y + (py - y) * factor) for px, py in ring]


def moved(ring, east, north):
    return [(px + east / KX, py + north / M) for px, py in ring]


def wide(x, y):
    """A zone of 100,000 vertices."""
    ring = []
    for number in range(100_000):
        angle = math.tau * number / 100_000
        reach = 9000 * (1 + 0.2 * math.sin(9 * angle) + 0.03 * math.cos(83 * angle) + 0.002 * math.sin(2311 * angle))
        ring.append((x + reach * math.cos(angle) / KX, y + reach * math.sin(angle) / M))
    return ring


def case(number):
    """Site and zone as lists of parts, each a list of rings, the first the shell."""
    dice = Dice(20261125 + number * 7919)
    for _ in range(4):
        dice.roll()
    x, y = dice.between(119.6, 120.6), dice.between(31.2, 31.9)
    kind = number % 12
    points = 5 + dice.below(120)
    size = dice.between(60, 1500)
    zone = star(dice, x, y, size, points, dice.between(0, 0.35))
    if kind in (0, 1, 2):
        # anywhere to each other, with holes
        angle, far = dice.between(0, 6.28), dice.between(0, 2.6) * size
        own = dice.between(20, 900)
        ring = star(dice, x + far * math.cos(angle) / KX, y + far * math.sin(angle) / M, own, 3 + dice.below(60), dice.between(0, 0.4))
        cx, cy = x + far * math.cos(angle) / KX, y + far * math.sin(angle) / M
        site = [ring] + ([scaled(ring, cx, cy, 0.4)] if kind == 1 else [])
        return [site], [[zone] + ([scaled(zone, x, y, 0.45)] if kind == 2 else [])]
    run = zone[: 2 + dice.below(points - 3)]
    if kind == 3:
        # along the border, drawn with the same corners
        return [[run + scaled(run, x, y, dice.between(1.1, 1.6))[::-1]]], [[zone]]
    if kind == 4:
        # the same, over the border by a sliver
        over = dice.between(0.005, 2.0) / size
        return [[scaled(run, x, y, 1 - over) + scaled(run, x, y, 1.3)[::-1]]], [[zone]]
    if kind == 5:
        # one corner on one corner
        px, py = zone[dice.below(points)]
        ex, ey = (px - x), (py - y)
        return [[[(px, py), (px + ex * 0.2 - ey * 0.05, py + ey * 0.2 + ex * 0.05), (px + ex * 0.2 + ey * 0.05, py + ey * 0.2 - ex * 0.05)]]], [[zone]]
    if kind == 6:
        # around it, inside it, in its hole, the same
        turn = dice.below(4)
        if turn == 0:
            return [[scaled(zone, x, y, dice.between(1.05, 2))]], [[zone]]
        if turn == 1:
            return [[scaled(zone, x, y, dice.between(0.1, 0.95))]], [[zone]]
        if turn == 2:
            return [[scaled(zone, x, y, dice.between(0.1, 0.4))]], [[zone, scaled(zone, x, y, 0.45)]]
        return [[zone]], [[zone]]
    if kind == 7:
        # of two parts each, of which some meet
        far = size * 3.2
        second = moved(star(dice, x, y, size * 0.6, 4 + dice.below(40), 0.2), far, 0)
        one = moved(star(dice, x, y, size * 0.5, 4 + dice.below(20), 0.2), dice.between(0.2, 1.8) * size, 0)
        other = moved(star(dice, x, y, size * 0.3, 4 + dice.below(20), 0.2), far + dice.between(0, 1.2) * size, dice.between(-0.5, 0.5) * size)
        return [[one], [other]], [[zone], [second]]
    if kind == 8:
        # invalid rings: a bow tie, a spike, points told twice
        w, h = dice.between(30, 600), dice.between(30, 400)
        corner = zone[dice.below(points)]
        turn = dice.below(3)
        ring = [[(0, 0), (w, h), (w, 0), (0, h)], [(0, 0), (w, 0), (w + 50, 0), (w, 0), (w, h), (0, h)],
                [(0, 0), (0, 0), (w, 0), (w, 0), (w, h), (0, h), (0, h)]][turn]
        return [[[(corner[0] + a / KX, corner[1] + b / M) for a, b in ring]]], [[zone]]
    if kind == 9:
        # corridors
        length, width = dice.between(500, 9000), dice.between(3, 60)
        angle = dice.between(0, 3.14)
        c, s = math.cos(angle), math.sin(angle)
        corners = [(-length / 2, -width / 2), (length / 2, -width / 2), (length / 2, width / 2), (-length / 2, width / 2)]
        east, north = dice.between(-1, 1) * size, dice.between(-1, 1) * size
        return [[[(x + (east + a * c - b * s) / KX, y + (north + a * s + b * c) / M) for a, b in corners]]], [[zone]]
    if kind == 10:
        # long edges along parallels and meridians that are shared, or crossed by a little
        w, h = dice.between(0.01, 0.15), dice.between(0.01, 0.05)
        over = [0.0, dice.between(0.01, 3.0) / M][dice.below(2)]
        return [[[(x + w * 0.1, y - h * 0.5), (x + w * 0.9, y - h * 0.5), (x + w * 0.9, y + over), (x + w * 0.1, y + over)]]], \
            [[[(x, y), (x + w, y), (x + w, y + h), (x, y + h)]]]
    # apart, by a little or by more
    far = 2.0 * size + dice.between(0.01, 1500)
    return [[moved(star(dice, x, y, size * 0.4, 4 + dice.below(60), 0.2), far, dice.between(-0.3, 0.3) * size)]], [[zone]]


def wide_case(number):
    """Cases of one zone of 100,000 vertices: sites at its border and inside."""
    dice = Dice(99 + number)
    x, y = 120.1, 31.55
    zone = wide(x, y)
    px, py = zone[dice.below(100_000)]
    angle = dice.between(0, 6.28)
    off = dice.between(0, 250)
    site = star(dice, px + off * math.cos(angle) / KX, py + off * math.sin(angle) / M, dice.between(20, 260), 4 + dice.below(40), 0.2)
    return [[site]], [[zone]]


def built(parts):
    shape = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in parts])
    if shape.is_valid:
        return shape if len(parts) > 1 else shape.geoms[0]
    mended = shapely.make_valid(shape, method="linework")
    found = oracle.polygons(mended)
    return found[0] if len(found) == 1 else MultiPolygon(found)


def row(number):
    site, zone = (built(parts) for parts in (case(number) if number < COUNT - 20 else wide_case(number)))
    found = oracle.meet(site, zone)
    if found is None:
        return "-"
    letter = {"within": "w", "contains": "c", "overlaps": "o", "touches": "t", "near": "n"}[found["relation"]]
    return f"{letter} {found['overlap_m2']:.4f} {found['distance_m']:.5f}"


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        rows = pool.map(row, range(COUNT), chunksize=20)
    head = f"# {COUNT} cases: relation, overlap (m2, ellipsoid), distance (m); made by cases.py with pyproj and GEOS\n"
    (Path(__file__).parent / "cases.txt").write_text(head + "\n".join(rows) + "\n")
    counts = {}
    for line in rows:
        counts[line[0]] = counts.get(line[0], 0) + 1
    print(counts)
