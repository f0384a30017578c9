/*
 * image_name.h - is a text the name of an image? Pure.
 *
 * The rules and the words are those of github.com/distribution/reference (ParseNormalizedNamed),
 * which kubelet asks before it asks the runtime.
 *
 * Threads: any.
 * Fails:   never; what is wrong is the answer.
 * Tests:   tests/unit/agent/test_image_name.c, tests/fuzz/fuzz_image_name.c
 */
#ifndef AGENT_IMAGE_NAME_H
#define AGENT_IMAGE_NAME_H

#include "base/arena.h"

/* What is wrong with it, in the arena; NULL: nothing. */
const char *image_name_error(Arena *a, const char *image);
/* Is the tag missing or "latest"? */
bool image_is_latest(const char *image);

#endif
