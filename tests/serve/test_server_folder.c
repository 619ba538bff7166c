/* test_server_folder.c - which runs a folder has, and what the list says of them. */
#include "serve/server_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "failing_alloc.h"
#include "unit.h"

typedef struct bench {
    kedge_context *ctx;
    char top[64];
} bench;

static void put(bench *self, const char *name, const char *bytes)
{
    char path[256], folder[256];
    snprintf(path, sizeof path, "%s/%s", self->top, name);
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    assert_int_equal(kedge_make_directory(folder), KEDGE_OK);
    assert_int_equal(kedge_file_write(self->ctx, path, bytes, strlen(bytes)), KEDGE_OK);
}

/* Whether a model is one is no question here: it is asked when it is opened. */
static void put_run(bench *self, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/recipe.yaml", name);
    put(self, path, "title: t\n");
    snprintf(path, sizeof path, "%s/seed-3/model.safetensors", name);
    put(self, path, "m");
}

static void begin(bench *self)
{
    assert_int_equal(kedge_context_create(&self->ctx, NULL), KEDGE_OK);
    snprintf(self->top, sizeof self->top, "/tmp/kedge-folder-XXXXXX");
    assert_non_null(mkdtemp(self->top));
}

static void end(bench *self)
{
    assert_int_equal(kedge_remove_tree(self->top), KEDGE_OK);
    kedge_context_free(self->ctx);
}

static void test_finds_runs_in_folders_in_order(void **state)
{
    bench self;
    kedge_folder folder;
    (void)state;
    begin(&self);
    put_run(&self, "run-10");
    put_run(&self, "run-9");
    put_run(&self, "more/inner");
    put(&self, "notes.txt", "no run");
    put(&self, "recipe-only/recipe.yaml", "title: t\n");
    put(&self, "models-only/seed-0/model.safetensors", "m");
    put_run(&self, ".hidden");
    put_run(&self, "run-9/inside");
    assert_int_equal(kedge_folder_read(&folder, self.ctx, self.top), KEDGE_OK);
    assert_int_equal(folder.n, 3);
    assert_string_equal(folder.runs[0].name, "more/inner");
    assert_string_equal(folder.runs[1].name, "run-9");
    assert_string_equal(folder.runs[2].name, "run-10");
    kedge_folder_release(&folder);
    end(&self);
}

static void test_only_names_of_the_list_have_a_path(void **state)
{
    static const char *const bad[] = {"", ".", "..", "run/", "./run", "run/../run", "/run", "RUN", "run/seed-3",
                                      "recipe-only"};
    bench self;
    kedge_folder folder;
    char path[256];
    (void)state;
    begin(&self);
    put_run(&self, "run");
    put(&self, "recipe-only/recipe.yaml", "title: t\n");
    assert_int_equal(kedge_folder_read(&folder, self.ctx, self.top), KEDGE_OK);
    snprintf(path, sizeof path, "%s/run", self.top);
    assert_string_equal(kedge_folder_path(&folder, "run"), path);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kedge_folder_path(&folder, bad[i])) fail_msg("'%s' has a path", bad[i]);
    kedge_folder_release(&folder);
    end(&self);
}

static void test_depth_has_a_bound(void **state)
{
    bench self;
    kedge_folder folder;
    (void)state;
    begin(&self);
    put_run(&self, "a/b/c/run");
    put_run(&self, "a/b/c/d/run");
    assert_int_equal(kedge_folder_read(&folder, self.ctx, self.top), KEDGE_OK);
    assert_int_equal(folder.n, 1);
    assert_string_equal(folder.runs[0].name, "a/b/c/run");
    kedge_folder_release(&folder);
    end(&self);
}

static void test_the_list_has_medians(void **state)
{
    bench self;
    kedge_folder folder;
    kedge_text json;
    (void)state;
    begin(&self);
    put_run(&self, "odd & even");
    put(&self, "odd & even/summary.csv", "seed,status,score,recon_mse\n0,ok,1,0.5\n1,failed,,\n2,ok,3,0.25\n3,ok,8,\n");
    put_run(&self, "plain");
    kedge_text_init(&json, self.ctx);
    assert_int_equal(kedge_folder_read(&folder, self.ctx, self.top), KEDGE_OK);
    assert_int_equal(kedge_folder_list(&folder, "all", &json), KEDGE_OK);
    const char *list = kedge_text_string(&json);
    assert_non_null(strstr(list, "{\"name\":\"odd & even\",\"href\":\"?run=odd%20%26%20even\","
                                 "\"values\":{\"seeds\":1,\"failed\":1,\"median score\":3,"
                                 "\"median recon_mse\":0.375}}"));
    assert_non_null(strstr(list, "{\"name\":\"plain\",\"href\":\"?run=plain\",\"values\":{\"seeds\":1,"
                                 "\"failed\":null,\"median score\":null,\"median recon_mse\":null}}"));
    kedge_text_release(&json);
    kedge_folder_release(&folder);
    end(&self);
}

static void test_lack_of_memory_leaves_nothing(void **state)
{
    bench self;
    (void)state;
    begin(&self);
    put_run(&self, "run");
    put(&self, "run/summary.csv", "seed,status,score\n0,ok,1\n");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options own = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_folder folder = {0};
        kedge_text json = {0};
        kedge_status status = kedge_context_create(&ctx, &own);
        if (!status) {
            kedge_text_init(&json, ctx);
            status = kedge_folder_read(&folder, ctx, self.top);
            if (!status) status = kedge_folder_list(&folder, "all", &json);
            kedge_text_release(&json);
            kedge_folder_release(&folder);
        }
        assert_true(status == KEDGE_OK || status == KEDGE_ENOMEM);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
    end(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_runs_in_folders_in_order),
        cmocka_unit_test(test_only_names_of_the_list_have_a_path),
        cmocka_unit_test(test_depth_has_a_bound),
        cmocka_unit_test(test_the_list_has_medians),
        cmocka_unit_test(test_lack_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
