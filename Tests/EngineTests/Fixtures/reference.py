"""Random rule sets and tapes for the engine and for the slow prototype of the rule language.

  reference.py make FOLDER SEED COUNT         writes a folder a case: rules, tape, history, until
  reference.py compare PROTOTYPE FOLDER       plays every case that has nabat.ndjson through the prototype

`compare` prints what differs and ends with 1. Where the prototype falls short of the rule language it is patched
below, each time with the reason.
"""
import collections, datetime, json, math, os, random, re, sys

WORDS = {
    "дамба": ["дамба", "дамбу", "дамбы", "дамбой"], "плотина": ["плотина", "плотину", "плотины"],
    "прорвать": ["прорвало", "прорвала", "прорвать"], "смыть": ["смыло", "смыли"], "фейк": ["фейк", "фейка"],
    "опровергнуть": ["опровергли", "опроверг"], "погибнуть": ["погибли", "погибнуть"],
    "утонуть": ["утонул", "утонули"], "эвакуация": ["эвакуация", "эвакуацию"],
    "очевидец": ["очевидцы", "очевидцев"], "учение": ["учения", "учений"], "скрывать": ["скрывают", "скрывать"],
    "взрыв": ["взрыв", "взрыва"], "пожар": ["пожар", "пожара"], "город": ["город", "города"],
}
FILL = ["сегодня", "ночью", "очень", "район", "улица", "люди", "вода", "завод", "вчера", "30", "школа", "мост"]
# Writings that hide a word, as far as the prototype sees through them: of a form of the word.
TWINS = dict(zip("аеорсух", "aeopcyx"))
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "ш": "sh", "ы": "y",
}
# Slips of the dictionary form that are no words themselves: the prototype compares with no other form, knows no exchange
# of neighbours, and takes a word for a slip of another.
SLIPS = {"плотина": ["плоттина", "плтина"], "дамба": ["дамбба", "дабба"], "пожар": ["пожарр", "пождар"],
         "эвакуация": ["эвакуцция", "эвакуция"]}
