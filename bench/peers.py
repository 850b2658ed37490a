"""Lemmatises the texts of a file with pymorphy3 and looks for phrases of lemmas with pyahocorasick; prints the hits."""

import re
import sys

import ahocorasick
import pymorphy3


def main(phrases: str, texts: str) -> None:
    automaton = ahocorasick.Automaton()
    with open(phrases, encoding="utf-8") as lines:
        for line in lines:
            automaton.add_word(f" {line.strip()} ", line.strip())
    automaton.make_automaton()
    analyser = pymorphy3.MorphAnalyzer(lang="ru")
    lemmas: dict[str, str] = {}
    hits = 0
    with open(texts, encoding="utf-8") as lines:
        for line in lines:
            words = re.findall(r"\w+", line.lower())
            for word in words:
                if word not in lemmas:
                    lemmas[word] = analyser.parse(word)[0].normal_form.replace("ё", "е")
            hits += sum(1 for _ in automaton.iter(f" {' '.join(lemmas[word] for word in words)} "))
    print(hits)


main(sys.argv[1], sys.argv[2])
