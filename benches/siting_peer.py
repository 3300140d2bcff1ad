"""Checks the same sites against the same zones with this program and with shapely 2 (STRtree, prepared geometries) and
geopandas, in turn, and prints the ratios.

cargo bench --no-default-features --bench siting -- write FOLDER M        (and W, one zone of 100,000 vertices)
python3 benches/siting_peer.py FOLDER M PROGRAM      (PROGRAM: the bench `siting` under target/release/deps)

The peer has the zones alone, moved to the plane of 120 degrees, indexed and prepared before the clock runs. For each
site it does what the check does for one theme: which zones lie within 500 m, relation to each, overlap with geodesic
area, distance to each and to the nearest; no belts, no rules, no words. This program is timed twice: with the zones
alone and what is checked against them, and with the whole bundled atlas and all rules.

The plain peer leaves out figures that every check of this program gives. A second peer, "the same figures", adds them:
the two nearest points (shapely.shortest_line) with their direction on the ellipsoid, the share of the site and of the
zone, the area in the plane, the mean width, and the depth, the greatest distance from a point of the shared ground to
the border of the zone. GEOS has no call for that depth. It is looked for among the corners of the overlap and a grid of
16 x 16 points over it, then twice on 5 x 5 points about the best one, one array call each: some thirty times as
quick as bisecting it with shapely.buffer(zone, -depth), and without a bound on what it misses, where this program tells
one of a hundredth.
"""
import json
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import time

import geopandas
import numpy
import shapely
from pyproj import Geod, Transformer

GEOD = Geod(ellps="GRS80")
TO_PLANE = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
NEAR = 500.0


def to_plane(geometry):
    return shapely.transform(geometry, lambda at: numpy.column_stack(TO_PLANE.transform(at[:, 0], at[:, 1])))


def from_plane(geometry):
    def move(at):
        return numpy.column_stack(TO_PLANE.transform(at[:, 0], at[:, 1], direction="INVERSE"))
    return shapely.transform(geometry, move)


class Peer:
    def __init__(self, zones):
        self.zones = to_plane(zones)
        shapely.prepare(self.zones)
        self.tree = shapely.STRtree(self.zones)

    def check(self, site):
        return self.look(to_plane(site))[:5]

    def look(self, site):
        shapely.prepare(site)
        near = self.tree.query(site, predicate="dwithin", distance=NEAR)
        zones = self.zones[near]
        distance = shapely.distance(site, zones)
        touched = distance == 0
        met = zones[touched]
        relation = (shapely.within(site, met), shapely.contains_properly(site, met), shapely.touches(site, met))
        parts = shapely.intersection(site, met)
        areas = [abs(GEOD.geometry_area_perimeter(part)[0]) for part in from_plane(parts)]
        nearest = self.tree.query_nearest(site, return_distance=True)
        return near, distance, relation, areas, nearest, parts


class SameFigures(Peer):
    def __init__(self, zones):
        super().__init__(zones)
        self.borders = shapely.boundary(self.zones)
        shapely.prepare(self.borders)
        self.areas = numpy.array([abs(GEOD.geometry_area_perimeter(zone)[0]) for zone in zones])

    def check(self, site):
        plane = to_plane(site)
        near, distance, relation, areas, nearest, parts = self.look(plane)
        area = abs(GEOD.geometry_area_perimeter(site)[0])
        apart, met = near[distance > 0], near[distance == 0]
        ends = from_plane(shapely.shortest_line(plane, self.zones[apart]))
        ends = shapely.get_coordinates(ends).reshape(-1, 4)
        bearings = GEOD.inv(ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3])[0] % 360
        plane_areas = shapely.area(parts)
        widths = 2 * plane_areas / shapely.length(parts)
        shares = [(part / area, part / self.areas[zone]) for part, zone in zip(areas, met)]
        depths = [depth(part, self.borders[zone]) for part, zone in zip(parts, met)]
        return near, distance, relation, areas, (nearest, ends, bearings, plane_areas, widths, shares, depths)


def depth(ground, border):
    if shapely.is_empty(ground) or shapely.area(ground) == 0:
        return 0.0
    west, south, east, north = shapely.bounds(ground)
    corners = shapely.get_coordinates(ground)
    across, along = numpy.meshgrid(numpy.linspace(west, east, 16), numpy.linspace(south, north, 16))
    shapely.prepare(ground)
    inside = shapely.contains_xy(ground, across.ravel(), along.ravel())
    places = numpy.vstack([corners, numpy.column_stack([across.ravel(), along.ravel()])[inside]])
    reach = shapely.distance(shapely.points(places), border)
    best, most = places[reach.argmax()], reach.max()
    step_x, step_y = (east - west) / 15, (north - south) / 15
    for _ in range(2):
        across, along = numpy.meshgrid(best[0] + step_x * STEPS, best[1] + step_y * STEPS)
        inside = shapely.contains_xy(ground, across.ravel(), along.ravel())
        places = numpy.column_stack([across.ravel(), along.ravel()])[inside]
        if len(places):
            reach = shapely.distance(shapely.points(places), border)
            if reach.max() > most:
                best, most = places[reach.argmax()], reach.max()
        step_x, step_y = step_x / 2.5, step_y / 2.5
    return most


