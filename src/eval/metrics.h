/* metrics.h - what is measured of a trained model, and of it under each plan: the one list. */
#ifndef EVAL_METRICS_H
#define EVAL_METRICS_H

#include "eval/damage.h"
#include "eval/monitor.h"
#include "eval/spike.h"
#include "eval/trajectory.h"
#include "eval/wheel.h"

/* A plan as metrics see it. */
typedef struct kedge_metric_plan {
    const char *name;
    kedge_evaluator *evaluator; /* of the edited model, on the data set of the model's own evaluator */
    const kedge_target *target; /* NULL, or without formula: nothing is measured of the plan */
} kedge_metric_plan;

/* What metrics look at. All of it must outlive the meter. */
typedef struct kedge_metric_input {
    kedge_evaluator *evaluator; /* of the points that are learned */
    kedge_evaluator *test;      /* of those that reconstruction is measured on. May be the same */
    kedge_evaluator *control;   /* a model that was trained without terms, on the points of 'test'; NULL: none */
    int n_labels;
    const kedge_label *labels;  /* on the first one's data set */
    const kedge_label *test_labels; /* [n_labels] on that of 'test', without a name where they cannot be said there;
                                     * NULL: none can */
    int n_terms;
    const kedge_term_options *terms;
    int n_plans;
    const kedge_metric_plan *plans;
    int scored;                 /* the plan whose score counts; none where it is no plan's number (-1) */
    const kedge_trajectory *trajectory; /* of the run, for the terms above; NULL: not known */
    const kedge_spike *spike;           /* of the run; NULL: not known */
    const double *updates; /* of the run, NAN: not known; NULL: all runs have the same number */
} kedge_metric_input;

enum { KEDGE_PER_RUN, KEDGE_PER_TERM, KEDGE_PER_PLAN };

typedef struct kedge_meter kedge_meter;

/* One number per run, per term or per plan. */
typedef struct kedge_metric {
    const char *name; /* the column's; 'anchor_', 'damage_' and the like are followed by the term's or plan's name */
    const char *doc;
    int per;
    bool detail;      /* not in tables for reading */
    bool more;        /* the more of it the better; else the less */
    size_t offset;    /* of the double in what is known of the run, the term or the plan */
    bool (*applies)(const kedge_meter *meter, int item, size_t offset);
    const char *(*words)(double value); /* NULL, or the value in words; it returns NULL where the number says it */
    void (*live)(kedge_meter *meter, int item); /* finds it alone, in the midst of a run; NULL: only at its end */
} kedge_metric;

/* All metrics, ended by an entry without name. */
extern const kedge_metric kedge_metrics[];
/* The metric of a column by its name, term or plan included; NULL: none. */
const kedge_metric *kedge_metric_find(const char *column);

typedef struct kedge_column {
    const char *name;
    const kedge_metric *metric;
    int item;    /* which term or plan */
    bool detail; /* of the metric, or of a plan that is not the scored one */
} kedge_column;

/* What is known of a run, and of one of its terms. */
typedef struct kedge_run_facts {
    double recon_mse, score, control_mse, control_ratio, verdict, verdict_step, leak, spike, crosstalk;
    double updates, wheel_ordered, wheel_worst_gap, wheel_radius, red_cos;
} kedge_run_facts;

typedef struct kedge_term_facts {
    bool is_anchor, is_subspace;
    kedge_carriers carriers; /* of such a term */
    double loss;             /* mean over them: 1 - cos(z, at), or the sum of z^2 outside the dims */
    kedge_monitor monitor;   /* of an anchor, on the test set */
    double auroc, rank;
} kedge_term_facts;

/* Measures one run after another, for one thread at a time. */
struct kedge_meter {
    kedge_context *ctx;
    kedge_arena arena; /* holds all below */
    kedge_metric_input input;
    int n_columns;
    kedge_column *columns;
    double *values; /* [n_columns] of the last run; NAN: undefined there */
    bool has_wheel, has_plane, has_crosstalk;
    kedge_run_facts run;
    kedge_term_facts *terms;  /* [n_terms] */
    kedge_gauge *gauges;      /* [n_plans] */
    kedge_damage *damages;    /* [n_plans] */
    double *baseline, *errors; /* [points]: E of the model as it is; scratch */
    double *cosines;          /* [n_terms] of the anchors */
    double *direction;        /* [latents], scratch */
    float *hues, *hue_latents;
};

/* The columns follow from 'input' alone, whose structs are copied but not what they point to: meters of equal
 * inputs have equal columns. KEDGE_ENOMEM. */
kedge_status kedge_meter_create(kedge_meter **out, kedge_context *ctx, const kedge_metric_input *input);
void kedge_meter_free(kedge_meter *meter);
/* Fills meter->values. All evaluators have been run on the parameters that are measured. No allocation. */
void kedge_meter_read(kedge_meter *meter);
/* The value of one column whose metric is live, of the parameters as they are: runs what it needs of the evaluators.
 * The same number as kedge_meter_read gives; meter->values is left alone. No allocation. */
double kedge_meter_measure(kedge_meter *meter, int column);

#endif
