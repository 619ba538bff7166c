/* record.c - what happened during one run: losses, pulls and latents at some of its steps. */
#include "run/record.h"

#include <stdio.h>

#include "format/npy.h"

int kedge_record_after(int step, int every)
{
    int regular = (step / every + 1) * every;
    int early = step == 0 ? 1 : 2 * step; /* only powers of 2 come here below 'every' */
    return step < every && early < every ? early : regular;
}

/* Headers have one size whatever the number of records, so they are written again at the end. */
static void write_headers(kedge_recorder *recorder, kedge_outfile *latents, kedge_outfile *steps)
{
    const kedge_evaluator *evaluator = recorder->evaluator;
    size_t shape[3] = {recorder->n_records, (size_t)evaluator->dataset->points, (size_t)evaluator->n_latents};
    kedge_npy_write_header(latents, "f4", 3, shape);
    kedge_npy_write_header(steps, "i8", 1, shape);
}

static kedge_status open_one(kedge_recorder *recorder, kedge_outfile *file, const char *folder, const char *name)
{
    char *path = kedge_path_join(recorder->ctx, folder, name);
    if (!path) return kedge_fail_memory("a path");
    kedge_status status = kedge_outfile_open(file, recorder->ctx, path);
    kedge_release(recorder->ctx, path);
    return status;
}

/* The text so far is a line of 'file'; another one begins. */
static kedge_status end_line(kedge_recorder *recorder, kedge_outfile *file)
{
    kedge_text *line = &recorder->line;
    kedge_status status = kedge_text_status(line, "a record");
    if (!status) kedge_outfile_write(file, kedge_text_string(line), line->length);
    kedge_text_clear(line);
    return status;
}

kedge_status kedge_recorder_open(kedge_recorder *recorder, kedge_context *ctx, const char *folder,
                                 kedge_ledger *ledger, kedge_evaluator *evaluator, int every, bool weighs_task)
{
    const kedge_training *training = ledger->trainer->training;
    *recorder = (kedge_recorder){
        .ctx = ctx, .training = training, .evaluator = evaluator, .ledger = ledger, .every = every,
        .weighs_task = weighs_task};
    kedge_text_init(&recorder->line, ctx);
    kedge_status status = open_one(recorder, &recorder->metrics, folder, "metrics.csv");
    if (!status) status = open_one(recorder, &recorder->latents, folder, "latents.npy");
    if (!status) status = open_one(recorder, &recorder->steps, folder, "latents-steps.npy");
    if (!status) status = open_one(recorder, &recorder->pulls, folder, "ledger.csv");
    if (status) goto done;
    kedge_text *line = &recorder->line;
    kedge_text_add(line, weighs_task ? "step,lr,weight_recon" : "step,lr");
    for (int i = 0; i < training->n_terms; i++) kedge_text_addf(line, ",weight_%s", training->terms[i].name);
    kedge_text_add(line, ",loss,recon");
    for (int i = 0; i < training->n_terms; i++) kedge_text_addf(line, ",%s", training->terms[i].name);
    kedge_text_add(line, "\n");
    status = end_line(recorder, &recorder->metrics);
    if (status) goto done;
    kedge_ledger_add_header(line, training);
    status = end_line(recorder, &recorder->pulls);
    write_headers(recorder, &recorder->latents, &recorder->steps);
done:
    if (status) kedge_recorder_abort(recorder);
    return status;
}

static void record_latents(kedge_recorder *recorder, int64_t step)
{
    kedge_evaluator *evaluator = recorder->evaluator;
    size_t floats = (size_t)evaluator->dataset->points * (size_t)evaluator->n_latents;
    kedge_evaluator_run(evaluator);
    kedge_outfile_write(&recorder->latents, evaluator->latents, floats * sizeof *evaluator->latents);
    kedge_outfile_write(&recorder->steps, &step, sizeof step);
    recorder->n_records++;
}

kedge_status kedge_recorder_step(kedge_recorder *recorder, const kedge_step *step)
{
    if (step->step != recorder->next) return KEDGE_OK;
    recorder->next = kedge_record_after(step->step, recorder->every);
    int n = recorder->training->n_terms;
    kedge_text *line = &recorder->line;
    kedge_text_addf(line, "%d", step->step);
    kedge_text_add_real(line, ",%.9g", step->lr);
    if (recorder->weighs_task) kedge_text_add_real(line, ",%.9g", step->task);
    for (int i = 0; i < n; i++) kedge_text_add_real(line, ",%.9g", step->weights[i]);
    kedge_text_add_real(line, ",%.9g", kedge_step_loss(step, n));
    kedge_text_add_real(line, ",%.9g", (double)step->values[0]);
    for (int i = 0; i < n; i++) {
        if (kedge_step_active(step, i))
            kedge_text_add_real(line, ",%.9g", (double)step->values[i + 1]);
        else
            kedge_text_add(line, ","); /* a term that was skipped: there is no value to tell */
    }
    kedge_text_add(line, "\n");
    kedge_status status = end_line(recorder, &recorder->metrics);
    if (status) return status;
    kedge_ledger_take(recorder->ledger, step);
    kedge_ledger_add_line(line, recorder->ledger, step->step);
    status = end_line(recorder, &recorder->pulls);
    record_latents(recorder, step->step);
    return status;
}

/* Writes the header of a count that is known by now over the first one. */
static kedge_status patch_header(kedge_recorder *recorder, kedge_outfile *file, const char *type, int dims)
{
    const kedge_evaluator *evaluator = recorder->evaluator;
    size_t shape[3] = {recorder->n_records, (size_t)evaluator->dataset->points, (size_t)evaluator->n_latents};
    char header[KEDGE_NPY_HEADER];
    kedge_npy_header(header, type, dims, shape);
    kedge_outfile_patch(file, 0, header, sizeof header);
    return kedge_outfile_commit(file);
}

kedge_status kedge_recorder_commit(kedge_recorder *recorder, bool finished)
{
    if (finished) record_latents(recorder, recorder->training->steps);
    remove(recorder->pulls.path); /* that of another density; the new one comes last and vouches for all files */
    kedge_status status = kedge_outfile_commit(&recorder->metrics);
    if (!status) status = patch_header(recorder, &recorder->latents, "f4", 3);
    if (!status) status = patch_header(recorder, &recorder->steps, "i8", 1);
    if (!status) status = kedge_outfile_commit(&recorder->pulls);
    kedge_recorder_abort(recorder);
    return status;
}

void kedge_recorder_abort(kedge_recorder *recorder)
{
    kedge_outfile_abort(&recorder->metrics);
    kedge_outfile_abort(&recorder->latents);
    kedge_outfile_abort(&recorder->steps);
    kedge_outfile_abort(&recorder->pulls);
    if (recorder->ctx) kedge_text_release(&recorder->line);
    recorder->ctx = NULL;
}
