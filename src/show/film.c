/* film.c - a run as a video. */
#include "draw/film.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/pool.h"
#include "draw/video.h"
#include "kedge/video.h"
#include "show/cloud.h"
#include "show/phases.h"
#include "show/show.h"

enum { FRAMES_MIN = 2, FRAMES_MAX = 99999, EXTENT_RECORDS = 256 };

static const double EASE = 2.5;   /* e^EASE: how much faster steps go by at the end than at the beginning */
static const double LEAST = 1e-6; /* steps that are as good as none */

/* A state of the run, and which it is. */
typedef struct state {
    int record; /* -1: none yet */
    float *latents; /* [points][k] */
} state;

typedef struct movie {
    kedge_show show;
    kedge_video_options options;
    kedge_replay *replay;
    kedge_cloud cloud;
    kedge_film *film;
    kedge_encoder *encoder;
    size_t size;          /* of latents */
    bool unit;
    state near[2];        /* the records before and after the step that was asked for last */
    float *now, *next;    /* latents of this frame and of the one after it */
    double *sum;          /* [points][k] */
    float *last;          /* at the end of the run */
    float *low, *high;    /* [k] */
    const char **terms;
    kedge_phases phases;
} movie;

/* ---- which step a frame shows */

/* Frames at either end that stand. */
static int held_frames(const kedge_video_options *options)
{
    int half_second = options->fps / 2, most = options->frames / 4;
    return half_second < most ? half_second : most;
}

static double step_of(const movie *self, double frame)
{
    int held = held_frames(&self->options), moving = self->options.frames - 1 - 2 * held;
    double t = moving > 0 ? (frame - held) / moving : frame > held;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    int end = self->replay->at[self->replay->n_records - 1];
    return end * (exp(EASE * t) - 1) / (exp(EASE) - 1);
}

/* ---- latents around a step */

static const float *latents_of(movie *self, int record)
{
    for (int i = 0; i < 2; i++)
        if (self->near[i].record == record) return self->near[i].latents;
    /* The lower of the two gives way, as steps ascend. */
    state *to = self->near[0].record < self->near[1].record ? &self->near[0] : &self->near[1];
    kedge_replay_seek(self->replay, record);
    memcpy(to->latents, self->replay->evaluator->latents, self->size * sizeof *to->latents);
    to->record = record;
    return to->latents;
}

/* Adds weight x latents at a step, on the straight line between the records around it. */
static void add_latents(movie *self, int record, double step, double weight)
{
    const kedge_replay *replay = self->replay;
    bool end = record == replay->n_records - 1;
    const float *from = latents_of(self, record), *to = end ? from : latents_of(self, record + 1);
    double share = end ? 0 : (step - replay->at[record]) / (replay->at[record + 1] - replay->at[record]);
    for (size_t i = 0; i < self->size; i++)
        self->sum[i] += weight * (from[i] + share * ((double)to[i] - (double)from[i]));
}

/* What frame i shows: the mean over the steps from halfway to the frame before to halfway to the one after. A frame
 * that showed one step of many would flicker, as points jitter from update to update. */
static void find_latents(movie *self, int frame, float *out)
{
    const kedge_replay *replay = self->replay;
    double from = step_of(self, frame - 0.5), to = step_of(self, frame + 0.5), total = fmax(to - from, LEAST);
    memset(self->sum, 0, self->size * sizeof *self->sum);
    if (to - from < LEAST) add_latents(self, kedge_replay_find(replay, (int)from), from, LEAST);
    while (to - from >= LEAST) { /* the mean of a straight line is its middle */
        int record = kedge_replay_find(replay, (int)from);
        double end = record + 1 < replay->n_records ? fmin(to, replay->at[record + 1]) : to;
        add_latents(self, record, (from + end) / 2, end - from);
        from = end;
    }
    size_t k = (size_t)replay->evaluator->n_latents;
    for (size_t i = 0; i < self->size; i += k) {
        double square = 0;
        for (size_t d = 0; d < k; d++) square += self->sum[i + d] * self->sum[i + d];
        double length = self->unit && square > 0 ? sqrt(square) : total;
        for (size_t d = 0; d < k; d++) out[i + d] = (float)(self->sum[i + d] / length);
    }
}

