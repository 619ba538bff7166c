"""Questions on labels: how they are given, how many, how wrong."""
import itertools

from findings_lab import between, column, groups, mean, median, percent, pm, share, short, table
from findings_training import degrees

RATES = (0.08, 0.04, 0.02, 0.01, 0.005)
WRONG = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
UPDATES, BATCH = 1425, 64  # of 2.4.1 while weights are above 0


def mean_redness(power):
    """Mean of redness^power over the 512 colours: r (1 - g/2 - b/2)."""
    channel = [i / 7 for i in range(8)]
    return sum((r * (1 - g / 2 - b / 2)) ** power for r, g, b in itertools.product(channel, repeat=3)) / 512


def row_of(rows, plan='suppressed'):
    lost = [row['anchor_anchor'] > 0.1 for row in rows]
    return [between(median(column(rows, 'score'))), short(sorted(column(rows, 'score'))[len(rows) // 20]),
            pm(mean(degrees(column(rows, 'anchor_anchor')))), percent(share(lost)),
            between(median(column(rows, f'damage_{plan}'))),
            short(1e5 * mean(column(rows, 'recon_mse'))[0])]


HEAD = ['score, median', '5% of runs below', 'red to its anchor, degrees', 'red lost (beyond 26 degrees)', "red's error",
        'MSE x 1e5']


def labels(lab):
    share_of_red = mean_redness(8)
    rates = [f'{rate:g}*redness^8' for rate in RATES]
    lab.sweep('rates.db', 'experiments/2.4.1', ['labels.red=' + ','.join(rates)])
    by_rate = groups(lab.runs('rates.db'), 'labels.red')
    few = [[short(rate * share_of_red * UPDATES * BATCH, 2), f'{rate:g}'] + row_of(rows)
           for rate, rows in zip(RATES, by_rate.values(), strict=True)]

    noisy = []
    for wrong in WRONG:  # as many labels as ever; of them this share falls on colours regardless of their redness
        right = 0.08 * (1 - wrong)
        noise = 0.08 * wrong * share_of_red / (1 - share_of_red)
        noisy.append(f'{right:.6g}*redness^8 + {noise:.6g}*(1 - redness^8)')
    lab.sweep('wrong.db', 'experiments/2.4.1', ['labels.red=' + ','.join(noisy)])
    by_wrong = groups(lab.runs('wrong.db'), 'labels.red')
    wrong = [[f'{100 * w:.0f}%'] + row_of(rows) for w, rows in zip(WRONG, by_wrong.values(), strict=True)]

    lab.sweep('modes.db', 'experiments/2.4.1', ['labels.red.mode=stochastic,soft,exact', 'terms.anchor.scale=0.1,1'],
              ['labels.red.rate=0.08*redness^8'])
    by_mode = groups(lab.runs('modes.db'), 'labels.red.mode', 'terms.anchor.scale')
    modes = [[mode, short(0.1 * scale)] + row_of(rows) for (mode, scale), rows in by_mode.items()]
    soft, drawn = by_mode[('soft', 0.1)], by_mode[('stochastic', 1.0)]
    exact = by_mode[('exact', 1.0)]
    scores = {key: median(column(rows, 'score'))[0] for key, rows in by_mode.items()}
    picture = lab.draw('rates.db', 'labels', '--metric', 'score')
    noise_picture = lab.draw('wrong.db', 'noise', '--metric', 'score')
    last, half = list(by_rate.values())[-1], list(by_wrong.values())[-1]
    text = f"""
**Asked.** Labels may be soft (the probability itself), stochastic (drawn from it) or exact (pure red alone); they may be few,
and wrong. Where does anchoring of 2.4.1 break?

**Answer.** With about five labels a run red ends more than 26 degrees off its anchor in {percent(share(
        [row['anchor_anchor'] > 0.1 for row in last]))} of the runs; with twenty in {percent(share(
        [row['anchor_anchor'] > 0.1 for row in list(by_rate.values())[2]]))}; the published 86 are not many more than
needed. A wrong label hurts more than a right one that is missing: with half of 82 wrong
{percent(share([row['anchor_anchor'] > 0.1 for row in half]))} of the runs are lost and the median score is
{between(median(column(half, 'score')))}; with the 41 right ones alone {percent(share(
        [row['anchor_anchor'] > 0.1 for row in list(by_rate.values())[1]]))} are lost and it is {between(median(
        column(list(by_rate.values())[1], 'score')))}. Up to a fifth wrong hardly matters.
Soft labels are best if the anchor's weight is cut tenfold (median {short(scores[('soft', 0.1)])}, 5% below
{short(sorted(column(soft, 'score'))[len(soft) // 20])}, against {short(sorted(column(drawn, 'score'))[len(drawn) // 20])} for
drawn labels at full weight); at full weight they are worse than drawn ones ({short(scores[('soft', 1.0)])}). Exact labels find
the place ({pm(mean(degrees(column(exact, 'anchor_anchor'))))} degrees) and score {short(scores[('exact', 1.0)])}: here one exemplar stands for the
concept as well as noisy labels do, though handed out twice as often (a sample in 512 is pure red, and every one is labelled). In isolation it does not ([2.10](../experiments/2.10/README.md)).

How many (expected while weights are above 0; the exponent stays 8):

{table(['labels a run', 'rate', *HEAD], few)}

How wrong (82 labels in all; this share falls on any colour, however red; [`kedge labels`](labels.md) adds wrong labels to all the
right ones instead, which the angle bears better):

{table(['wrong', *HEAD], wrong)}

How given (the anchor's weight at its height in the second column):

{table(['labels', 'weight', *HEAD], modes)}

![The score by the rate of labels](images/findings/labels.png)
![The score by the share of wrong labels](images/findings/noise.png)
"""
    return text, [picture, noise_picture]


QUESTIONS = {
    'labels': ('Labels: soft or drawn, few or wrong', labels),
}
