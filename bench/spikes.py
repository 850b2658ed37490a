#!/usr/bin/env python3
"""Measures how early and how rarely wrongly Nabat tells a surge; prints Markdown.

Three parts: public series of mentions (NAB realTweets, the five that are there), floods of comments from a generator beside the usual
methods, and a year of a federal district (10 regions, 2,000 series) with the guards of rule files and the desk's budget. The series, the
generator and the scorers lie beside the package (../shared/corpora); without them nothing can be measured and it says so. Needs numpy.
"""
import argparse, importlib.util, os, subprocess, sys, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NABAT = os.path.join(ROOT, ".build/release/nabat")
BENCH = os.path.join(ROOT, ".build/release/nabat-bench")
CORPORA = next((p for p in (os.path.join(ROOT, up, "shared/corpora") for up in ("..", "../..")) if os.path.isdir(p)), None)


def module(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(CORPORA, name + ".py"))
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def detect(path, *more):
    done = subprocess.run([NABAT, "detect", "--csv", path, "--bucket", "5m", *more], capture_output=True, text=True)
    if done.returncode:
        sys.exit("%s: %s" % (path, done.stderr))
    return done.stdout


def public_series():
    import json
    nab = module("score_nab")
    root = os.path.join(CORPORA, "series/nab")
    windows = json.load(open(os.path.join(root, "labels/combined_windows.json")))
    files = {rel: nab.File(root, rel, w) for rel, w in windows.items() if os.path.exists(os.path.join(root, "data", rel))}
    every = list(files.values())

    def scores(*more):
        return {rel: nab.read_scores(detect(os.path.join(root, "data", rel), *more), len(f.value), rel) for rel, f in files.items()}

    print("## Public series\n\nNAB realTweets, %d files, %d windows. An alarm is a score of at least 0.5.\n" % (len(every), sum(f.nwin for f in every)))
    ours = scores()
    print("| threshold | standard | low FP | low FN | windows found | false edges |\n|---|---|---|---|---|---|")
    for factor in (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15):
        at = 0.5 * factor
        hit, total, false, _ = nab.counts(every, ours, at)
        row = [nab.at(every, ours, p, at) for p in nab.PROFILES]
        print("| %.3f (%+.0f %%) | %.1f | %.1f | %.1f | %d of %d | %d |" % (at, 100 * factor - 100, *row, hit, total, false))
    print("\nThe gate itself, moved by `--fire`:\n\n| fire | standard | windows found | false edges |\n|---|---|---|---|")
    for fire in (2.4, 2.6, 2.7, 2.8, 2.9, 3.0, 3.2):
        moved = scores("--fire", str(fire))
        hit, total, false, _ = nab.counts(every, moved, 0.5)
        print("| %.1f | %.1f | %d of %d | %d |" % (fire, nab.at(every, moved, "standard", 0.5), hit, total, false))
    print("", flush=True)


def floods(seeds):
    import numpy as np
    made = module("score_floods")
    print("## Floods of comments\n\n50 series of 6 weeks a seed, 350 episodes each; thresholds set so that all have the same false alarms.\n")
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            made.write(folder, made.generate(50, 6, seed), 6, seed)
            lab, names, counts = made.load(folder)
            rows = lambda form: np.array([
                made.parse_csv(detect(os.path.join(folder, n + ".csv"), "--form", form), lab["buckets"], "anomaly_score") for n in names])
            methods = {"**Nabat**": rows("standard"), "its level alone (the definition)": rows("definition")}
            methods.update(made.baselines(counts))
        rates = (0.1, 0.5, 1.0)
        table = []
        for name, scores in methods.items():
            cells = []
            for rate in rates:
                threshold = made.at_rate(lab, names, scores, counts, rate)
                _, _, found = made.evaluate(lab, names, scores, counts, threshold)
                quarter, hour, median = made.summary(found)
                cells.append((hour, "%.1f / %.1f %%, %s" % (quarter, hour, "%.0f min" % median if median < 1e9 else "never")))
            table.append((name, cells))
        print("Seed %d: found within 15 / 60 minutes, median time, at false alarms a series-week:\n" % seed)
        print("| method | " + " | ".join("%.1f" % r for r in rates) + " |\n|---|" + "---|" * len(rates))
        for name, cells in sorted(table, key=lambda row: -row[1][1][0]):
            print("| %s | %s |" % (name, " | ".join(words for _, words in cells)))
        print("", flush=True)


