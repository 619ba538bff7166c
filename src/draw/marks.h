/* marks.h - names along the x axis of a chart. */
#ifndef DRAW_MARKS_H
#define DRAW_MARKS_H

/* A stretch, from 'from' to the next one's, the last to the end of the panel: a phase. */
typedef struct kedge_stretch {
    double from;
    const char *text; /* NULL: no name, not shaded */
} kedge_stretch;

/* A place: an action. */
typedef struct kedge_place {
    double at;
    const char *text; /* NULL: none */
} kedge_place;

#endif
