/* field.h - how an options struct looks in a user's file: one table makes parser, messages, dump and reference. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kedge_ints {
    int n;
    const int64_t *at;
} kedge_ints;

typedef struct kedge_reals {
    int n;
    const double *at;
} kedge_reals;

typedef struct kedge_texts {
    int n;
    const char *const *at;
} kedge_texts;

/* name: number pairs, in file order. */
typedef struct kedge_weights {
    int n;
    const char *const *names;
    const double *values;
} kedge_weights;

/* An expression over a data set's columns, and where it stood ("file:line:column" of its first character). */
typedef struct kedge_formula {
    const char *text; /* NULL: none */
    const char *where;
} kedge_formula;

typedef enum kedge_field_type {
    KEDGE_FIELD_BOOL,    /* bool */
    KEDGE_FIELD_INT,     /* int64_t */
    KEDGE_FIELD_REAL,    /* double */
    KEDGE_FIELD_TEXT,    /* const char * */
    KEDGE_FIELD_CHOICE,  /* int: index into 'choices' */
    KEDGE_FIELD_FORMULA, /* kedge_formula; a plain number is a formula too */
    KEDGE_FIELD_INTS,    /* kedge_ints */
    KEDGE_FIELD_REALS,   /* kedge_reals */
    KEDGE_FIELD_TEXTS,   /* kedge_texts */
    KEDGE_FIELD_WEIGHTS  /* kedge_weights */
} kedge_field_type;

typedef struct kedge_field {
    const char *key;
    kedge_field_type type;
    size_t offset;              /* in the options struct */
    double min, max;            /* of a number, of each number of a list; both 0: any finite number */
    const char *const *choices; /* for CHOICE, ended by NULL */
    const char *fallback;       /* YAML text of the default; NULL: required; "": may be absent (0, NULL, empty) */
    const char *doc;            /* one sentence for the reference, units included */
} kedge_field;

/* A named variant of something ("kind: anchor") and the keys that belong to it. */
typedef struct kedge_variant {
    const char *name;
    const char *doc;
    const kedge_field *fields;
    int n_fields;
} kedge_variant;

#endif
