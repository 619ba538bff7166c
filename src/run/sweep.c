/* sweep.c - many runs into one store. */
#include <time.h>

#include "base/error.h"
#include "run/sweep_parts.h"

void kedge_sweep_nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* Without ranks: this process alone. Ranks share a machine, mostly: each gets one thread, unless told. */
static kedge_status join(kedge_ranks **ranks, kedge_context *ctx, const kedge_sweep_options *options, int *threads)
{
    kedge_status status = options->ranks ? kedge_ranks_open(ranks, ctx) : KEDGE_OK;
    *threads = kedge_context_threads(ctx);
    if (!status && *ranks && kedge_ranks_count(*ranks) > 1 && ctx->options.threads == 0) *threads = 1;
    return status;
}

kedge_status kedge_sweep(kedge_sweep_report *report, kedge_context *context, const char *recipe, const char *store,
                         const kedge_sweep_options *options)
{
    static const kedge_sweep_options none = KEDGE_SWEEP_OPTIONS_INIT;
    kedge_sweep_plan plan = {0};
    kedge_sweep_share share = {.options = options ? options : &none, .plan = &plan};
    int threads;
    *report = (kedge_sweep_report){.ranks = 1};
    kedge_status status = join(&share.ranks, context, share.options, &threads);
    if (status) return status;
    if (share.ranks) {
        report->rank = kedge_ranks_self(share.ranks);
        report->ranks = kedge_ranks_count(share.ranks);
    }
    share.status = kedge_sweep_plan_init(&plan, context, recipe, share.options);
    if (!share.status) share.status = kedge_sweep_crew_create(&share.crew, &plan, threads, share.options->stop);
    status = report->rank == 0 ? kedge_sweep_lead(report, &share, store) : kedge_sweep_follow(&share);
    kedge_sweep_crew_free(share.crew);
    kedge_sweep_plan_release(&plan);
    kedge_ranks_close(share.ranks);
    return status;
}