def year(count, seed=5):
    """2,000 series for 52 weeks. Each block of five series has its floods in four weeks of its own, 7 a series: about 38 a day in the district."""
    import numpy as np
    made = module("score_floods")
    weeks, regions = 52, 10
    judge = subprocess.Popen([BENCH, "--year"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    alarms = []

    def collect():
        for line in judge.stdout:
            fields = line.split()
            alarms.append((int(fields[0]), int(fields[1]), float(fields[2])))
    reader = threading.Thread(target=collect)
    reader.start()
    episodes, place, began = [], np.random.default_rng(seed), time.time()
    for block in range(count // 5):
        made.WARM = int(place.integers(2, weeks - 7)) * made.WEEK
        for series in planned(made, weeks, seed * 100_000 + block):
            counts = np.where(np.isnan(series["v"]), 0xFFFFFFFF, series["v"]).astype("<u4")
            judge.stdin.write(np.array([0, len(counts)], "<u4").tobytes() + counts.tobytes())
            episodes.append(series["eps"])
    judge.stdin.close()
    reader.join()
    days = weeks * 7
    false_days = np.zeros(days)
    told, total = 0, 0
    first_hour = {}
    of = {}
    for index, (series, bucket, rarity) in enumerate(alarms):
        of.setdefault(series, []).append((bucket, index))
    false, true_alarms = [], 0
    for series, eps in enumerate(episodes):
        for bucket, index in of.get(series, []):
            inside = any(a <= bucket < b + 12 for _, a, b in eps)
            true_alarms += inside
            if not inside:
                false.append(index)
                false_days[bucket // 288] += 1
        for number, (kind, start, end) in enumerate(eps):
            total += 1
            hits = [i for b, i in of.get(series, []) if start <= b < min(end, start + 12)]
            if hits:
                told += 1
                first_hour[(series, number)] = hits
    order = sorted(range(len(alarms)), key=lambda i: (alarms[i][1], alarms[i][0]))
    lines = "".join("%d R%d n%d %.3f\n" % (alarms[i][1], alarms[i][0] // 5 % regions, *alarms[i][::2]) for i in order)
    decided = subprocess.run([BENCH, "--budget", "20"], input=lines, capture_output=True, text=True).stdout.split()
    is_told = {i: word == "1" for i, word in zip(order, decided)}
    # An alarm that comes again within 24 hours of its telling is the same one.
    per_day, charged = {}, {}
    for i in order:
        name, bucket = alarms[i][0], alarms[i][1]
        if is_told[i] and bucket - charged.get(name, -288) >= 288:
            charged[name] = bucket
            key = (name // 5 % regions, bucket // 288)
            per_day[key] = per_day.get(key, 0) + 1
    held = sum(1 for hits in first_hour.values() if not any(is_told[i] for i in hits))
    print("## A year of a federal district\n")
    print("%d regions, %d series, %d weeks, %d floods (%.0f a day); rules as by default: rarity 2.4, rearm 1 h, at least 10 in the hour and twice the usual.\n"
          % (regions, len(episodes), weeks, total, total / days))
    print("| | |\n|---|---|")
    print("| false alarms a day, whole desk | %.2f (most in one day: %d) |" % (len(false) / days, false_days.max()))
    print("| false alarms a series-week | %.4f |" % (len(false) / len(episodes) / weeks))
    print("| floods told within the hour | %.1f %% |" % (100 * told / max(total, 1)))
    print("| alarms in all, a region and day | %.2f |" % (len(alarms) / days / regions))
    print("| budget 20 a region and 24 h: days over it | %d |" % sum(1 for n in per_day.values() if n > 20))
    print("| the same: most told in a region's day | %d |" % max(per_day.values(), default=0))
    print("| the same: alarms held back, all named in digests | %d of %d |" % (sum(1 for t in is_told.values() if not t), len(alarms)))
    print("| the same: floods of the first hour held back | %d of %d (%.2f %%) |" % (held, told, 100 * held / max(told, 1)))
    print("\n%.0f s of generating and judging.\n" % (time.time() - began), flush=True)


def planned(made, weeks, seed):
    """Five series whose episodes lie in the four weeks behind `made.WARM`."""
    whole = made.generate
    source = GENERATOR.get("code")
    if source is None:
        import inspect
        text = inspect.getsource(whole)
        changed = text.replace("span = T - WARM - 2 * DAY", "span = 4 * WEEK")
        if changed == text:
            sys.exit("the generator has changed: its episodes cannot be planned")
        scope = dict(vars(made))
        exec(compile(changed, "generator", "exec"), scope)
        source = GENERATOR["code"] = (scope["generate"], scope)
    generate, scope = source
    scope["WARM"] = made.WARM
    return generate(5, weeks, seed)


GENERATOR = {}


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", default="2,3")
    asked.add_argument("--year-series", type=int, default=2000)
    asked.add_argument("--no-year", action="store_true")
    asked.add_argument("--only-year", action="store_true")
    options = asked.parse_args()
    if CORPORA is None:
        print("skipped: the series, the generator and the scorers are not beside the package (../shared/corpora)")
        return
    if not options.only_year:
        public_series()
        floods([int(s) for s in options.seeds.split(",")])
    if not options.no_year:
        year(options.year_series)


main()