STEPS = numpy.linspace(-1, 1, 5)


def judged(numbers):
    return sum(len(BATCH[0].check(BATCH[1][number])[0]) for number in numbers)


BATCH = []


def peer_times(peer, sites):
    for site in sites[: len(sites) // 4]:
        peer.check(site)
    times, findings, overlap = [], 0, 0.0
    for number, site in enumerate(sites):
        start = time.perf_counter()
        near, _, _, areas, _ = peer.check(site)
        times.append((time.perf_counter() - start) * 1e6)
        if number < 500:
            findings += len(near)
            overlap += sum(areas)
    times.sort()
    return {"median_us": times[len(times) // 2], "p99_us": times[int(0.99 * (len(times) - 1))], "findings": findings,
            "overlap_m2": overlap}


def run(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(folder, size, program, rounds=3):
    folder = pathlib.Path(folder)
    zones = geopandas.read_file(folder / f"{size}.fgb").geometry.values
    sites = {name: geopandas.read_file(folder / f"{name}.geojson").geometry.values for name in ("sites", "live")}
    peer, same = Peer(numpy.asarray(zones)), SameFigures(numpy.asarray(zones))
    for name, mode, count in [("sites", "single", 2000), ("live", "live", 2000)]:
        shapes = numpy.asarray(sites[name])[:count]
        peers, sames, own, whole = [], [], [], []
        for _ in range(rounds):
            peers.append(peer_times(peer, shapes))
            sames.append(peer_times(same, shapes))
            own.append(run(program, mode, size, "zones"))
            whole.append(run(program, mode, size, "all"))
        if abs(own[0]["overlap_m2"] - peers[0]["overlap_m2"]) > 1e-5 * peers[0]["overlap_m2"] + 1:
            print("  not the same answer:", own[0], peers[0])
        def middle(runs, key):
            return statistics.median(each[key] for each in runs)
        for words, runs in [("zones alone", own), ("whole atlas, all rules", whole)]:
            for name_of_peer, others in [("shapely", peers), ("shapely with the same figures", sames)]:
                ratio = middle(others, "median_us") / middle(runs, "median_us")
                print(f"{size} {mode}, {words}: median {middle(runs, 'median_us'):.0f} us against "
                      f"{middle(others, 'median_us'):.0f} of {name_of_peer}: {ratio:.1f} times as fast; "
                      f"p99 {middle(runs, 'p99_us'):.0f} against {middle(others, 'p99_us'):.0f} us", flush=True)
    if size == "W":
        return
    frames = [geopandas.GeoDataFrame(geometry=to_plane(numpy.asarray(shapes)), crs="EPSG:4549")
              for shapes in (sites["sites"], zones)]
    frames[1].sindex
    peers, own, whole = [], [], []
    for _ in range(rounds):
        start = time.perf_counter()
        parts = geopandas.overlay(*frames, how="intersection", keep_geom_type=True)
        total = parts.area.sum()
        peers.append(time.perf_counter() - start)
        own.append(run(program, "batch", size, "zones", "10000"))
        whole.append(run(program, "batch", size, "all", "10000"))
    # the same figures, site by site, on as many processes as there are cores
    BATCH.extend([same, numpy.asarray(sites["sites"])])
    cores = os.cpu_count() or 1
    tasks = [range(first, min(first + 250, len(BATCH[1]))) for first in range(0, len(BATCH[1]), 250)]
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        pool.map(judged, tasks[:cores])
        start = time.perf_counter()
        pool.map(judged, tasks, chunksize=1)
        same_seconds = time.perf_counter() - start
    few = run(program, "batch", size, "all", "1000")
    print(f"overlaps {own[0]['overlaps']} and {len(parts)}, {own[0]['overlap_m2']:.0f} m2 on the ellipsoid and {total:.0f} m2 in the plane")
    seconds = statistics.median(peers)
    for words, runs in [("zones alone", own), ("whole atlas, all rules", whole)]:
        taken = statistics.median(each["seconds"] for each in runs)
        print(f"{size} batch of 10,000, {words}: {taken:.2f} s against {seconds:.2f} s of geopandas overlay: "
              f"{seconds / taken:.1f} times as fast; against {same_seconds:.2f} s of shapely with the same figures: "
              f"{same_seconds / taken:.1f} times as fast; "
              f"peak grows by {(runs[0]['peak_kb'] - runs[0]['before_kb']) / 1024:.1f} MB", flush=True)
    print(f"1,000 sites: peak grows by {(few['peak_kb'] - few['before_kb']) / 1024:.1f} MB")


main(*sys.argv[1:4])
