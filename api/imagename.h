/*
 * imagename.h - names of images as the runtime reads them (github.com/distribution/reference):
 * [registry/]path[:tag][@digest].
 *
 * Threads: any. Tests: tests/unit/api/test_imagename.c
 */
#ifndef API_IMAGENAME_H
#define API_IMAGENAME_H

#include "base/slice.h"

/* Does the name mean the newest image: no tag and no digest, or the tag "latest"? A name that is
 * none does not. */
bool imagename_is_latest(const char *name);

#endif
