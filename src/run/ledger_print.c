/* ledger_print.c - what the ledgers of many seeds say together, in words and as JSON. */
#include "format/json_write.h"
#include "run/ledger_summary.h"

void kedge_ledger_summary_tell(const kedge_ledger_summary *self, kedge_text *text)
{
    for (int p = 0; p < self->n_pairs; p++) {
        const kedge_ledger_between *between = &self->between[p];
        const char *b = self->parts[between->b].name;
        if (!between->fights) continue;
        if (between->a == 0) kedge_text_addf(text, "term '%s' and the task pull against each other", b);
        else kedge_text_addf(text, "terms '%s' and '%s' pull against each other", self->parts[between->a].name, b);
        kedge_text_add_real(text, ": mean cosine %.2f", between->shared);
        kedge_text_add_real(text, " (95%% from %.2f", between->shared_low);
        kedge_text_add_real(text, " to %.2f)", between->shared_high);
        kedge_text_addf(text, " in %lld of %lld records, steps %d..%d\n", between->even, self->records, between->first,
                        between->last);
    }
}

static void add_part(const kedge_ledger_summary *self, const kedge_ledger_part *part, kedge_json *json)
{
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", part->name);
    kedge_json_put_real(json, "norm", part->norm);
    kedge_json_put_real(json, "pull", part->pull);
    kedge_json_put_real(json, "active", (double)part->records / (double)self->records);
    kedge_json_close(json, '}');
}

static void add_between(const kedge_ledger_summary *self, const kedge_ledger_between *between, kedge_json *json)
{
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "a", self->parts[between->a].name);
    kedge_json_put_text(json, "b", self->parts[between->b].name);
    kedge_json_put_integer(json, "records", between->both);
    kedge_json_put_real(json, "cosine", between->cosine);
    kedge_json_put_real(json, "low", between->low);
    kedge_json_put_real(json, "high", between->high);
    kedge_json_put_integer(json, "shared_records", between->even);
    kedge_json_put_real(json, "shared_cosine", between->shared);
    kedge_json_put_real(json, "shared_low", between->shared_low);
    kedge_json_put_real(json, "shared_high", between->shared_high);
    if (between->even > 0) {
        kedge_json_put_integer(json, "first", between->first);
        kedge_json_put_integer(json, "last", between->last);
    }
    kedge_json_put_bool(json, "fights", between->fights);
    kedge_json_close(json, '}');
}

void kedge_ledger_summary_json(const kedge_ledger_summary *self, kedge_text *text)
{
    kedge_json json = kedge_json_to(text);
    kedge_json_open(&json, '{');
    kedge_json_put_text(&json, "site", self->site);
    kedge_json_put_integer(&json, "seeds", (long long)self->n_seeds);
    kedge_json_put_integer(&json, "records", self->records);
    kedge_json_key(&json, "terms");
    kedge_json_open(&json, '[');
    for (int i = 0; i < self->n; i++) add_part(self, &self->parts[i], &json);
    kedge_json_close(&json, ']');
    kedge_json_key(&json, "pairs");
    kedge_json_open(&json, '[');
    for (int p = 0; p < self->n_pairs; p++) add_between(self, &self->between[p], &json);
    kedge_json_close(&json, ']');
    kedge_json_close(&json, '}');
    kedge_text_add(text, "\n");
}
