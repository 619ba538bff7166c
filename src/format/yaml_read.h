/* yaml_read.h - what yaml.c and yaml_path.c share. */
#ifndef FORMAT_YAML_READ_H
#define FORMAT_YAML_READ_H

#include "format/yaml.h"

/* The one document in 'bytes' (valid UTF-8), its root at 'depth' levels, or NULL after an error. Without 'placed'
 * nodes have line 0 and messages are 'name: ...'. */
kedge_yaml *kedge_yaml_read(kedge_arena *arena, const char *name, bool placed, int depth, const char *bytes,
                            size_t length, kedge_errors *errors);

#endif