/* Least and greatest latents of the run, of some records spread over it. */
static void find_extent(movie *self)
{
    int n = self->replay->n_records, some = n < EXTENT_RECORDS ? n : EXTENT_RECORDS;
    int k = self->replay->evaluator->n_latents;
    for (int i = 0; i < some; i++) {
        int record = some > 1 ? (int)((long long)i * (n - 1) / (some - 1)) : n - 1;
        const float *at = latents_of(self, record);
        for (size_t j = 0; j < self->size; j++) {
            int d = (int)(j % (size_t)k);
            if (i == 0 && j < (size_t)k) self->low[d] = self->high[d] = at[j];
            if (at[j] < self->low[d]) self->low[d] = at[j];
            if (at[j] > self->high[d]) self->high[d] = at[j];
        }
    }
    memcpy(self->last, latents_of(self, n - 1), self->size * sizeof *self->last);
    self->near[0].record = self->near[1].record = -1;
}

/* ---- the film */

static kedge_status allocate(movie *self)
{
    kedge_arena *arena = &self->show.arena;
    const kedge_evaluator *evaluator = self->replay->evaluator;
    size_t k = (size_t)evaluator->n_latents;
    self->size = (size_t)evaluator->dataset->points * k;
    for (int i = 0; i < 2; i++)
        self->near[i] = (state){-1, kedge_arena_alloc(arena, self->size, sizeof *self->near[i].latents)};
    self->now = kedge_arena_alloc(arena, self->size, sizeof *self->now);
    self->next = kedge_arena_alloc(arena, self->size, sizeof *self->next);
    self->sum = kedge_arena_alloc(arena, self->size, sizeof *self->sum);
    self->last = kedge_arena_alloc(arena, self->size, sizeof *self->last);
    self->low = kedge_arena_alloc(arena, k, sizeof *self->low);
    self->high = kedge_arena_alloc(arena, k, sizeof *self->high);
    self->terms = kedge_arena_alloc(arena, (size_t)self->replay->n_terms, sizeof *self->terms);
    if (!self->near[0].latents || !self->near[1].latents || !self->now || !self->next || !self->sum || !self->last ||
        !self->low || !self->high || !self->terms)
        return kedge_fail_memory("a video");
    for (int i = 0; i < self->replay->n_terms; i++) self->terms[i] = self->replay->recipe->terms[i].name;
    return KEDGE_OK;
}

static kedge_status open_film(movie *self)
{
    kedge_show *show = &self->show;
    const kedge_replay *replay = self->replay;
    const char *seed = kedge_show_seed_text(show);
    kedge_film_input in = {
        .width = self->options.width, .height = self->options.height, .dark = self->options.dark != 0,
        .title = kedge_show_title(show, "training"),
        .n = self->cloud.n, .k = replay->evaluator->n_latents, .rgb = self->cloud.rgb, .shade = self->cloud.shade,
        .unit = self->unit, .low = self->low, .high = self->high, .last = self->last,
        .n_pairs = self->options.n_pairs, .pairs = self->options.pairs,
        .n_anchors = self->cloud.n_anchors, .anchors = self->cloud.anchors,
        .steps = replay->steps, .lr = replay->lr, .n_terms = replay->n_terms, .terms = self->terms,
        .weights = replay->weights, .losses = replay->losses,
    };
    const char *caveat = kedge_show_caveat(show, replay->exact);
    if (seed)
        in.subtitle = kedge_arena_format(&show->arena, "%s, %d points%s%s", seed, in.n, caveat ? "; " : "",
                                         caveat ? caveat : "");
    if (!in.subtitle) return kedge_fail_memory("a video");
    kedge_status status = kedge_phases_find(&self->phases, &show->arena, replay->recipe->sheet,
                                            kedge_phases_reach(replay->recipe, (int)replay->recipe->steps),
                                            replay->worker->gates);
    in.n_phases = self->phases.n_phases;
    in.phases = self->phases.phases;
    return status ? status : kedge_film_create(&self->film, show->ctx, &in);
}

