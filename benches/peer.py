"""Loads the same files with this program and with geopandas (pyogrio, Arrow), in turn, and prints the ratios.

cargo bench --no-default-features --bench loading -- write FOLDER M
python3 benches/peer.py FOLDER M PROGRAM      (PROGRAM: the bench `loading` under target/release/deps)
"""
import json
import pathlib
import statistics
import subprocess
import sys

PEER = """
import sys, time, json, resource
import geopandas
start = time.perf_counter()
frame = geopandas.read_file(sys.argv[1], engine="pyogrio", use_arrow=True)
frame.sindex
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "peak_kb": peak, "features": len(frame)}))
"""


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(folder, size, program, rounds=5):
    for ending in ["geojson", "shp", "gpkg", "fgb"]:
        file = str(pathlib.Path(folder) / f"{size}.{ending}")
        own, peer = [], []
        for _ in range(rounds):
            # the first of each pair is not counted: a virtual machine takes unused memory back in a second or two, and
            # who comes next pays for getting it again
            own += [run([program, "read", file]) for _ in range(2)][1:]
            peer += [run([sys.executable, "-c", PEER, file]) for _ in range(2)][1:]
        assert own[0]["features"] == peer[0]["features"]
        def middle(runs, key):
            return statistics.median(each[key] for each in runs)
        times, peaks = [[middle(runs, key) for runs in (own, peer)] for key in ("seconds", "peak_kb")]
        print(f"{ending:8} {times[0]:.2f} s against {times[1]:.2f} s: {times[1] / times[0]:.1f} times as fast, "
              f"peak {peaks[0] / 1024:.0f} MB against {peaks[1] / 1024:.0f} MB", flush=True)


main(*sys.argv[1:4])
