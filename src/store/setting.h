/* setting.h - settings as they stand in a store: one JSON object on one line, the same text for the same settings. */
#ifndef STORE_SETTING_H
#define STORE_SETTING_H

#include "base/text.h"

/* A text in quotes, with what JSON wants escaped. It is UTF-8 already. */
void kedge_json_add_text(kedge_text *text, const char *string);

/* A path of a recipe and the value it is given, as it is written behind '--set PATH='. */
typedef struct kedge_setting {
    const char *path, *value;
} kedge_setting;

/* A value as it is kept and compared: a finite number in its shortest form that reads back the same (5e-1, .50 and 0.5
 * are 0.5), true and false, or a JSON string. */
void kedge_setting_add_value(kedge_text *text, const char *value);

/* {"path":value,...}, paths in the order of their bytes, no blanks; "{}" for none. Each path once. */
kedge_status kedge_setting_json(kedge_text *text, const kedge_setting *settings, size_t n);

#endif
