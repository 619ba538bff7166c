"""The published figures that docs/reproduction.md compares kedge with, and which column of a summary is which.

Printed figures stand as text, digit for digit, because how they were rounded says how far they may be off. Of the
published runs only these statistics are known.
"""
from dataclasses import dataclass

RUNS = 60  # published seeds of each 2.x.1
WHEELS = 20  # of 1.7

MSE, ANGLE = 'reconstruction MSE', '1 - cos(red, e0)'


@dataclass(frozen=True)
class Score:
    """Of one experiment: the scored plan and what it is compared with, in words; statistics by name."""
    edit: str
    figures: dict


def score(edit, *figures):
    return Score(edit, dict(zip(('min', '5%', '25%', 'median', 'mean', 'max', 'sd'), figures)))


RED = 'red suppressed, target similarity(red)^2'
SCORES = {
    '2.4.1': score(RED, '.8821', '.912', '.940', '.954', '.9515', '.9910', '.0236'),
    '2.5.1': score(RED, '.8513', '.870', '.904', '.927', '.9231', '.9762', '.0316'),
    '2.7.1': score('dims 0 and 1 ablated, target vibrancy^2.3',
                   '.6163', '.733', '.795', '.834', '.8247', '.9119', '.0526'),
    '2.9.1': score('dim 0 ablated, target similarity(red)^3',
                   '.018', '.652', '.840', '.896', '.855', '.985', '.157'),
}

# Experiment, and of each metric: its column, what it is called, the published mean, lowest and highest value.
METRICS = {
    '2.4.1': [('recon_mse', MSE, '4.1e-5', '2.0e-5', '7.5e-5'), ('anchor_anchor', ANGLE, '.0332', None, None)],
    '2.5.1': [('recon_mse', MSE, '2.6e-5', '1.4e-5', '4.3e-5'), ('anchor_anchor', ANGLE, '.0184', None, None)],
    '2.7.1': [('recon_mse', MSE, '4.1e-5', '2.1e-5', '7.3e-5')],
    '2.9.1': [('recon_mse', MSE, '3.8e-5', '0.7e-5', '1.2e-3'), ('anchor_anchor', ANGLE, '.0108', None, None)],
    '1.7': [('recon_mse', MSE, '4.1e-4', None, None), ('red_cos', 'cos(red, e0)', '.974', '.959', '.992'),
            ('wheel_worst_gap', 'worst gap, degrees', '15.6', '5.4', '29.3'),
            ('wheel_radius', 'mean radius', '1.013', None, None)],
}

# Labels of 2.4.1, mean and sd a run: of the updates in which the terms weigh something.
LABELS = {'red': (82, 8.4), 'vibrant': (108, 10.6)}
LABELLED_UPDATES, UPDATES = 1425, 1501

HUES = ('red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan', 'azure', 'blue', 'purple', 'magenta', 'pink')
GREYS = ('black', 'dark grey', 'grey', 'light grey', 'white')

# Error of the hues in the best run: as the model is, or the increase under a plan; then the most that a grey has.
COLOURS = {
    '2.4.1': {
        'baseline': ('.0006 .0001 .0004 .0001 .0002 .0000 .0013 .0000 .0003 .0001 .0002 .0002', '.0001'),
        'suppressed': ('.284 .154 .046 .000 .000 .000 .000 .000 .000 .000 .048 .158', '.0002'),
        'repelled': ('.333 .135 .030 .000 .000 .000 .000 .000 .000 .000 .033 .144', '.0002'),
        'ablated': ('.333 .137 .031 .000 .035 .140 .341 .153 .034 .000 .034 .148', '.0002'),
    },
    '2.5.1': {'suppressed': ('.233 .120 .040 .000 .000 .000 .000 .000 .000 .000 .041 .121', '.004')},
    '2.7.1': {'ablated': ('.333 .156 .317 .160 .313 .174 .314 .181 .333 .189 .253 .187', '.001')},
    '2.9.1': {
        'ablated': ('.343 .143 .024 .000 .001 .000 .000 .000 .000 .000 .009 .124', '.002'),
        'suppressed': ('.213 .128 .036 .000 .001 .000 .000 .000 .000 .000 .011 .103', '.002'),
    },
}
