/* sobol.h - points that fill a cube evenly: the first N of them leave no large gap, for any N. */
#ifndef RUN_SOBOL_H
#define RUN_SOBOL_H

#include <stdint.h>

enum { KEDGE_SOBOL_DIMS = 21 }; /* as many as there are direction numbers for */

/* Coordinate 'dim' in [0, KEDGE_SOBOL_DIMS) of point 'index', as a fraction of 2^32. The sequence of Sobol in the order
 * of Gray codes (Antonov and Saleev), plain: not scrambled, nothing skipped, so that point 0 is the origin. The first
 * points in two dimensions are (0, 0), (1/2, 1/2), (3/4, 1/4), (1/4, 3/4), (3/8, 3/8), (7/8, 7/8). Direction numbers:
 * Joe and Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30 (2008),
 * their set D(6). */
uint32_t kedge_sobol(int dim, uint32_t index);

#endif