static kedge_status gather(movie *self)
{
    kedge_model *model = NULL;
    kedge_status status = kedge_show_model(&self->show, &model);
    if (!status) status = kedge_show_replay(&self->show, &self->replay);
    if (!status) status = allocate(self);
    if (status) return status;
    const kedge_recipe *recipe = self->replay->recipe;
    self->unit = recipe->model.normalize;
    find_extent(self);
    return kedge_cloud_init(&self->cloud, &self->show.arena, recipe, self->replay->evaluator->n_latents, NULL);
}

/* ---- frames */

static kedge_status draw_frames(movie *self)
{
    int total = self->options.frames;
    double step = step_of(self, 0);
    find_latents(self, 0, self->now);
    for (int i = 0; i < total; i++) {
        if (kedge_stopped(self->options.stop))
            return kedge_fail(KEDGE_ECANCELLED, "stopped after %d of %d frames; nothing was written", i, total);
        double after = step_of(self, i + 1 < total ? i + 1 : i), since = step_of(self, i - 0.5);
        bool moves = after != step || step != since;
        uint32_t *pixels;
        kedge_status status = kedge_encoder_begin(self->encoder, &pixels);
        if (status) return status;
        if (moves) find_latents(self, i + 1, self->next);
        kedge_film_frame frame = {.latents = self->now, .next = moves ? self->next : NULL, .step = step,
                                  .phase = kedge_phases_at(&self->phases, step)};
        kedge_film_draw(self->film, &frame, pixels);
        kedge_encoder_end(self->encoder);
        if (self->options.progress) self->options.progress(i + 1, total, self->options.progress_payload);
        if (moves) {
            float *swap = self->now;
            self->now = self->next;
            self->next = swap;
        }
        step = after;
    }
    return KEDGE_OK;
}

static kedge_status make(movie *self, const char *path)
{
    kedge_encoder_options format = {.width = self->options.width, .height = self->options.height,
                                    .fps = self->options.fps, .quality = self->options.quality};
    kedge_status status = gather(self);
    if (!status) status = open_film(self);
    format.title = status ? NULL : kedge_show_title(&self->show, "training");
    if (!status) status = kedge_encoder_open(&self->encoder, self->show.ctx, path, &format);
    if (!status) {
        status = draw_frames(self);
        if (status) kedge_encoder_abort(self->encoder);
        else status = kedge_encoder_commit(self->encoder);
    }
    kedge_film_free(self->film);
    return status;
}

kedge_status kedge_video(kedge_context *context, const char *input, const kedge_video_options *options,
                         const char *path)
{
    movie self = {.options = KEDGE_VIDEO_OPTIONS_INIT};
    if (options) self.options = *options;
    if (self.options.width == 0) self.options.width = 1280;
    if (self.options.height == 0) self.options.height = 720;
    if (self.options.frames == 0) self.options.frames = 600;
    if (self.options.fps == 0) self.options.fps = 30;
    if (self.options.frames < FRAMES_MIN || self.options.frames > FRAMES_MAX)
        return kedge_fail(KEDGE_EINVALID, "%s: %d frames make no video; there are %d to %d", path, self.options.frames,
                          FRAMES_MIN, FRAMES_MAX);
    kedge_encoder_options format = {.width = self.options.width, .height = self.options.height,
                                    .fps = self.options.fps, .quality = self.options.quality};
    kedge_status status = kedge_encoder_check(path, &format);
    if (status) return status;
    kedge_draw_options draw = KEDGE_DRAW_OPTIONS_INIT;
    draw.title = self.options.title;
    draw.seed = self.options.seed;
    kedge_show_init(&self.show, context, input, &draw);
    status = make(&self, path);
    kedge_show_release(&self.show);
    return status;
}

int kedge_video_supported(void)
{
    return kedge_video_load() == KEDGE_OK;
}
