/* kedge.h - all of kedge's public headers. */
#ifndef KEDGE_KEDGE_H
#define KEDGE_KEDGE_H

#include "kedge/certify.h"
#include "kedge/context.h"
#include "kedge/draw.h"
#include "kedge/evaluate.h"
#include "kedge/labels.h"
#include "kedge/lint.h"
#include "kedge/lr_find.h"
#include "kedge/model.h"
#include "kedge/recipe.h"
#include "kedge/report.h"
#include "kedge/run.h"
#include "kedge/schedule.h"
#include "kedge/status.h"
#include "kedge/sweep.h"
#include "kedge/store.h"
#include "kedge/surgery.h"
#include "kedge/table.h"
#include "kedge/version.h"
#include "kedge/video.h"
#include "kedge/view.h"

#endif
