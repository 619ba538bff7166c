/* fill.h - inside of dataset: how each kind fills one. */
#ifndef DATA_FILL_H
#define DATA_FILL_H

#include "data/dataset.h"

/* Bounds that keep a hostile or mistaken file from costing much. */
enum {
    KEDGE_DATA_CSV_BYTES = 64 << 20,
    KEDGE_DATA_NPY_BYTES = 512 << 20,
    KEDGE_DATA_COLUMNS = 65536, /* of a table */
    KEDGE_DATA_WIDTH = 4096     /* features, and targets */
};

/* Each allocates from dataset->arena and sets points, columns, barred columns, features, targets and their
 * names; no targets asked for: n_targets stays 0. 'options' are within the bounds of the field table. False
 * after an error, which is in 'errors'. */
bool kedge_fill_rgb_grid(kedge_dataset *dataset, const kedge_data_options *options, kedge_errors *errors);
bool kedge_fill_hsv_grid(kedge_dataset *dataset, const kedge_data_options *options, kedge_errors *errors);
bool kedge_fill_rgb_validation(kedge_dataset *dataset, kedge_errors *errors);
bool kedge_fill_csv(kedge_dataset *dataset, const kedge_data_options *options, const char *where,
                    kedge_errors *errors);
/* Adds the columns of a colour that are not there, to a filled table whose features are r, g and b in [0,1]. A column
 * of the table's own that has such a name keeps it, even if it is barred. */
bool kedge_fill_colour_columns(kedge_dataset *dataset, kedge_errors *errors);
bool kedge_fill_npy(kedge_dataset *dataset, const kedge_data_options *options, const char *where,
                    kedge_errors *errors);

#endif