START = datetime.datetime(2026, 3, 2, 6, tzinfo=datetime.timezone.utc)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def time(ms):
    text = (START + datetime.timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (".%03d" % (ms % 1000) if ms % 1000 else "") + "Z"


# --- making cases


def hidden(r, word, isFirst):
    # The prototype writes what it opens in small letters, and then sees no end of a sentence before it.
    x = r.random() * (0.6 if isFirst else 1)
    if x < 0.25:
        return "".join(TWINS.get(letter, letter) if r.random() < 0.6 else letter for letter in word)
    if x < 0.4:
        at = r.randint(1, len(word) - 1)
        return word[:at] + r.choice("\u200b\u200c\u200d\u00ad") + word[at:]
    if x < 0.5:
        at = min(k for k, letter in enumerate(word) if letter in "аеиоуыэюя") + 1
        return word[:at] + "\u0301" + word[at:]
    if x < 0.6:
        at = r.randint(1, len(word) - 2)
        return word[:at] + word[at] * 3 + word[at:]
    if x < 0.7 and len(word) >= 5:
        return r.choice([" ", "."]).join(word)
    if x < 0.85 and all(letter in LATIN for letter in word) and len(word) >= 5:
        return "".join(LATIN[letter] for letter in word)
    # A letter before a mask is no letter set apart, as the prototype takes it.
    at = r.randint(2, len(word) - 2)
    # «смы*о» is смыло and смыто: which of the two the prototype reads is a matter of chance.
    if word.startswith("смы"):
        at = 2
    return word[:at] + r.choice("*@") + word[at + 1:]


def sentence(r):
    words = []
    for _ in range(r.randint(2, 9)):
        x = r.random()
        words.append(
            hidden(r, r.choice(r.choice(list(WORDS.values()))), not words) if x < 0.1
            else r.choice(r.choice(list(SLIPS.values()))) if x < 0.13
            else r.choice(r.choice(list(WORDS.values()))) if x < 0.5 else r.choice(["не", "нет"]) if x < 0.6
            else "МЧС" if x < 0.63 else r.choice(FILL))
    text = words[0].capitalize()
    for word in words[1:]:
        text += r.choice([" "] * 8 + [", ", " — ", ": "]) + word
    return text + r.choice([".", "!", "?", "…", "."])


def pattern(r, half=None):
    """`half` 0 or 1 keeps to one half of the words: the two sides of a `near` must not share a token here."""
    words = list(WORDS)[:8] if half == 0 else list(WORDS)[8:] if half == 1 else list(WORDS)
    x, word = r.random(), r.choice(words)
    if x < 0.6:
        return word
    if x < 0.72:
        return "=" + r.choice(WORDS[word])
    if x < 0.82:
        return word[: r.randint(3, len(word) - 1)] + "*"
    if x < 0.86 and half is None:
        # What the prototype opens it writes in small letters, which would be the case of a small pattern.
        return r.choice(["^МЧС", "^" + r.choice(WORDS[word]).capitalize()])
    if x < 0.9 and word in SLIPS:
        return word + "~1"
    return word + " " + r.choice(words)


def term(r, lists):
    def side(half):
        return {"list": lists[half]} if r.random() < 0.5 else pattern(r, half)

    x = r.random()
    if x < 0.55:
        return {"any": [pattern(r) for _ in range(r.randint(1, 3))] + ([side(1)] if r.random() < 0.3 else [])}
    if x < 0.65:
        return {"all": [side(0), pattern(r, 1)] + [side(r.randint(0, 1))] * (r.random() < 0.3)}
    if x < 0.9:
        near = {"near": [side(0), side(1)], "within": r.randint(1, 8)}
        if r.random() < 0.25:
            near["order"] = "given"
        if r.random() < 0.25:
            near["span"] = "document"
        return near
    return {"list": r.choice(lists)}


def claim(r, number, lists):
    names = ["t%d" % k for k in range(r.randint(1, 4))]
    terms = {name: term(r, lists) for name in names}
    for t in terms.values():
        if r.random() < 0.75:
            t["weight"] = r.choice([1, 2, 3, 5, -2, 2.5])
        if r.random() < 0.3:
            t["cap"] = r.randint(1, 3)
        if r.random() < 0.2:
            t["not_after"] = {"words": ["не", "нет"], "within": r.randint(1, 3)}
    terms[names[0]]["weight"] = 3
    largest = sum(max(0, t.get("weight", 0)) for t in terms.values())
    clauses = []
    for name in names:
        if r.random() < 0.4:
            isNegated = clauses and terms[name].get("weight", 0) >= 0 and r.random() < 0.2
            clauses.append("not " + name if isNegated else name)
    hasName = bool(clauses)
    if r.random() < 0.7 or not clauses:
        clauses.append("score >= %g" % min(r.choice([1, 2, 3, 4, 5, 7]), largest))
    match = " and ".join(clauses)
    if len(names) > 1 and r.random() < 0.15:
        match, hasName = "(%s or %s) and score >= 1" % (names[0], names[1]), True
    if len(names) > 1 and r.random() < 0.35:
        few = r.sample(names, r.randint(2, len(names)))
        quantity = r.choice(["any", "all", "1", "2"])
        counted = r.choice(["%s of (%s)" % (quantity, ", ".join(few)), "%s of t*" % quantity])
        if r.random() < 0.3:
            counted = "%s and not all of (%s)" % (names[0], ", ".join(few)) if len(few) > 1 else counted
        match, hasName = counted + r.choice(["", " and score >= 1"]), False
    elif r.random() < 0.25:
        match, hasName = "hits(%s) >= %d and %s" % (r.choice(names), r.randint(1, 3), match), False
    # A pair over several sentences lies in none of them.
    inSentence = all(t.get("span") != "document" for t in terms.values())
    rule = {
        "id": "claim.r%d" % number, "type": "claim", "stream": "item", "terms": terms, "match": match,
        "severity": r.choice(["low", "medium", "high", "info"]), "narrative": "n%d" % (number % 2),
        "key": r.choice([["narrative", "region"], ["region"], ["source"], ["region", "source"]]),
    }
    if r.random() < 0.6:
        rule["unless"] = []
        for _ in range(r.randint(1, 2)):
            entry = {"term": "debunk"} if r.random() < 0.6 else {"any": [r.choice(list(WORDS))]}
            entry["scope"] = r.choice(
                ["near"] * hasName + ["sentence"] * (hasName and inSentence) + ["title", "document"])
            if entry["scope"] == "near":
                entry["within"] = r.randint(1, 10)
            entry["then"] = r.choice(["drop", "refutation"])
            rule["unless"].append(entry)
    if r.random() < 0.4:
        rule["fields"] = {k: r.choice([0.5, 1, 2]) for k in r.sample(["title", "body"], r.randint(1, 2))}
    where = {
        "source_class": r.choice([["media"], {"not": ["official"]}]), "lang": ["ru"],
        "age": {"lte": r.choice(["1h", "2h"])}, "region": ["R1"],
    }
    if r.random() < 0.2:
        rule["formerly"] = ["claim.old%d" % number, "claim.older"][: r.randint(1, 2)] if number == 0 else ["claim.old%d" % number]
    rule["where"] = {k: v for k, v in where.items() if r.random() < 0.2}
    if not rule["where"]:
        del rule["where"]
    return rule


def spike(r, number):
    step = r.choice([1, 5, 5, 10])
    fire = {"count": {"gte": r.randint(2, 8)}}
    for name, limits, share in [("ratio", [1.5, 2, 3], 0.7), ("z", [1, 2], 0.4), ("authors", [2, 3, 4, 5], 0.5)]:
        if r.random() < share:
            fire[name] = {"gte": r.choice(limits)}
    window = step * r.randint(1, 4)
    # The prototype stops judging a while after the last event: a late one must not come later than that.
    lateness = min(window, r.choice([0, 10, 20]))
    # The prototype does not take back a quiet step that a late event shows to be none.
    wait = "0m" if lateness else "%dm" % r.choice([0, 5, 10, 30])
    clear = {"ratio": {"lt": 1.4}} if "ratio" in fire else {"count": {"lt": fire["count"]["gte"]}}
    return {
        "id": "volume.s%d" % number, "type": "spike", "stream": "comment", "measure": "count",
        "per": ["narrative", "region"], "window": "%dm" % window, "step": "%dm" % step,
        "baseline": {"season": r.choice(["hour-of-week", "hour"]), "lookback": "28d", "min_samples": 3},
        "fire": fire, "clear": dict(clear, **{"for": wait}), "lateness": "%dm" % lateness,
        "key": ["narrative", "region"],
    }


def count(r, number):
    stream = r.choice(["item", "comment"])
    rule = {
        "id": "count.f%d" % number, "type": r.choice(["frequency", "cardinality"]), "stream": stream,
        # An odd time: the prototype's sums of seconds are not exact to the millisecond.
        "per": r.choice([["region"], ["source"], ["region", "source"]] + [["narrative", "region"]] * (stream == "comment")),
        "count": {"gte": r.randint(1, 5)}, "within": r.choice(["90s7ms", "5m7ms", "10m7ms", "1h7ms"]),
        "severity": r.choice(["low", "medium", "info"]),
    }
    if rule["type"] == "cardinality":
        rule["of"] = r.choice(["source", "region", "author" if stream == "comment" else "lang"])
    if r.random() < 0.3:
        rule["where"] = {"region": ["R1"]}
    return rule


def watching(r, rules):
    """Rules that watch others: what fires together, what is not answered, who falls silent."""
    made, children = [], [rule["id"] for rule in rules]
    if len(children) > 1 and r.random() < 0.6:
        for number in range(r.randint(1, 2)):
            names = r.sample(children, 2)
            rule = {
                "id": "both.b%d" % number, "type": "correlate", "severity": "info", "key": ["region"],
                "all": [{"rule": name, "as": "c%d" % k} for k, name in enumerate(names)],
                "same": ["region"], "within": r.choice(["1m7ms", "10m7ms", "1h7ms"]),
                "absorb": r.choice([[], ["c0"], ["c1"], ["c0", "c1"]]),
            }
            if r.random() < 0.5:
                rule["none"] = [{"rule": "denial", "after": r.choice(["c0", "c1"])}]
            made.append(rule)
    if r.random() < 0.5:
        made.append({
            "id": "missing", "type": "absence", "severity": r.choice(["info", "low"]), "key": ["region"],
            "after": {"alert": r.choice(["claim.*", "claim.r0"]), "state": "firing"},
            "expect": {"rule": "denial", "same": ["region"]}, "within": r.choice(["2m3ms", "15m3ms", "40m3ms"]),
            "when_met": {"set": "responded"},
        })
    if r.random() < 0.3:
        rule = {
            "id": "silent", "type": "absence", "severity": "info", "per": ["source"],
            "expect": {"count": {"gte": 1}}, "within": r.choice(["3m", "10m", "30m"]),
        }
        if r.random() < 0.4:
            rule["baseline_guard"] = {"usual_per_window": {"gte": r.choice([0.5, 1, 2])}}
        made.append(rule)
    denial = {"d": {"any": ["пожар"]}}
    return made + [
        {"id": "denial", "type": "claim", "severity": "info", "key": ["region"], "terms": denial, "match": "d"}]


def item(r, number, t, items):
    line = {
        "kind": "item", "at": time(t), "id": "i%d" % number, "source": r.choice(["s1", "s2"]),
        "source_class": r.choice(["media", "official", "media"]), "region": r.choice(["R1", "R2"]),
        "lang": r.choice(["ru", "ru", None, "en"]),
    }
    if items and r.random() < 0.1:
        line.update({k: v for k, v in r.choice(items).items() if k in ("title", "body")})
    else:
        if r.random() < 0.6:
            line["title"] = sentence(r)
        line["body"] = r.choice([" ", " ", "\n\n"]).join(sentence(r) for _ in range(r.randint(1, 3)))
    if r.random() < 0.4:
        line["published"] = time(t - r.choice([0, MINUTE, HOUR, HOUR + 1, 2 * HOUR]))
    return line


def comment(r, identity, t):
    line = {
        "kind": "comment", "at": time(t), "id": identity, "source": "s1", "region": r.choice(["R1", "R1", "R2"]),
        "narrative": r.choice(["n0", "n0", "n1"]), "author": "u%d" % r.randint(0, 6), "text": "да",
    }
    if r.random() < 0.35:
        line["published"] = time(t - r.choice([1, 1000, MINUTE, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE + 1, 20 * MINUTE]))
    return line


def make(folder, seed):
    r = random.Random(seed)
    lists = {"l%d" % k: [pattern(r, k) for _ in range(r.randint(1, 4))] for k in range(2)}
    rules = [claim(r, i, list(lists)) for i in range(r.randint(1, 3))] + [spike(r, i) for i in range(r.randint(0, 2))]
    rules += [count(r, i) for i in range(r.randint(0, 2))]
    rules += watching(r, rules)
    for rule in rules:
        rule["status"] = "deprecated"
    isSilence = any(rule["id"] == "silent" for rule in rules)
    # The prototype does not look again at a source that can be fetched again.
    statuses = [r.choice([200, 503])] if isSilence else [200, 503]
    sla = {"acknowledge": "%dm" % r.choice([5, 15]), "respond": "%dm" % r.choice([20, 60]), "hard": "90m"}
    debunk = {"any": ["фейк", "опровергнуть"], "not_after": {"words": ["не", "нет"], "within": 2}}
    file = {
        "format": 1, "defaults": {"timezone": "Europe/Moscow", "sla": sla}, "lists": lists,
        "terms": {"debunk": debunk}, "rules": rules,
    }
    tape, t = [], 0
    for number in range(r.choice([50, 80, 120])):
        t += r.choice([0, 0, 1, 500, 20_000, MINUTE, MINUTE, 137_000, 5 * MINUTE, 5 * MINUTE - t % (5 * MINUTE)])
        x = r.random()
        if x < 0.35:
            tape.append(item(r, number, t, [line for line in tape if line["kind"] == "item"]))
        elif x < 0.9:
            tape += [comment(r, "c%d.%d" % (number, k), t) for k in range(r.choice([1, 1, 2, 6]))]
        elif x < 0.95:
            tape.append({"kind": "tick", "at": time(t)})
        else:
            tape.append({"kind": "fetch", "at": time(t), "source": "s1", "status": r.choice(statuses)})
    for line in tape:
        # The prototype waits for arrivals of a source, the engine for what it published.
        if isSilence and line["kind"] == "item":
            line.pop("published", None)
    history = [
        {"series": {"narrative": n, "region": region}, "bucket": "5m" if days % 2 else "15m",
         "start": time(-days * DAY - HOUR), "counts": [r.choice([0, 0, 1, 1, 2, 3]) for _ in range(90)]}
        for n in ("n0", "n1") for region in ("R1", "R2") if r.random() < 0.85 for days in (1, 2, 3, 4, 7, 14, 21, 28)]
    os.makedirs(folder)
    # JSON is YAML.
    write(folder + "/a.rules.yaml", [file])
    write(folder + "/tape.ndjson", tape)
    write(folder + "/history.ndjson", history)
    with open(folder + "/until", "w") as out:
        out.write(time(t + 3 * HOUR))


def write(path, values):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


# --- comparing


def load_prototype(folder):
    sys.path.insert(0, folder)
    import refengine

    import reftext

    parse, hits = reftext.parse_match, reftext.Lang.hits
    # The prototype writes the hits of a term as «#term».
    reftext.parse_match = lambda text: parse(re.sub(r"hits\((\w+)\)", r"#\1", text))
    # It calls the given order «sequence».
    reftext.Lang.hits = lambda self, term, tokens: hits(
        self, dict(term, order="sequence") if term.get("order") == "given" else term, tokens)

    ok, claimed = reftext.word_ok, reftext.claim

    def patched_ok(pattern, token):
        # What cannot be seen is no case.
        return reftext.ZW.sub("", token.raw) == pattern[1:] if pattern[0] == "^" else ok(pattern, token)

    def patched_claim(rule, lang, item):
        found = claimed(rule, lang, item)
        # A clause that is neither a name nor a comparison, `not all of them`, brings no text near.
        if (found["near_miss"] or "").startswith("("):
            threshold = found["threshold"]
            isNear = threshold and found["score"] >= 0.6 * threshold
            found["near_miss"] = "score >= %g" % threshold if isNear else None
        return found

    reftext.word_ok, reftext.claim = patched_ok, patched_claim

    step, fire, compared = refengine.Engine.step, refengine.Engine.fire, refengine.cmps
    correlate = refengine.Engine.correlate
    count, counts = refengine.Engine.count, ("frequency", "cardinality")

    def patched_step(self, rule, series, t, late=False):
        alert = self.series[rule["id"], series]["a"]
        # A step of an episode that is over does not fire again for a late event.
        if not (late and alert and alert.cond == "cleared" and t <= alert.ended):
            step(self, rule, series, t, late)

    def patched_fire(self, rule, key, event, event_time, measure, why, registry=None):
        present = {k: v for k, v in key.items() if v}
        fingerprint = refengine.fingerprint(rule["id"], present)
        alert = self.alerts.get(fingerprint)
        # A reopened alert has the figures of the step that reopened it.
        if alert and rule["type"] in ("spike",) + counts:
            alert.measure.update(measure)
        if not alert or alert.cond == "firing" and rule["id"] != "denial":
            return fire(self, rule, key, event, event_time, measure, why, registry)
        # What fires again is a firing of now, and one more denial is a denial too.
        wasCleared = alert.cond == "cleared"
        alert.t0 = self.now
        self.alerts[fingerprint] = self.alerts.pop(fingerprint)
        joined = self.correlate(alert) if wasCleared else []
        for join in joined:
            if alert in join.kids:
                alert.absorbed = True
        fired = fire(self, rule, key, event, event_time, measure, why, registry)
        for join in joined:
            self.fire2(join)
        if rule["id"] == "denial":
            self.after(alert, rule)
        return fired

    def patched_correlate(self, alert):
        # What joins again absorbs again; the prototype joins once.
        before = {name: a for name, a in self.alerts.items() if a.rule["type"] == "correlate"}
        for name in before:
            del self.alerts[name]
        new = []
        for join in correlate(self, alert):
            if join.fp in before:
                del self.alerts[join.fp]
            else:
                new.append(join)
        self.alerts.update(before)
        return new

    def patched_say(self, alert, type, reasons):
        # A firing of one alert does not cut the instant of another in two.
        if self.timing and type in self.RANK:
            self.pend.setdefault(id(alert), (alert, []))[1].append((type, reasons))
        else:
            self.say2(alert, type, reasons)

    def counted(self, rule, group):
        window = [v for t, v in self.ev[rule["id"], group] if self.now - refengine.dur(rule["within"]) < t <= self.now]
        return len(set(window)) if rule["type"] == "cardinality" else len(window)

    def counted_alert(self, rule, event):
        key = {k: v for k, v in self.key(rule, event).items() if v}
        return self.alerts.get(refengine.fingerprint(rule["id"], key))

    def recount(self, rule, group, event):
        # The prototype never clears a count: it does when the count falls below.
        alert, number = counted_alert(self, rule, event), counted(self, rule, group)
        if alert and alert.cond == "firing" and not compared(rule["count"], number):
            alert.measure["count"] = number
            self.clear(alert)

    def patched_count(self, rule, event, event_time):
        count(self, rule, event, event_time)
        group = tuple(event.get(name) for name in rule["per"])
        alert = counted_alert(self, rule, event)
        if alert and alert.cond == "firing":
            alert.measure["count"] = counted(self, rule, group)
        self.at(event_time + refengine.dur(rule["within"]), recount, self, rule, group, event)

    def half_up(value, digits=0):
        scaled = abs(round(value, 6)) * 10**digits
        return math.copysign(math.floor(scaled + 0.5 + 1e-9) / 10**digits, value)

    # Figures are quantised to a millionth before they are compared: 8 ÷ 2.66… is 3.
    refengine.cmps = lambda spec, value: compared(spec, round(value, 6))
    refengine.Engine.step, refengine.Engine.fire = patched_step, patched_fire
    refengine.Engine.say, refengine.round = patched_say, half_up
    refengine.Engine.count, refengine.Engine.correlate = patched_count, patched_correlate
    return refengine


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


FIGURES = {
    "claim": ("score", "items", "sources", "reposts"), "spike": ("count", "authors", "ratio", "z"),
    "frequency": ("count",), "cardinality": ("count",),
}


def outgrown(events):
    """Alerts that opened again because the claim grew on after its answer: the prototype does not watch answers."""
    return {
        event["data"]["fingerprint"] for event in events
        if event["type"] == "alert.reopened" and event["data"]["changed"][-1:] == ["work"]
    }


def facts(events, rules, aside=()):
    """What both programs must agree on, as a multiset; without the alerts with the fingerprints set aside."""
    told, found = set(), collections.Counter()
    for event in events:
        type, data = event["type"], event["data"]
        if type.startswith("meta."):
            found[event["time"], type, data["source"]] += 1
            continue
        if data.get("fingerprint") in aside:
            continue
        rule = rules[data["rule"] if type.startswith("note.") else data["rule"]["id"]]
        key = json.dumps(data.get("key"), sort_keys=True)
        # The prototype never ends an absence.
        if rule["type"] == "absence" and type in ("alert.cleared", "alert.reopened"):
            continue
        if type.startswith("note."):
            subject = data.get("item", key)
            # The prototype says these once a series, the engine once a day or an episode.
            if rule["type"] == "spike" and type != "note.too_late":
                if (type, rule["id"], subject) in told:
                    continue
                told.add((type, rule["id"], subject))
            # The prototype forgets the factor of a field in what a `near` would have brought.
            if type == "note.near_miss" and "fields" in rule:
                continue
            found[event["time"], type, rule["id"], subject, missing(data, rule), number(data.get("score"))] += 1
            continue
        # The prototype knows no new places, and its reminders go on through reopenings; two deadlines of one instant are
        # one reason.
        # Of an act the prototype gives no reason.
        given = data["reasons"] or (["responded"] if type == "alert.responded" else [])
        reasons = [x for x in dict.fromkeys(given) if x not in ("repeat", "new-evidence-milestone", "new-region", "new-source-class")]
        if not reasons:
            continue
        measure = data["measure"]
        isClaim = rule["type"] == "claim"
        figures = FIGURES.get(rule["type"], ())
        # Between the steps of a spike the prototype may be a step ahead.
        isSettled = isClaim or type in ("alert.fired", "alert.cleared", "alert.reopened")
        found[
            event["time"], type, rule["id"], key, tuple(reasons), data["severity"], data["condition"] if rule["type"] not in ("absence", "correlate") else None,
            # The prototype waits for the end of an instant of timers before it says whether an alert was absorbed.
            None if rule["type"] == "spike" else data["stage"],
            tuple(number(measure.get(x)) for x in figures) if isSettled else None,
            tuple((x["term"], number(x["weight"]), x["field"]) for x in data["why"]) if isClaim else None,
            tuple(x["id"] for x in data["evidence"]["items"]) if isClaim else None,
            data["fingerprint"] if isClaim else None,
            None if data["severity"] == "info" else json.dumps(data["sla"], sort_keys=True),
        ] += 1
    return found


def missing(data, rule):
    # Of several clauses or pairs that fail the prototype names another one than the rule language does.
    return None if rule["type"] == "claim" else str(data.get("missing"))


def number(value):
    return None if value is None else round(float(value), 2)


def compare(prototype, folder):
    refengine = load_prototype(prototype)
    different, same, events = 0, 0, 0
    for case in sorted(os.listdir(folder)):
        path = os.path.join(folder, case)
        if not os.path.exists(path + "/nabat.ndjson"):
            continue
        rules = {rule["id"]: rule for rule in read(path + "/a.rules.yaml")[0]["rules"]}
        output = []
        engine = refengine.Engine([path + "/a.rules.yaml"], output.append)
        with open(path + "/until") as until:
            engine.run(read(path + "/tape.ndjson"), refengine.ts(until.read()), read(path + "/history.ndjson"))
        output = json.loads(json.dumps(output))
        told = read(path + "/nabat.ndjson")
        aside = outgrown(told)
        ours, theirs = facts(told, rules, aside), facts(output, rules, aside)
        events += sum(ours.values())
        if ours == theirs:
            same += 1
            continue
        different += 1
        print("case", case)
        for name, rest in (("  engine   ", ours - theirs), ("  prototype", theirs - ours)):
            for fact in sorted(rest.elements(), key=str)[:5]:
                print(name, fact)
    print("%d cases equal, %d different, %d events" % (same, different, events))
    return 1 if different or not same else 0


if __name__ == "__main__":
    if sys.argv[1] == "make":
        for index in range(int(sys.argv[4])):
            make("%s/%d" % (sys.argv[2], int(sys.argv[3]) + index), int(sys.argv[3]) + index)
    else:
        sys.exit(compare(sys.argv[2], sys.argv[3]))
