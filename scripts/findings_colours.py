"""Questions on concepts: other colours than red, and names that people give."""
from findings_lab import between, column, groups, mean, median, percent, pm, share, short, table
from findings_training import degrees

CONCEPTS = ('red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan', 'azure', 'blue', 'purple', 'magenta', 'pink', 'black',
            'dark_grey', 'grey', 'light_grey', 'white')


def colours(lab):
    lines, have = [], {}
    for concept in CONCEPTS:
        lab.sweep('colours.db', 'experiments/2.4.1', [f'labels.red.rate=0.08*similarity({concept})^8',
                                                      f'score.target=similarity({concept})^2'])
    by_concept = groups(lab.runs('colours.db'), 'score.target')
    for concept, ((_,), rows) in zip(CONCEPTS, by_concept.items(), strict=True):
        lost = [row['anchor_anchor'] > 0.1 for row in rows]
        have[concept] = column(rows, 'score')
        lines.append([concept.replace('_', ' '), between(median(have[concept])), short(sorted(have[concept])[len(rows) // 20]),
                      pm(mean(degrees(column(rows, 'anchor_anchor')))), percent(share(lost)),
                      between(median(column(rows, 'damage_suppressed'))),
                      between(median(column(rows, 'collateral_suppressed')))])
    best = max(have, key=lambda concept: median(have[concept])[0])
    hues, greys = CONCEPTS[:12], CONCEPTS[12:]
    worst = min(hues, key=lambda concept: median(have[concept])[0])
    picture = lab.draw('colours.db', 'colours', '--metric', 'score')
    text = f"""
**Asked.** All posts anchor red. Does 2.4.1 work for any other colour, its recipe untouched but for the concept?

**Answer.** For every pure hue: medians from {between(median(have[worst]))} ({worst}) to {between(median(have[best]))} ({best}),
red {between(median(have['red']))}. Greys are another matter ({', '.join(f"{grey.replace('_', ' ')} {median(have[grey])[0]:.3f}" for
grey in greys)}): the recipe gives the first plane to vibrant colours, so a grey anchored in it stands where it is not let.

{table(['concept', 'score, median', '5% of runs below', 'degrees off', 'lost (beyond 26 degrees)', "the concept's error",
        'collateral'], lines)}

![The score by the colour that is anchored](images/findings-colours.png)
"""
    return text, [picture]


QUESTIONS = {
    'colours': ('Other colours than red', colours),
}
